//! Opening the database: the one in the data folder, or the PostgreSQL that was named.

mod postgres;
mod sqlite;

use std::path::Path;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use super::{Store, StoreError};
use crate::{Records, StartError, bucket::Bucket};

#[cfg(test)]
pub(crate) use sqlite::database_of;

/// A migration: its number, its name, its SQL. One that has been released is never changed: the
/// next one is.
type Step = (i64, &'static str, &'static str);

impl Store {
    /// Opens the database, makes it if there is none, and brings it up to date.
    pub(crate) async fn open(records: &Records) -> Result<Self, StartError> {
        let bucket = Bucket::of(&records.bucket)?;
        let (mut store, alone) = match (&records.database_url, &records.data) {
            (Some(url), _) => {
                let (store, alone) = Box::pin(postgres::open(url)).await?;
                (store, Some(alone))
            }
            (None, Some(data)) => (Box::pin(sqlite::open(data)).await?, None),
            (None, None) => return Err(StartError::NoRecords),
        };
        store.bucket = bucket;
        let ready = async {
            store.chain_those_of_before().await?;
            store.recall().await
        };
        let ready = Box::pin(ready).await;
        ready.map_err(|cause| StartError::Chain {
            cause: cause.to_string(),
        })?;
        if let Some(alone) = alone {
            alone.end().await;
        }
        Ok(store)
    }
}

impl Store {
    /// Whether the database can be reached, without changing anything in it.
    pub(crate) async fn reach(records: &Records) -> Result<(), StartError> {
        match (&records.database_url, &records.data) {
            (Some(url), _) => Box::pin(postgres::reach(url)).await,
            (None, Some(data)) => Box::pin(sqlite::reach(data)).await,
            // That is told of already.
            (None, None) => Ok(()),
        }
    }
}

/// The SQLite database in a file, which is made in an empty one, to be filled at once and closed.
pub(super) async fn file(path: &Path) -> Result<Store, StoreError> {
    let opened = Box::pin(sqlite::open_file(path.to_owned())).await;
    opened.map_err(|cause| StoreError::Copy {
        cause: cause.to_string(),
    })
}

/// What became of a query that failed.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed => StoreError::Away,
        error => match sqlite::failed(&error).or_else(|| postgres::failed(&error)) {
            Some(known) => known,
            None => StoreError::Failed(error),
        },
    }
}

async fn migrate<'a, A>(to: A, steps: &[Step]) -> Result<(), MigrateError>
where
    A: sqlx::Acquire<'a>,
    <A::Connection as std::ops::Deref>::Target: Migrate,
{
    let known = steps.iter().map(|&(version, name, sql)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(known.collect()).run(to).await
}

/// Why a database could not be brought up to date; `next` knows what to do about its own errors.
fn not_migrated(
    error: MigrateError,
    place: &str,
    next: fn(&sqlx::Error) -> &'static str,
) -> StartError {
    let place = place.to_owned();
    match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
            StartError::Newer { version, place }
        }
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
            StartError::Database {
                next: next(&cause),
                cause,
                place,
            }
        }
        cause => StartError::Migrate { cause, place },
    }
}
