//! Records that move between the two databases, and a PostgreSQL of the version before.

use sqlx::{
    Connection, PgConnection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};
use xinghuo_server::Records;

use crate::{
    place::Place,
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

#[tokio::test]
async fn a_database_of_before_the_chain_is_upgraded() {
    let place = Place::new();
    let url = place.records.database_url.as_deref().expect("an address");
    let mut before = PgConnection::connect(url).await.expect("it opens");
    let sql = include_str!("../../migrations/postgres/0001_records.sql").into_sql_str();
    let first = Migration::new(1, "records".into(), MigrationType::Simple, sql, false);
    let made = Migrator::with_migrations(vec![first])
        .run(&mut before)
        .await;
    made.expect("it is made");
    for sql in [
        "insert into terms (kind, name) values (0, 'account x xinghuo')",
        "insert into authorities (term, agent) values (1, '{}')",
        "insert into statements (id, statement, stored_us, authority) values ('\\x01', '{}', 5, 1)",
        "insert into statements (id, statement, stored_us, authority, target)
         values ('\\x02', '{\"a\":1}', 6, 1, '\\x01')",
    ] {
        sqlx::query(sql).execute(&mut before).await.expect("a row");
    }
    let upgraded = verify(&place.records).await.expect("no breach");
    assert!(upgraded.starts_with("2 statements"), "{upgraded}");
    assert_eq!(verify(&place.records).await.expect("no breach"), upgraded);
}
