//! Records in the server's own database, a file below the data folder.

use std::path::Path;

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use xinghuo_server::Records;

const FILES: [&str; 2] = ["xinghuo.sqlite", "xinghuo.sqlite-wal"];

/// Where a new deployment with this data folder keeps its records.
pub(crate) fn empty(data: &Path) -> Records {
    Records::in_folder(data.to_owned())
}

/// Does something behind the server's back; `$1` is the number.
pub(crate) async fn meddle(records: &Records, sql: &'static str, number: i64) {
    let file = folder(records).join(FILES[0]);
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = options.connect().await.expect("the database opens");
    let query = sqlx::query(sql).bind(number);
    query.execute(&mut database).await.expect("rows");
}

/// How many rows a table has.
pub(crate) async fn count(records: &Records, table: &str) -> i64 {
    let file = folder(records).join(FILES[0]);
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = options.connect().await.expect("the database opens");
    let all = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    let count = sqlx::query_scalar(all).fetch_one(&mut database);
    count.await.expect("a number")
}

/// Whether a text is anywhere on the disk.
pub(crate) fn hold(records: &Records, text: &str) -> bool {
    FILES.iter().any(|name| {
        let bytes = std::fs::read(folder(records).join(name)).unwrap_or_default();
        let mut parts = bytes.windows(text.len());
        parts.any(|part| part == text.as_bytes())
    })
}

fn folder(records: &Records) -> &Path {
    records.data.as_deref().expect("a folder")
}
