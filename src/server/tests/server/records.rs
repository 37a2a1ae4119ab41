//! Records in the server's own database, a file below the data folder.

use std::path::Path;

use sqlx::{
    AssertSqlSafe, ConnectOptions, SqliteConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};
use xinghuo_server::Records;

use crate::upgrading::migrations;

const FILES: [&str; 2] = ["xinghuo.sqlite", "xinghuo.sqlite-wal"];

/// Where a new deployment with this data folder keeps its records.
pub(crate) fn empty(data: &Path) -> Records {
    Records::in_folder(data.to_owned())
}

/// The folder of its migrations, and the first of them that made the tables as they are.
pub(crate) const MIGRATIONS: (&str, i64) = ("sqlite", 2);

/// What bytes in hexadecimal digits stand between.
pub(crate) const BYTES: [&str; 2] = ["x'", "'"];

/// Does something behind the server's back; `$1` is the number.
pub(crate) async fn meddle(records: &Records, sql: &'static str, number: i64) {
    let query = sqlx::query(sql).bind(number);
    query
        .execute(&mut connect(records).await)
        .await
        .expect("rows");
}

/// Changes the schema behind the server's back.
pub(crate) async fn change(records: &Records, sql: &'static str) {
    let changed = sqlx::query(sql).execute(&mut connect(records).await).await;
    changed.expect("it is changed");
}

/// How many rows a table has.
pub(crate) async fn count(records: &Records, table: &str) -> i64 {
    let mut database = connect(records).await;
    let all = AssertSqlSafe(format!("select count(*) from {table}"));
    let count = sqlx::query_scalar(all).fetch_one(&mut database);
    count.await.expect("a number")
}

/// The tables whose rows refer to a visit.
pub(crate) async fn of_visits(records: &Records) -> Vec<String> {
    let all = "select m.name from sqlite_master m, pragma_foreign_key_list(m.name) f
        where m.type = 'table' and f.\"table\" = 'visits'";
    let all = sqlx::query_scalar(all)
        .fetch_all(&mut connect(records).await)
        .await;
    all.expect("tables")
}

/// Makes an empty database as the version with migrations up to `last` did.
pub(crate) async fn make_before(records: &Records, last: i64) {
    let mut steps = migrations(MIGRATIONS.0);
    steps.retain(|step| step.version <= last);
    let made = Migrator::with_migrations(steps);
    let made = made.run(&mut connect(records).await).await;
    made.expect("it is made");
}

/// Every table with each of its columns.
pub(crate) async fn columns(records: &Records) -> Vec<(String, String)> {
    let columns = sqlx::query_as(
        "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c
         where t.type in ('table', 'view') and t.name not like 'sqlite%'
         order by t.name, c.cid",
    );
    let mut database = connect(records).await;
    let columns = columns.fetch_all(&mut database).await;
    columns.expect("columns")
}

/// The rows of a table, each as it could be inserted.
pub(crate) async fn rows(records: &Records, table: &str, columns: &[String]) -> Vec<String> {
    let columns = columns.iter().map(|column| format!("quote({column})"));
    let row = columns.collect::<Vec<_>>().join(" || ', ' || ");
    let all = AssertSqlSafe(format!("select {row} from {table} order by 1"));
    let mut database = connect(records).await;
    let rows = sqlx::query_scalar(all).fetch_all(&mut database).await;
    rows.expect("rows")
}

/// Inserts what refers to each other in any order.
pub(crate) async fn insert(records: &Records, sql: &str) {
    let sql = format!("pragma foreign_keys = off; begin; {sql} commit;");
    let mut database = connect(records).await;
    let done = sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut database)
        .await;
    done.expect("rows");
}

async fn connect(records: &Records) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(folder(records).join(FILES[0]))
        .create_if_missing(true);
    options.connect().await.expect("the database opens")
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
