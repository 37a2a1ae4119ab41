//! Records that move between the two databases, and a PostgreSQL of the version before.

use sqlx::PgConnection;
use xinghuo_server::Records;

use crate::{
    place::Place,
    records::{connect, make_before},
    upkeep::{back_up, fill, restore, verify},
};

#[tokio::test]
async fn records_move_to_a_file_and_back() {
    let (place, back) = (Place::new(), Place::new());
    let (server, recorder, visitor) = fill(&place).await;
    let (out, home) = (
        place.root.path().join("out.sqlite"),
        place.root.path().join("home.sqlite"),
    );
    back_up(&place.records, out.clone())
        .await
        .expect("a backup");
    let file = Records::in_folder(place.folder("data"));
    restore(&file, out).await.expect("it is put back");
    let mut config = place.config();
    config.records = file.clone();
    let embedded = crate::place::Running::with(config).await;
    let all = "/xapi/statements?ascending=true";
    let expected = recorder.get(&server, all).await.json();
    assert_eq!(recorder.get(&embedded, all).await.json(), expected);

    back_up(&file, home.clone()).await.expect("a backup");
    restore(&back.records, home).await.expect("it is put back");
    let again = back.start().await;
    assert_eq!(recorder.get(&again, all).await.json(), expected);
    let log = visitor.get(&server, "").await.json();
    assert_eq!(visitor.get(&again, "").await.json(), log);
    let told = verify(&place.records).await.expect("no breach");
    assert_eq!(ends(&verify(&file).await.expect("no breach")), ends(&told));
    let back = verify(&back.records).await.expect("no breach");
    assert_eq!(ends(&back), ends(&told));
}

/// What is said of the statements: who looked at which of the two is each one's own.
fn ends(told: &str) -> Vec<&str> {
    let lines = told.lines();
    lines.filter(|line| !line.contains("access log")).collect()
}

/// A database that a version with migrations up to `last` has made, with these rows in it.
pub(crate) async fn made_before(place: &Place, last: i64, rows: &[&'static str]) -> PgConnection {
    make_before(&place.records, last).await;
    let mut before = connect(&place.records).await;
    for sql in rows {
        sqlx::query(*sql).execute(&mut before).await.expect("a row");
    }
    before
}

#[tokio::test]
async fn a_database_of_before_the_chain_is_upgraded() {
    let place = Place::new();
    let rows = [
        "insert into terms (kind, name) values (0, 'account x xinghuo')",
        "insert into authorities (term, agent) values (1, '{}')",
        "insert into statements (id, statement, stored_us, authority) values ('\\x01', '{}', 5, 1)",
        "insert into statements (id, statement, stored_us, authority, target)
         values ('\\x02', '{\"a\":1}', 6, 1, '\\x01')",
    ];
    made_before(&place, 1, &rows).await;
    let upgraded = verify(&place.records).await.expect("no breach");
    assert!(upgraded.starts_with("2 statements"), "{upgraded}");
    assert_eq!(verify(&place.records).await.expect("no breach"), upgraded);
}

#[tokio::test]
async fn links_of_before_go_with_their_statements() {
    let place = Place::new();
    let rows = [
        "insert into terms (kind, name) values (0, 'account x xinghuo')",
        "insert into authorities (term, agent) values (1, '{}')",
        "insert into visits
             (id, token_sha256, venue, package, language, seed, created_ms, rule_version)
         values ('v', '', 'boat', 'p', 'en', 1, 1000, 1)",
        "insert into statements (id, visit, statement, stored_us, authority) values
             ('\\x01', null, '{}', 5, 1), ('\\x02', 'v', '{}', 6, 1), ('\\x03', null, '{}', 7, 1)",
        "insert into links (term, reach, position) select 1, 2, position from statements",
        "insert into unchained select position from statements",
    ];
    let mut on = made_before(&place, 70, &rows).await;
    verify(&place.records).await.expect("no breach");
    for (gone, left) in [
        ("delete from statements where id = '\\x01'", vec![2, 3]),
        ("delete from visits where id = 'v'", vec![3]),
    ] {
        sqlx::query(gone).execute(&mut on).await.expect("it goes");
        let links = sqlx::query_scalar("select position from links order by position");
        let links: Vec<i64> = links.fetch_all(&mut on).await.expect("links");
        assert_eq!(links, left);
    }
}

#[tokio::test]
async fn terms_of_before_are_there_once_and_found_by_their_names() {
    let place = Place::new();
    let rows = [
        "insert into terms (kind, name) values (1, 'https://a.example'), (2, 'https://a.example')",
        // With nothing else to go by, whichever way can be gone is gone.
        "analyze",
    ];
    let mut on = made_before(&place, 80, &rows).await;
    verify(&place.records).await.expect("no breach");
    for kind in [1, 2] {
        let again = sqlx::query("insert into terms (kind, name) values ($1, 'https://a.example')");
        let again = again.bind(kind).execute(&mut on).await;
        let error = again.expect_err("it is there").to_string();
        assert!(error.contains("terms_once"), "{error}");
    }
    sqlx::query("set enable_seqscan = off")
        .execute(&mut on)
        .await
        .expect("it is set");
    let way = "explain select key from terms where kind = 1 and name = 'https://a.example'";
    let way: Vec<String> = sqlx::query_scalar(way)
        .fetch_all(&mut on)
        .await
        .expect("a plan");
    let way = way.join("\n");
    assert!(way.contains("terms_by_name"), "{way}");
}
