//! Turns at writing: one writer at a time, and until when readers have seen everything.
//!
//! SQLite has one writer anyway, and one connection for it. Where several servers share a PostgreSQL,
//! a lock of the database's lets one writer in after the other, and lets the next one in only once
//! what the last one wrote can be read. So whatever is numbered or dated within a turn is so in the
//! order in which it can be read: a page never passes over what is committed after it was made.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{
    Pool, Store, StoreError,
    chain::Chain,
    connection::{Connection, Held},
    sql::{FromRow, Row, built, query},
};
use crate::clock::now_us;

/// What writers lock in PostgreSQL: a number that means nothing else in the database.
const LOCK: i64 = 0x0078_696e_6768_756f;

/// Now by PostgreSQL's clock, which all servers share, microseconds since 1970.
const CLOCK: &str = "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";

/// Up to when this server has told that everything can be read: whatever is stored after that is later,
/// even if the clock was set back meanwhile. It holds for one turn.
const TELL: &str = "select set_config('xinghuo.told', $1, true)";
const LOCK_AND_TELL: &str =
    "select pg_advisory_xact_lock($1), set_config('xinghuo.told', $2, true)";
const TOLD: &str = "cast(current_setting('xinghuo.told') as bigint)";

/// One writer's turn: a transaction that no other writer can come between. What is not committed
/// is undone.
pub(crate) struct Turn {
    connection: Connection,
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
        let connection = match &self.writer {
            Pool::Sqlite(pool) => {
                Connection::Sqlite(Held::Within(pool.begin_with("begin immediate").await?))
            }
            Pool::Postgres(pool) => {
                let mut begun = Connection::Postgres(Held::Within(pool.begin().await?));
                let told = self.told_us.load(Ordering::SeqCst);
                let lock = query(LOCK_AND_TELL).bind(LOCK).bind(told.to_string());
                lock.run(&mut begun).await?;
                // Somebody may have been told more while this waited.
                let since = self.told_us.load(Ordering::SeqCst);
                if since > told {
                    let tell = query(TELL).bind(since.to_string());
                    tell.run(&mut begun).await?;
                }
                begun
            }
        };
        self.writing_since.store(now_us(), Ordering::SeqCst);
        let busy = Busy(self.writing_since.clone());
        Ok(Turn { connection, busy })
    }

    /// Whatever was stored by then, microseconds since 1970, a reader sees who begins now.
    pub(crate) async fn consistent_through(&self) -> Result<i64, StoreError> {
        if let Pool::Sqlite(_) = self.readers {
            let now = now_us();
            let writing_since = self.writing_since.load(Ordering::SeqCst);
            return Ok(now.min(writing_since.saturating_sub(1)));
        }
        let mut on = self.readers.acquire().await?;
        // Nobody writes while this is held, and it is held while the clock is read; it does not
        // wait, and nobody waits for it for longer than this query takes.
        let nobody_writes = query("select pg_try_advisory_xact_lock_shared($1), cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)").bind(LOCK);
        let (nobody_writes, now): (bool, i64) = nobody_writes.one(&mut on).await?;
        if nobody_writes {
            let told = self.told_us.fetch_max(now, Ordering::SeqCst);
            return Ok(now.max(told));
        }
        let last = query("select stored_us from statements order by stored_us desc limit 1");
        let last = last.first(&mut on).await?;
        Ok(last.map_or(0, |(last,)| last))
    }
}

impl Turn {
    /// What to write on.
    pub(crate) fn on(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Makes it lasting: when this returns, it is on the disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Self { connection, busy } = self;
        connection.commit().await?;
        drop(busy);
        Ok(())
    }
}

/// Where what is stored goes on, within a turn.
pub(crate) struct Ends {
    /// When what is stored next is said to be stored: later than all before it, even if the clock is
    /// set back, microseconds since 1970. By the clock that all servers share.
    pub(crate) next_stored_us: i64,
    /// The chain as it ends now.
    pub(crate) chain: Chain,
}

impl Ends {
    /// How it is now.
    pub(crate) async fn of(on: &mut Connection) -> Result<Self, StoreError> {
        let asked = format!("select {}", Self::columns(on));
        built(asked).one(on).await
    }

    /// What to select for it; it is the same in every row.
    pub(crate) fn columns(on: &Connection) -> String {
        let clock = match on {
            // Its own clock knows milliseconds.
            Connection::Sqlite(_) => "cast(null as integer)".to_owned(),
            Connection::Postgres(_) => format!("greatest({CLOCK}, {TOLD} + 1)"),
        };
        format!(
            "{clock} as now,
            (select stored_us from statements order by position desc limit 1) as last,
            (select max(stored_us) from limited_statements) as aside,
            (select number from chain order by number desc limit 1) as number,
            (select hash from chain order by number desc limit 1) as hash"
        )
    }
}

impl FromRow for Ends {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let (now, last): (Option<i64>, Option<i64>) = (row.get("now")?, row.get("last")?);
        let last = last.max(row.get("aside")?);
        let number: Option<i64> = row.get("number")?;
        let hash: Option<Vec<u8>> = row.get("hash")?;
        let now = now.unwrap_or_else(now_us);
        Ok(Self {
            next_stored_us: last.map_or(now, |last| now.max(last + 1)),
            chain: Chain::after(number.unwrap_or_default(), hash.unwrap_or_default()),
        })
    }
}
