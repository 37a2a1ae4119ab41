//! A database of the version before holds, once it is upgraded, what a new one would.

use serde_json::Value;
use sqlx::SqlitePool;
use xinghuo_wire::lrs::Filter;

use super::{Derived, keep_derived};
use crate::store::{Store, database_of};

const VISIT: &str = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

/// The statements of a visit: id and JSON, in their order.
fn told() -> Vec<(String, String)> {
    let told = include_str!("../../../../wire/tests/data/statements.json");
    let told: Vec<Value> = serde_json::from_str(told).expect("statements");
    let printed = told.iter().map(|it| {
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
    for query in [
        "select position || ' ' || hex(id) || statement || coalesce(version, '') || visit
             from statements order by position",
        "select position || ' ' || reach || ' ' || kind || ' ' || name
             from links join terms on key = term order by position, reach, kind, name",
        "select name || definition from definitions join terms on key = term order by name",
        "select name || agent from authorities join terms on terms.key = term order by agent",
        "select kind || name from terms order by kind, name",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(store.readers())
            .await
            .expect("rows");
        assert!(!rows.is_empty(), "{query}");
        dump += &(rows.join("\n") + "\n\n");
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
    let upgraded = Store::open(old.path()).await.expect("it is upgraded");

    let fresh = Store::open(new.path()).await.expect("it opens");
    let mut turn = fresh.turn().await.expect("a turn");
    sqlx::query("pragma defer_foreign_keys = on")
        .execute(turn.on())
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
    sqlx::query(
        "insert into visits
             (id, token_sha256, venue, package, language, seed, created_ms, rule_version)
         values (?, x'00', 'boat', 'p', 'en', 1, 1000, 1)",
    )
    .bind(VISIT)
    .execute(turn.on())
    .await
    .expect("a visit");
    turn.commit().await.expect("it is kept");

    assert_eq!(dumped(&upgraded).await, dumped(&fresh).await);
    let stored: Vec<i64> = sqlx::query_scalar("select stored_us from statements order by position")
        .fetch_all(upgraded.readers())
        .await
        .expect("times");
    assert!(stored.is_sorted_by(|a, b| a < b), "{stored:?}");
    assert!(stored.iter().all(|at| (4_000_000..=8_000_000).contains(at)));
    let page = upgraded
        .find(&Filter::default(), None)
        .await
        .expect("a page");
    assert_eq!(page.found.len(), told().len());
    upgraded.close().await;
    fresh.close().await;
}
