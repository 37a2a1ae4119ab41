//! The embedded database: its settings, its migrations, and what to say when it will not open.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Connection as _, SqliteConnection,
    error::DatabaseError,
    sqlite::{
        SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};

use super::{Step, migrate, not_migrated};
use crate::{
    StartError,
    store::{Pool, Store, StoreError},
};

/// Every migration, oldest first.
const MIGRATIONS: &[Step] = &[
    (
        1,
        "visits",
        include_str!("../../../migrations/sqlite/0001_visits.sql"),
    ),
    (
        2,
        "learning records",
        include_str!("../../../migrations/sqlite/0002_learning_records.sql"),
    ),
    (
        3,
        "chain",
        include_str!("../../../migrations/sqlite/0003_chain.sql"),
    ),
    (
        10,
        "forwarding",
        include_str!("../../../migrations/sqlite/0010_forwarding.sql"),
    ),
    (
        20,
        "staff",
        include_str!("../../../migrations/sqlite/0020_staff.sql"),
    ),
    (
        30,
        "person",
        include_str!("../../../migrations/sqlite/0030_person.sql"),
    ),
    (
        40,
        "lab",
        include_str!("../../../migrations/sqlite/0040_lab.sql"),
    ),
    (
        70,
        "bucket",
        include_str!("../../../migrations/sqlite/0070_bucket.sql"),
    ),
    (
        100,
        "limited",
        include_str!("../../../migrations/sqlite/0100_limited.sql"),
    ),
    (
        110,
        "told",
        include_str!("../../../migrations/sqlite/0110_told.sql"),
    ),
];

/// How many connections read at one time.
const READERS: u32 = 4;

/// After how many pages of the write-ahead log they are moved to their places, for which the disk is
/// waited for twice more: 32 MB, so that pages that change again and again are moved less often.
const CHECKPOINT_PAGES: &str = "8000";

/// What the writer keeps in memory of the file, in kibibytes as SQLite writes them: the upper pages of
/// all indexes, however many statements there are.
const WRITER_CACHE: &str = "-65536";

/// How many queries the writer keeps prepared: those that store statements have as many forms as there
/// are numbers of statements that come together.
const WRITER_QUERIES: usize = 250;

/// How many rows of an answer the writer's thread is ahead of whoever asked.
const WRITER_ROWS: usize = 1000;

/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's result codes that have a next step of their own.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const FULL: i32 = 13;
const READ_ONLY: i32 = 8;
const CORRUPT: i32 = 11;
const CANNOT_OPEN: i32 = 14;
const NOT_A_DATABASE: i32 = 26;

/// SQLite's primary result code, where the error is SQLite's.
fn code(error: &sqlx::Error) -> Option<i32> {
    let error = error.as_database_error()?;
    let error = error.try_downcast_ref::<SqliteError>()?;
    let code: i32 = DatabaseError::code(error)?.parse().ok()?;
    Some(code & 0xff)
}

/// What a query's failure means, where it has a next step of its own.
pub(super) fn failed(error: &sqlx::Error) -> Option<StoreError> {
    match code(error)? {
        BUSY | LOCKED => Some(StoreError::Busy),
        FULL => Some(StoreError::Full),
        _ => None,
    }
}

pub(super) async fn open(data: &Path) -> Result<Store, StartError> {
    open_file(data.join("xinghuo.sqlite")).await
}

/// Whether the database, if there is one already, is one and can be read.
pub(super) async fn reach(data: &Path) -> Result<(), StartError> {
    let file = data.join("xinghuo.sqlite");
    if !file.exists() {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(&file).read_only(true);
    let asked = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("select count(*) from sqlite_master")
            .execute(&mut connection)
            .await?;
        connection.close().await
    };
    asked.await.map_err(|cause| StartError::Database {
        next: next_step(&cause),
        cause,
        place: file.display().to_string(),
    })
}

pub(super) async fn open_file(file: PathBuf) -> Result<Store, StartError> {
    let place = file.display().to_string();
    let failed = |cause: sqlx::Error| StartError::Database {
        next: next_step(&cause),
        cause,
        place: place.clone(),
    };
    // Erased means erased: `secure_delete` overwrites what a visitor had erased with zeros.
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("secure_delete", "on")
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    // What a query would have to put back if it failed half-way was written to a file: a tenth of the
    // time that it takes to store statements.
    let writing = options
        .clone()
        .pragma("cache_size", WRITER_CACHE)
        .pragma("temp_store", "memory")
        .statement_cache_capacity(WRITER_QUERIES)
        .row_buffer_size(WRITER_ROWS);
    let writer = pool(1).connect_with(writing).await.map_err(failed)?;
    let migrated = migrate(&writer, MIGRATIONS).await;
    migrated.map_err(|error| not_migrated(error, &place, next_step))?;
    let readers = pool(READERS).connect_with(options).await.map_err(failed)?;
    Ok(Store {
        writer: Pool::Sqlite(writer),
        readers: Pool::Sqlite(readers),
        file: Some(file),
        told_us: Arc::default(),
        bucket: None,
        together: Arc::default(),
    })
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(2 * PATIENCE)
        // The file is this process's own: there is nobody who could have hung up.
        .test_before_acquire(false)
        // Where the disk is full, SQLite itself has undone the transaction, and sqlx, which could not
        // undo it again, holds the connection to be within it for ever: it is left for another one.
        .before_acquire(|connection, _| {
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        })
}

fn next_step(error: &sqlx::Error) -> &'static str {
    match code(error) {
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
pub(crate) async fn database_of(data: &Path, version: usize) -> sqlx::SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(data.join("xinghuo.sqlite"))
        .create_if_missing(true)
        .foreign_keys(true);
    let pool = pool(1).connect_with(options).await.expect("it opens");
    let migrated = migrate(&pool, &MIGRATIONS[..version]).await;
    migrated.expect("it is made");
    pool
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{query, sql::Column};

    async fn setting<T: Column>(store: &Store, pragma: &'static str) -> T {
        let mut writer = store.writer.acquire().await.expect("a connection");
        query(pragma).one::<(T,)>(&mut writer).await.expect("it").0
    }

    #[tokio::test]
    async fn an_empty_folder_becomes_a_database_and_opens_again() {
        let data = tempfile::tempdir().expect("a folder");
        for _ in 0..2 {
            let store = open(data.path()).await.expect("it opens");
            store.is_alive().await.expect("it answers");
            let mode: String = setting(&store, "pragma journal_mode").await;
            let synchronous: i64 = setting(&store, "pragma synchronous").await;
            let keys: i64 = setting(&store, "pragma foreign_keys").await;
            assert_eq!((mode.as_str(), synchronous, keys), ("wal", 2, 1));
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_by_name() {
        let data = tempfile::tempdir().expect("a folder");
        let store = open(data.path()).await.expect("it opens");
        query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (999, 'later', 1, x'00', 0)",
        )
        .run(&mut store.writer.acquire().await.expect("a connection"))
        .await
        .expect("a row");
        store.close().await;
        let error = open(data.path()).await.expect_err("it is newer");
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
        let sentence = open(data.path())
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
        let sentence = open(data.path()).await.expect_err("it is held").to_string();
        assert!(sentence.contains("stop the other program"), "{sentence}");
    }
}
