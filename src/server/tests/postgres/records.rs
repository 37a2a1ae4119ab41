//! Records in PostgreSQL: one server of it for all tests, with a database for each.

use std::{path::Path, sync::LazyLock};

use sqlx::{
    AssertSqlSafe, ConnectOptions, PgConnection, migrate::Migrator, postgres::PgConnectOptions,
};
use xinghuo_server::Records;

use crate::{cluster::Cluster, upgrading::migrations};

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

/// Where a new deployment keeps its records, whatever its data folder.
pub(crate) fn empty(_data: &Path) -> Records {
    CLUSTER.empty()
}

/// The folder of its migrations, and the first of them that made the tables as they are.
pub(crate) const MIGRATIONS: (&str, i64) = ("postgres", 1);

/// What bytes in hexadecimal digits stand between.
pub(crate) const BYTES: [&str; 2] = ["'\\x", "'"];

/// What is next is after what was inserted.
const COUNT_ON: &str = "
    do $$
    declare it record;
    begin
        for it in select table_name, column_name from information_schema.columns
            where table_schema = current_schema() and is_identity = 'YES'
        loop
            execute format('select setval(pg_get_serial_sequence(%L, %L),
                (select coalesce(max(%I), 0) + 1 from %I), false)',
                it.table_name, it.column_name, it.column_name, it.table_name);
        end loop;
    end
    $$;
";

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
    let all = "select cast(conrelid::regclass as text) from pg_constraint
        where contype = 'f' and confrelid = 'visits'::regclass";
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
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema = current_schema()
         order by table_name, ordinal_position",
    );
    let mut database = connect(records).await;
    let columns = columns.fetch_all(&mut database).await;
    columns.expect("columns")
}

/// The rows of a table, each as it could be inserted.
pub(crate) async fn rows(records: &Records, table: &str, columns: &[String]) -> Vec<String> {
    let columns = columns
        .iter()
        .map(|column| format!("quote_nullable({column}::text)"));
    let row = columns.collect::<Vec<_>>().join(" || ', ' || ");
    let all = AssertSqlSafe(format!("select {row} from {table} order by 1"));
    let mut database = connect(records).await;
    let rows = sqlx::query_scalar(all).fetch_all(&mut database).await;
    rows.expect("rows")
}

/// Inserts what refers to each other in any order.
pub(crate) async fn insert(records: &Records, sql: &str) {
    let sql = format!("set session_replication_role = replica; {sql} {COUNT_ON}");
    let mut database = connect(records).await;
    let done = sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut database)
        .await;
    done.expect("rows");
}

pub(crate) async fn connect(records: &Records) -> PgConnection {
    let options: PgConnectOptions = address(records).parse().expect("an address");
    options.connect().await.expect("the database opens")
}

/// Whether a text can be found in any table.
pub(crate) fn hold(records: &Records, text: &str) -> bool {
    let (_, name) = address(records).rsplit_once('/').expect("a name");
    let (dumped, dump) = CLUSTER.ask("pg_dump", &[name]);
    assert!(dumped, "no dump of {name}");
    let mut parts = dump.windows(text.len());
    parts.any(|part| part == text.as_bytes())
}

fn address(records: &Records) -> &str {
    records.database_url.as_deref().expect("an address")
}
