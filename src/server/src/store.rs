//! What the server keeps: visits, their logs, verdicts and statements.
//!
//! Everything that knows SQL is here, in the record store's part of it and in the labs'. There are a few
//! connections for writing, on which writers queue for their turn, and a few for reading.

mod access;
mod bucket;
mod carried;
mod chain;
mod connection;
mod copy;
mod expiry;
mod limited;
mod open;
mod person;
mod sql;
mod stored;
mod turn;
mod verify;
mod visit;
mod writing;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicI64},
};

use xinghuo_wire::xapi::Statement;

use crate::bucket::Bucket;
pub(crate) use crate::clock::now_us;
use crate::lrs::Together;
pub(crate) use access::{By, concerned, note};
pub(crate) use bucket::{Laid, keep_laid};
pub(crate) use carried::{Carried, PutBack};
pub(crate) use chain::{Chain, Content};
pub(crate) use connection::{Connection, Pool};
pub(crate) use expiry::Expired;
pub(crate) use limited::{is_limited, show_those_aside};
#[cfg(test)]
pub(crate) use open::database_of;
pub(crate) use sql::{Cells, FromRow, Query, Row, Rows, query};
pub(crate) use turn::{Ends, Turn};
pub(crate) use visit::{
    NewVisit, StoredVisit, begin as begin_visit, parsed, record as record_of, visit as visit_on,
};
pub(crate) use writing::{Addition, Writing};

/// The database of one deployment.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: Pool,
    readers: Pool,
    /// SQLite's file.
    file: Option<PathBuf>,
    /// Where attachments lie, if not in the database.
    bucket: Option<Bucket>,
    /// Up to when this server knows that readers see everything, microseconds since 1970.
    told_us: Arc<AtomicI64>,
    /// Batches of statements that wait for the same turn.
    pub(crate) together: Arc<Together>,
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
    /// The database does not answer.
    #[error("the database is away")]
    Away,
    /// The file of a backup cannot be used.
    #[error("{cause}")]
    Copy {
        /// Which, and why.
        cause: String,
    },
    /// A text to store or to find holds U+0000, which databases do not keep.
    #[error("a text holds the character U+0000, which cannot be stored")]
    Nul,
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
    /// The bucket that attachments lie in does not do what it should.
    #[error("an attachment cannot be had: {cause}")]
    Bucket {
        /// Why not.
        cause: String,
    },
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
}

impl StoreError {
    /// The same error once more where nobody who asked is at fault, but the database.
    pub(crate) fn of_the_database(&self) -> Option<Self> {
        match self {
            Self::Busy => Some(Self::Busy),
            Self::Full => Some(Self::Full),
            Self::Away => Some(Self::Away),
            _ => None,
        }
    }

    fn json(what: &'static str) -> impl Fn(serde_json::Error) -> Self {
        move |cause| Self::Json { what, cause }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        open::failed(error)
    }
}

impl Store {
    /// Whether the database answers.
    pub(crate) async fn is_alive(&self) -> Result<(), StoreError> {
        let mut on = self.reader().await?;
        let asked = query("select count(*) from (select 1 from visits limit 1) as any_visit");
        asked.run(&mut on).await?;
        Ok(())
    }

    /// How much room the database takes on the disk, a write-ahead log of SQLite's included.
    pub(crate) async fn size_bytes(&self) -> u64 {
        let Some(file) = &self.file else {
            return self.size_of_postgres().await.unwrap_or_default();
        };
        let mut sum = 0;
        for suffix in ["", "-wal"] {
            let mut path = file.clone().into_os_string();
            path.push(suffix);
            sum += tokio::fs::metadata(path).await.map_or(0, |file| file.len());
        }
        sum
    }

    /// Which kind of database it is.
    pub(crate) fn kind(&self) -> &'static str {
        match self.readers {
            Pool::Sqlite(_) => "sqlite",
            Pool::Postgres(_) => "postgresql",
        }
    }

    /// How many visits and statements there are that may be used, and how many visits whose use is
    /// limited.
    pub(crate) async fn counts(&self) -> Result<(i64, i64, i64), StoreError> {
        let counts = query(
            "select (select count(*) from visits where limited_ms is null),
                 (select count(*) from statements),
                 (select count(*) from visits where limited_ms is not null)",
        );
        counts.one(&mut self.reader().await?).await
    }

    async fn size_of_postgres(&self) -> Result<u64, StoreError> {
        let size = query("select pg_database_size(current_database())");
        let (size,): (i64,) = size.one(&mut self.reader().await?).await?;
        Ok(size.cast_unsigned())
    }

    /// Begins a transaction that no other writer can come between.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        Ok(Writing::new(self.turn().await?))
    }

    /// A connection to read on; everything that has been committed is there.
    pub(crate) async fn reader(&self) -> Result<Connection, StoreError> {
        self.readers.acquire().await
    }

    /// Lets go of the database; SQLite writes everything to its one file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
