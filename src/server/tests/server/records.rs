//! Records in the server's own database, a file below the data folder.

use std::path::Path;

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use xinghuo_server::Records;

const FILES: [&str; 2] = ["xinghuo.sqlite", "xinghuo.sqlite-wal"];

/// Where a new deployment with this data folder keeps its records.
pub(crate) fn empty(data: &Path) -> Records {
    Records::in_folder(data.to_owned())
}

/// Does something behind the server's back; `$1` is the number.
pub(crate) async fn meddle(records: &Records, sql: &'static str, number: i64) {
    let query = sqlx::query(sql).bind(number);
    query.execute(&mut open(records).await).await.expect("rows");
}

/// Changes the schema behind the server's back.
pub(crate) async fn change(records: &Records, sql: &'static str) {
    let changed = sqlx::query(sql).execute(&mut open(records).await).await;
    changed.expect("it is changed");
}

/// How many rows a table has.
pub(crate) async fn count(records: &Records, table: &str) -> i64 {
    let all = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    let count = sqlx::query_scalar(all);
    let count = count.fetch_one(&mut open(records).await).await;
    count.expect("a number")
}

/// Every table with each of its columns.
pub(crate) async fn columns(records: &Records) -> Vec<(String, String)> {
    let all = "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
        where m.type in ('table', 'view') and m.name not like 'sqlite_%'";
    let all = sqlx::query_as(all)
        .fetch_all(&mut open(records).await)
        .await;
    all.expect("columns")
}

/// The tables whose rows refer to a visit.
pub(crate) async fn of_visits(records: &Records) -> Vec<String> {
    let all = "select m.name from sqlite_master m, pragma_foreign_key_list(m.name) f
        where m.type = 'table' and f.\"table\" = 'visits'";
    let all = sqlx::query_scalar(all)
        .fetch_all(&mut open(records).await)
        .await;
    all.expect("tables")
}

/// Whether a text is anywhere on the disk.
pub(crate) fn hold(records: &Records, text: &str) -> bool {
    FILES.iter().any(|name| {
        let bytes = std::fs::read(folder(records).join(name)).unwrap_or_default();
        let mut parts = bytes.windows(text.len());
        parts.any(|part| part == text.as_bytes())
    })
}

async fn open(records: &Records) -> SqliteConnection {
    let file = folder(records).join(FILES[0]);
    let options = SqliteConnectOptions::new().filename(file);
    options.connect().await.expect("the database opens")
}

fn folder(records: &Records) -> &Path {
    records.data.as_deref().expect("a folder")
}
