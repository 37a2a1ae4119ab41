//! What the server keeps: visits, their logs, verdicts and statements.
//!
//! Everything that knows SQL is here and below. SQLite writes one transaction at a time, so there
//! is one connection for writing, on which writers queue in order, and a few for reading.

mod open;
mod turn;
mod visit;
mod writing;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicI64},
};

use sqlx::SqlitePool;
use xinghuo_wire::xapi::Statement;

#[cfg(test)]
pub(crate) use open::database_of;
pub(crate) use turn::{Turn, now_us};
pub(crate) use visit::{NewVisit, StoredVisit};
pub(crate) use writing::{Addition, Writing};

/// The database of one deployment.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    file: PathBuf,
    /// Since when somebody is writing, microseconds since 1970; `i64::MAX` while nobody is.
    writing_since: Arc<AtomicI64>,
}

/// A statement as it is stored.
pub(crate) struct Printed {
    id: String,
    json: String,
}

/// Prints a statement once, for everybody who will read it.
pub(crate) fn printed(statement: &Statement) -> Result<Printed, StoreError> {
    let json = serde_json::to_string(statement).map_err(StoreError::json("statement"))?;
    Ok(Printed {
        id: statement.id.to_string(),
        json,
    })
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Others are writing, and it took too long.
    #[error("the database is busy")]
    Busy,
    /// There is no room left to write.
    #[error("the disk is full")]
    Full,
    /// What is stored is not the JSON that it should be, or cannot be made JSON.
    #[error("a stored {what} does not parse: {cause}")]
    Json {
        /// What it should be.
        what: &'static str,
        /// Where and why.
        cause: serde_json::Error,
    },
    /// What is stored is not what was stored once.
    #[error("a stored {what} cannot be read any more")]
    Unreadable {
        /// What it should be.
        what: &'static str,
    },
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
}

impl StoreError {
    fn json(what: &'static str) -> impl Fn(serde_json::Error) -> Self {
        move |cause| Self::Json { what, cause }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match open::sqlite_code(&error) {
            Some(open::BUSY | open::LOCKED) => Self::Busy,
            Some(open::FULL) => Self::Full,
            _ if matches!(error, sqlx::Error::PoolTimedOut) => Self::Busy,
            _ => Self::Failed(error),
        }
    }
}

impl Store {
    /// Whether the database answers.
    pub(crate) async fn is_alive(&self) -> Result<(), StoreError> {
        sqlx::query("select count(*) from (select 1 from visits limit 1)")
            .execute(&self.readers)
            .await?;
        Ok(())
    }

    /// How much room the database takes on the disk, the write-ahead log included.
    pub(crate) async fn size_bytes(&self) -> u64 {
        let mut sum = 0;
        for suffix in ["", "-wal"] {
            let mut path = self.file.clone().into_os_string();
            path.push(suffix);
            sum += tokio::fs::metadata(path).await.map_or(0, |file| file.len());
        }
        sum
    }

    /// Begins a transaction that no other writer can come between.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        Ok(Writing::new(self.turn().await?))
    }

    /// Where to read from; everything that has been committed is there.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Writes everything to the database's own file and lets go of it.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
