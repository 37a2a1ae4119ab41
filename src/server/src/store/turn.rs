//! Turns at writing: one writer at a time, and until when readers have seen everything.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Store, StoreError};

/// Now, microseconds since 1970.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

/// One writer's turn: a transaction that no other writer can come between. What is not committed
/// is undone.
pub(crate) struct Turn {
    transaction: Transaction<'static, Sqlite>,
    busy: Busy,
}

/// Says that somebody is writing, for as long as it lives.
struct Busy(Arc<AtomicI64>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(i64::MAX, Ordering::SeqCst);
    }
}

impl Store {
    /// Waits for a turn at writing.
    pub(crate) async fn turn(&self) -> Result<Turn, StoreError> {
        let transaction = self.writer.begin_with("begin immediate").await?;
        self.writing_since.store(now_us(), Ordering::SeqCst);
        let busy = Busy(self.writing_since.clone());
        Ok(Turn { transaction, busy })
    }

    /// Whatever was stored by then, microseconds since 1970, a reader sees who begins now.
    pub(crate) fn consistent_through(&self) -> i64 {
        let now = now_us();
        let writing_since = self.writing_since.load(Ordering::SeqCst);
        now.min(writing_since.saturating_sub(1))
    }
}

impl Turn {
    /// What to write on.
    pub(crate) fn on(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Makes it lasting: when this returns, it is on the disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, busy } = self;
        transaction.commit().await?;
        drop(busy);
        Ok(())
    }
}
