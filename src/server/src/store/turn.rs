//! Turns at writing: one writer at a time, and until when readers have seen everything.
//!
//! SQLite has one writer anyway, and one connection for it. Where several servers share a PostgreSQL,
//! a lock of the database's lets one writer in after the other, and lets the next one in only once
//! what the last one wrote can be read. So whatever is numbered or dated within a turn is so in the
//! order in which it can be read: a page never passes over what is committed after it was made.
//!
//! Until when readers have seen everything is told from the database alone: it is the time of the last
//! statement or the mark in `told`, whichever is later, both of them committed. Within its turn, every
//! statement is dated later than both. The mark moves within a turn too, when all that was dated
//! before can be read, and takes over the last statement's time before that is erased: so the later of the
//! two never goes back, and nothing is dated at or before what any server has ever told, whatever
//! clocks say. As nobody marks what is ahead of the clock, nothing is dated ahead of it either.

use std::sync::atomic::Ordering;

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

/// How old what is told may be before the mark is moved.
const STEP_US: i64 = 1_000_000;

/// One writer's turn: a transaction that no other writer can come between. What is not committed
/// is undone.
pub(crate) struct Turn {
    connection: Connection,
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
                let lock = query("select pg_advisory_xact_lock($1)").bind(LOCK);
                lock.run(&mut begun).await?;
                begun
            }
        };
        Ok(Turn { connection })
    }

    /// A turn at writing, unless somebody else has it.
    async fn turn_if_free(&self) -> Result<Option<Turn>, StoreError> {
        match (&self.writer, &self.readers) {
            // The one connection is closed when nobody has needed it for long.
            (Pool::Sqlite(writer), _) if writer.size() > 0 && writer.num_idle() == 0 => Ok(None),
            (Pool::Sqlite(_), _) | (_, Pool::Sqlite(_)) => self.turn().await.map(Some),
            (_, Pool::Postgres(readers)) => {
                let begun = readers.begin().await?;
                let mut connection = Connection::Postgres(Held::Within(begun));
                let free = query("select pg_try_advisory_xact_lock($1)").bind(LOCK);
                let (free,): (bool,) = free.one(&mut connection).await?;
                Ok(free.then_some(Turn { connection }))
            }
        }
    }

    /// Whatever was stored by then, microseconds since 1970, a reader sees who begins now, and nothing
    /// will be that is not there yet.
    pub(crate) async fn consistent_through(&self) -> Result<i64, StoreError> {
        let ends = Ends::of(&mut self.reader().await?).await?;
        let mut through = ends.through_us;
        if !ends.is_recent() {
            // Whatever hinders it, a disk that is full for one, hinders nobody from reading.
            match self.mark().await {
                Ok(marked) => through = marked.unwrap_or(through),
                Err(cause) => tracing::debug!(%cause, "what is told to be complete stays as it is"),
            }
        }
        Ok(self.knows_through(through))
    }

    /// Moves the mark to now, for which nobody waits: where somebody writes, the next statement takes
    /// its place.
    async fn mark(&self) -> Result<Option<i64>, StoreError> {
        let Some(mut turn) = self.turn_if_free().await? else {
            return Ok(None);
        };
        let ends = Ends::of(turn.on()).await?;
        if ends.is_recent() {
            return Ok(Some(ends.through_us));
        }
        let marked = ends.mark(turn.on()).await?;
        turn.commit().await?;
        Ok(Some(marked))
    }

    /// What this server knows of it without asking: it holds as well, and is older.
    pub(crate) fn known_through(&self) -> i64 {
        self.told_us.load(Ordering::SeqCst)
    }

    /// Remembers that readers see everything up to then, and says up to when they do.
    pub(crate) fn knows_through(&self, through_us: i64) -> i64 {
        let before = self.told_us.fetch_max(through_us, Ordering::SeqCst);
        before.max(through_us)
    }

    /// Remembers how it was when this server was not there yet.
    pub(super) async fn recall(&self) -> Result<(), StoreError> {
        let ends = Ends::of(&mut self.reader().await?).await?;
        self.knows_through(ends.through_us);
        Ok(())
    }
}

impl Turn {
    /// What to write on.
    pub(crate) fn on(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Makes it lasting: when this returns, it is on the disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.connection.commit().await
    }
}

/// Where what is stored goes on: within a turn nobody changes it.
pub(crate) struct Ends {
    /// When what is stored next is said to be stored, microseconds since 1970: now, by the clock that
    /// all servers share, but later than all before it and all that was told.
    pub(crate) next_stored_us: i64,
    /// Up to when whoever sees this sees everything.
    pub(crate) through_us: i64,
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
            Connection::Sqlite(_) => "cast(null as integer)",
            Connection::Postgres(_) => CLOCK,
        };
        format!(
            "{clock} as now,
            (select until_us from told where number = 1) as told,
            (select stored_us from statements order by position desc limit 1) as last,
            (select max(stored_us) from limited_statements) as aside,
            (select number from chain order by number desc limit 1) as number,
            (select hash from chain order by number desc limit 1) as hash"
        )
    }

    /// Whether what is told is not much older than now.
    fn is_recent(&self) -> bool {
        self.next_stored_us - self.through_us <= STEP_US
    }

    /// Moves the mark to just before what is stored next, within a turn, and says where it is then.
    pub(super) async fn mark(&self, on: &mut Connection) -> Result<i64, StoreError> {
        let until = self.next_stored_us - 1;
        let mark = query(
            "insert into told (number, until_us) values (1, $1)
             on conflict (number) do update set until_us = excluded.until_us",
        );
        mark.bind(until).run(on).await?;
        Ok(until)
    }
}

impl FromRow for Ends {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let (told, last): (Option<i64>, Option<i64>) = (row.get("told")?, row.get("last")?);
        let last = last.max(row.get("aside")?);
        let number: Option<i64> = row.get("number")?;
        let hash: Option<Vec<u8>> = row.get("hash")?;
        let now = row.get::<Option<i64>>("now")?.unwrap_or_else(now_us);
        let through_us = told.max(last).unwrap_or_default();
        Ok(Self {
            next_stored_us: now.max(through_us + 1),
            through_us,
            chain: Chain::after(number.unwrap_or_default(), hash.unwrap_or_default()),
        })
    }
}
