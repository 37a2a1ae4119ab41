//! Sessions as they are stored: who is signed in, since when, and when they were last seen.

use super::Account;
use crate::store::{FromRow, Row, Store, StoreError, query};

/// A session that holds, and whose it is.
#[derive(Debug)]
pub(in crate::staff) struct OpenSession {
    pub(in crate::staff) id: String,
    pub(in crate::staff) account: Account,
    pub(in crate::staff) seen_ms: i64,
}

/// A session as its owner sees it.
#[derive(Debug)]
pub(in crate::staff) struct SessionListed {
    pub(in crate::staff) id: String,
    pub(in crate::staff) created_ms: i64,
    pub(in crate::staff) seen_ms: i64,
}

/// How long a session may be unused, and how old it may become, milliseconds.
const IDLE_MS: i64 = 2 * 60 * 60 * 1000;
const WHOLE_MS: i64 = 12 * 60 * 60 * 1000;

impl FromRow for OpenSession {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("session")?,
            account: Account::from_row(row)?,
            seen_ms: row.get("seen_ms")?,
        })
    }
}

impl FromRow for SessionListed {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            created_ms: row.get("created_ms")?,
            seen_ms: row.get("seen_ms")?,
        })
    }
}

impl Store {
    /// Begins a session in the place of the one that the browser had, if it had one; forgets those
    /// that have ended.
    pub(in crate::staff) async fn begin_session(
        &self,
        id: &str,
        token_sha256: &[u8],
        staff: &str,
        before_sha256: Option<&[u8]>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query(
            "delete from staff_sessions
             where seen_ms < $1 or created_ms < $2 or token_sha256 = $3",
        )
        .bind(now_ms - IDLE_MS)
        .bind(now_ms - WHOLE_MS)
        .bind(before_sha256)
        .run(turn.on())
        .await?;
        query(
            "insert into staff_sessions (id, token_sha256, staff, created_ms, seen_ms)
             values ($1, $2, $3, $4, $4)",
        )
        .bind(id)
        .bind(token_sha256)
        .bind(staff)
        .bind(now_ms)
        .run(turn.on())
        .await?;
        turn.commit().await
    }

    /// The session of that token, if it holds and its account does.
    pub(in crate::staff) async fn session(
        &self,
        token_sha256: &[u8],
        now_ms: i64,
    ) -> Result<Option<OpenSession>, StoreError> {
        let one = query(
            "select staff.*, staff_sessions.id as session, seen_ms
             from staff_sessions join staff on staff.id = staff_sessions.staff
             where token_sha256 = $1 and seen_ms >= $2 and staff_sessions.created_ms >= $3
                 and disabled_ms is null",
        );
        let one = one
            .bind(token_sha256)
            .bind(now_ms - IDLE_MS)
            .bind(now_ms - WHOLE_MS);
        one.first(&mut self.reader().await?).await
    }

    /// Notes that a session is in use.
    pub(in crate::staff) async fn seen(
        &self,
        session: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("update staff_sessions set seen_ms = $1 where id = $2")
            .bind(now_ms)
            .bind(session)
            .run(turn.on())
            .await?;
        turn.commit().await
    }

    /// Somebody's sessions that hold, the newest first.
    pub(in crate::staff) async fn sessions_of(
        &self,
        staff: &str,
        now_ms: i64,
    ) -> Result<Vec<SessionListed>, StoreError> {
        let all = query(
            "select id, created_ms, seen_ms from staff_sessions
             where staff = $1 and seen_ms >= $2 and created_ms >= $3 order by created_ms desc, id",
        );
        let all = all
            .bind(staff)
            .bind(now_ms - IDLE_MS)
            .bind(now_ms - WHOLE_MS);
        all.all(&mut self.reader().await?).await
    }

    /// Ends a session of somebody's; `false` if it is not theirs.
    pub(in crate::staff) async fn end_session(
        &self,
        staff: &str,
        session: &str,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let ended = query("delete from staff_sessions where staff = $1 and id = $2")
            .bind(staff)
            .bind(session)
            .run(turn.on())
            .await?;
        turn.commit().await?;
        Ok(ended > 0)
    }
}
