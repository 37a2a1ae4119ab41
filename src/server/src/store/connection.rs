//! Connections to the one or the other database, free or within a transaction.

use std::ops::{Deref, DerefMut};

use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction, pool::PoolConnection};

use super::StoreError;

/// Connections to a database.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A connection that queries are asked on.
pub(crate) enum Connection {
    Sqlite(Held<Sqlite>),
    Postgres(Held<Postgres>),
}

/// A connection that is nobody else's as long as this lives. What is within a transaction that is
/// not committed is undone.
pub(crate) enum Held<DB: Database> {
    Free(PoolConnection<DB>),
    Within(Transaction<'static, DB>),
}

impl Pool {
    /// The next connection that is free.
    pub(crate) async fn acquire(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(Held::Free(pool.acquire().await?)),
            Self::Postgres(pool) => Connection::Postgres(Held::Free(pool.acquire().await?)),
        })
    }

    /// A transaction whose queries see everything as it was at one moment.
    pub(crate) async fn moment(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(Held::Within(pool.begin().await?)),
            Self::Postgres(pool) => {
                let begin = "begin isolation level repeatable read, read only";
                Connection::Postgres(Held::Within(pool.begin_with(begin).await?))
            }
        })
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Connection {
    /// Ends the transaction, if there is one: when this returns, it is on the disk.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(Held::Within(transaction)) => transaction.commit().await?,
            Self::Postgres(Held::Within(transaction)) => transaction.commit().await?,
            Self::Sqlite(Held::Free(_)) | Self::Postgres(Held::Free(_)) => {}
        }
        Ok(())
    }
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Free(connection) => connection,
            Self::Within(transaction) => transaction,
        }
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Free(connection) => connection,
            Self::Within(transaction) => transaction,
        }
    }
}
