//! Opening the database: its settings, its migrations, and what to say when it will not open.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use sqlx::{
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};

use super::Store;
use crate::StartError;

/// Every migration, oldest first. One that has been released is never changed: the next one is.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "visits",
        include_str!("../../migrations/0001_visits.sql"),
    ),
    (
        2,
        "learning records",
        include_str!("../../migrations/0002_learning_records.sql"),
    ),
];

/// How many connections read at one time.
const READERS: u32 = 4;

/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's result codes that have a next step of their own.
pub(super) const BUSY: i32 = 5;
pub(super) const LOCKED: i32 = 6;
pub(super) const FULL: i32 = 13;
const READ_ONLY: i32 = 8;
const CORRUPT: i32 = 11;
const CANNOT_OPEN: i32 = 14;
const NOT_A_DATABASE: i32 = 26;

/// SQLite's primary result code, where the error is SQLite's.
pub(super) fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl Store {
    /// Opens the database in the folder `data`, makes it if there is none, and brings it up to date.
    pub(crate) async fn open(data: &Path) -> Result<Self, StartError> {
        let file = data.join("xinghuo.sqlite");
        let failed = |cause: sqlx::Error| StartError::Database {
            next: next_step(&cause),
            cause,
            path: file.clone(),
        };
        // Erased means erased: `secure_delete` overwrites what a visitor had erased with zeros.
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .pragma("secure_delete", "on");
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        migrate(&writer).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                StartError::Newer {
                    version,
                    path: file.clone(),
                }
            }
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
                failed(cause)
            }
            cause => StartError::Migrate {
                cause,
                path: file.clone(),
            },
        })?;
        let readers = pool(READERS).connect_with(options).await.map_err(failed)?;
        Ok(Self {
            writer,
            readers,
            file,
            writing_since: Arc::new(AtomicI64::new(i64::MAX)),
        })
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(2 * PATIENCE)
}

async fn migrate(pool: &SqlitePool) -> Result<(), MigrateError> {
    migrate_to(pool, MIGRATIONS).await
}

async fn migrate_to(
    pool: &SqlitePool,
    migrations: &[(i64, &'static str, &'static str)],
) -> Result<(), MigrateError> {
    let known = migrations.iter().map(|&(version, name, sql)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(known.collect()).run(pool).await
}

fn next_step(error: &sqlx::Error) -> &'static str {
    match sqlite_code(error) {
        Some(BUSY | LOCKED) => "stop the other program that holds it, then start again",
        Some(CORRUPT | NOT_A_DATABASE) => {
            "the file is damaged: move it and its -wal and -shm files away, \
             restore the last backup, then start again"
        }
        Some(READ_ONLY | CANNOT_OPEN) => {
            "let the server's user write the folder and the file, then start again"
        }
        Some(FULL) => "make room on the disk, then start again",
        _ => "see the cause, then start again",
    }
}

/// The database in the folder `data` as the server of that migration made it.
#[cfg(test)]
pub(crate) async fn database_of(data: &Path, version: usize) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(data.join("xinghuo.sqlite"))
        .create_if_missing(true)
        .foreign_keys(true);
    let pool = pool(1).connect_with(options).await.expect("it opens");
    let migrated = migrate_to(&pool, &MIGRATIONS[..version]).await;
    migrated.expect("it is made");
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_empty_folder_becomes_a_database_and_opens_again() {
        let data = tempfile::tempdir().expect("a folder");
        for _ in 0..2 {
            let store = Store::open(data.path()).await.expect("it opens");
            store.is_alive().await.expect("it answers");
            let settings: (String, i64, i64) = (
                sqlx::query_scalar("pragma journal_mode")
                    .fetch_one(&store.writer)
                    .await
                    .expect("a word"),
                sqlx::query_scalar("pragma synchronous")
                    .fetch_one(&store.writer)
                    .await
                    .expect("a number"),
                sqlx::query_scalar("pragma foreign_keys")
                    .fetch_one(&store.writer)
                    .await
                    .expect("a number"),
            );
            assert_eq!(settings, ("wal".into(), 2, 1));
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_by_name() {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).await.expect("it opens");
        sqlx::query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (999, 'later', 1, x'00', 0)",
        )
        .execute(&store.writer)
        .await
        .expect("a row");
        store.close().await;
        let error = Store::open(data.path()).await.expect_err("it is newer");
        assert!(
            matches!(error, StartError::Newer { version: 999, .. }),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_damaged_database_is_named_with_the_next_step() {
        let data = tempfile::tempdir().expect("a folder");
        std::fs::write(
            data.path().join("xinghuo.sqlite"),
            "no database".repeat(1000),
        )
        .expect("a file");
        let sentence = Store::open(data.path())
            .await
            .expect_err("it is damaged")
            .to_string();
        assert!(sentence.contains("damaged"), "{sentence}");
        assert!(sentence.contains("xinghuo.sqlite"), "{sentence}");
    }

    #[tokio::test]
    async fn a_database_that_another_program_holds_is_named_with_the_next_step() {
        let data = tempfile::tempdir().expect("a folder");
        let options = SqliteConnectOptions::new()
            .filename(data.path().join("xinghuo.sqlite"))
            .create_if_missing(true)
            .locking_mode(sqlx::sqlite::SqliteLockingMode::Exclusive);
        let other = pool(1).connect_with(options).await.expect("it opens");
        sqlx::query("create table held (x)")
            .execute(&other)
            .await
            .expect("a table");
        let sentence = Store::open(data.path())
            .await
            .expect_err("it is held")
            .to_string();
        assert!(sentence.contains("stop the other program"), "{sentence}");
    }
}
