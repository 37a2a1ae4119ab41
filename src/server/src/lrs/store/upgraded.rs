//! A database of the version before holds, once it is upgraded, what a new one would.

use serde_json::Value;
use sqlx::SqlitePool;
use xinghuo_wire::lrs::Filter;

use super::{Derived, keep_derived};
use crate::{
    Records,
    store::{Store, database_of, query},
};

const VISIT: &str = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

/// The statements of a visit: id and JSON, in their order.
fn told() -> Vec<(String, String)> {
    let told = include_str!("../../../../wire/tests/data/statements.json");
    let told: Vec<Value> = serde_json::from_str(told).expect("statements");
    let printed = told.into_iter().map(|mut it| {
        // Statements of then did not name the profile that they follow.
        let above = it["context"]["contextActivities"].as_object_mut();
        above.expect("activities").remove("category");
        let id = it["id"].as_str().expect("an id").to_owned();
        (id, it.to_string())
    });
    printed.collect()
}

async fn add_visit(pool: &SqlitePool) {
    sqlx::query(
        "insert into visits
             (id, token_sha256, venue, package, language, seed, created_ms, rule_version)
         values (?, x'00', 'boat', 'p', 'en', 1, 1000, 1)",
    )
    .bind(VISIT)
    .execute(pool)
    .await
    .expect("a visit");
}

/// Everything that statements are found by, as one text.
async fn dumped(store: &Store) -> String {
    let mut dump = String::new();
    for rows in [
        "select position || ' ' || hex(id) || statement || coalesce(version, '') || visit
             from statements order by position",
        "select position || ' ' || reach || ' ' || kind || ' ' || name
             from links join terms on key = term order by position, reach, kind, name",
        "select name || definition from definitions join terms on key = term order by name",
        "select name || agent from authorities join terms on terms.key = term order by agent",
        "select kind || name from terms order by kind, name",
    ] {
        let mut reader = store.reader().await.expect("a reader");
        let rows: Vec<(String,)> = query(rows).all(&mut reader).await.expect("rows");
        assert!(!rows.is_empty());
        dump.extend(rows.into_iter().map(|(row,)| row + "\n"));
        dump += "\n";
    }
    dump
}

#[tokio::test]
async fn statements_of_before_are_found_like_those_of_now() {
    let (old, new) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let before = database_of(old.path(), 1).await;
    add_visit(&before).await;
    for (n, (id, json)) in told().into_iter().enumerate() {
        // Several were stored within one millisecond, and the clock was once set back.
        let stored_ms = [5_000, 5_000, 4_000, 7_000][n % 4];
        sqlx::query("insert into statements (id, visit, statement, stored_ms) values (?, ?, ?, ?)")
            .bind(id)
            .bind(VISIT)
            .bind(json)
            .bind(stored_ms)
            .execute(&before)
            .await
            .expect("a statement");
    }
    before.close().await;
    let upgraded = Store::open(&Records::in_folder(old.path().into()))
        .await
        .expect("it is upgraded");

    let fresh = Store::open(&Records::in_folder(new.path().into()))
        .await
        .expect("it opens");
    let mut turn = fresh.turn().await.expect("a turn");
    query("pragma defer_foreign_keys = on")
        .run(turn.on())
        .await
        .expect("a setting");
    for (id, json) in &told() {
        let derived = Derived {
            id,
            visit: VISIT,
            json,
        };
        keep_derived(turn.on(), &derived).await.expect("it is kept");
    }
    query(
        "insert into visits
             (id, token_sha256, venue, package, language, seed, created_ms, rule_version)
         values ($1, x'00', 'boat', 'p', 'en', 1, 1000, 1)",
    )
    .bind(VISIT)
    .run(turn.on())
    .await
    .expect("a visit");
    turn.commit().await.expect("it is kept");

    assert_eq!(dumped(&upgraded).await, dumped(&fresh).await);
    let stored = query("select stored_us from statements order by position");
    let stored: Vec<(i64,)> = stored
        .all(&mut upgraded.reader().await.expect("a reader"))
        .await
        .expect("times");
    let stored: Vec<_> = stored.into_iter().map(|(at,)| at).collect();
    assert!(stored.is_sorted_by(|a, b| a < b), "{stored:?}");
    assert!(stored.iter().all(|at| (4_000_000..=8_000_000).contains(at)));
    let page = upgraded
        .find(&Filter::default(), None)
        .await
        .expect("a page");
    assert_eq!(page.found.len(), told().len());
    let walked = upgraded.verify().await.expect("an answer");
    let walked = walked.expect("no breach");
    assert_eq!(walked.statements, told().len() as u64);
    upgraded.close().await;
    fresh.close().await;
}

#[tokio::test]
async fn statements_of_before_the_chain_are_put_into_it_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = database_of(folder.path(), 2).await;
    add_visit(&before).await;
    for sql in [
        "insert into terms (key, kind, name) values (1, 0, 'account x xinghuo')",
        "insert into authorities (key, term, agent) values (1, 1, '{}')",
        "insert into statements (position, id, visit, statement, stored_us, authority)
         select 3, x'01', id, '{}', 5, 1 from visits",
        "insert into statements (position, id, statement, stored_us, authority, version, target)
         values (7, x'02', '{\"a\":1}', 6, 1, '1.0.3', x'01')",
    ] {
        sqlx::query(sql).execute(&before).await.expect("a row");
    }
    before.close().await;
    let mut ends = Vec::new();
    for _ in 0..2 {
        let records = Records::in_folder(folder.path().into());
        let store = Store::open(&records).await.expect("it is upgraded");
        let walked = store.verify().await.expect("an answer").expect("no breach");
        assert_eq!((walked.statements, walked.erased), (2, 0));
        ends.push(walked.end);
        store.close().await;
    }
    assert_eq!(ends[0], ends[1]);
}
