//! What is kept of attempts to sign in: how often a name was refused, and who is on the way to an
//! OpenID provider.

use crate::store::{FromRow, Row, Store, StoreError, query};

/// So many wrong passwords are forgiven; after that the name has to wait.
const FORGIVEN: i64 = 5;

/// The first wait. Each further wrong password doubles it.
const FIRST_WAIT_MS: i64 = 60 * 1000;

/// How many times the wait is doubled: about an hour.
const DOUBLINGS: i64 = 6;

/// After so long, wrong passwords are forgotten.
const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// A sign-in that is under way with an OpenID provider.
pub(in crate::staff) struct Entering {
    pub(in crate::staff) state: String,
    pub(in crate::staff) nonce: String,
    pub(in crate::staff) verifier: String,
}

impl FromRow for Entering {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            state: row.get("state")?,
            nonce: row.get("nonce")?,
            verifier: row.get("verifier")?,
        })
    }
}

impl Store {
    /// Counts an attempt before it is known whether the password is right, so that many at once are
    /// not more than many one after the other. Says until when the name has to wait instead, if it
    /// has to.
    pub(in crate::staff) async fn attempt(
        &self,
        name_sha256: &[u8],
        now_ms: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut turn = self.turn().await?;
        query("delete from staff_refusals where last_ms < $1")
            .bind(now_ms - FORGOTTEN_MS)
            .run(turn.on())
            .await?;
        let known = query("select failures, until_ms from staff_refusals where name_sha256 = $1");
        let known: Option<(i64, i64)> = known.bind(name_sha256).first(turn.on()).await?;
        let (before, until_ms) = known.unwrap_or_default();
        if until_ms > now_ms {
            return Ok(Some(until_ms));
        }
        let failures = before + 1;
        let beyond = failures - FORGIVEN;
        let wait_ms = if beyond < 0 {
            0
        } else {
            FIRST_WAIT_MS << beyond.min(DOUBLINGS)
        };
        query(
            "insert into staff_refusals (name_sha256, failures, last_ms, until_ms)
             values ($1, $2, $3, $4) on conflict (name_sha256) do update
             set failures = excluded.failures, last_ms = excluded.last_ms,
                 until_ms = excluded.until_ms",
        )
        .bind(name_sha256)
        .bind(failures)
        .bind(now_ms)
        .bind(now_ms + wait_ms)
        .run(turn.on())
        .await?;
        turn.commit().await?;
        Ok(None)
    }

    /// Forgets wrong passwords: the right one came, or was set anew.
    pub(in crate::staff) async fn forgive(&self, name_sha256: &[u8]) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        let refusals = query("delete from staff_refusals where name_sha256 = $1");
        refusals.bind(name_sha256).run(turn.on()).await?;
        turn.commit().await
    }

    /// Keeps a sign-in that is under way, and forgets those that were given up.
    pub(in crate::staff) async fn begin_entering(
        &self,
        token_sha256: &[u8],
        entering: &Entering,
        now_ms: i64,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("delete from staff_sign_ins where expires_ms < $1")
            .bind(now_ms)
            .run(turn.on())
            .await?;
        query(
            "insert into staff_sign_ins (token_sha256, state, nonce, verifier, expires_ms)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(token_sha256)
        .bind(entering.state.as_str())
        .bind(entering.nonce.as_str())
        .bind(entering.verifier.as_str())
        .bind(expires_ms)
        .run(turn.on())
        .await?;
        turn.commit().await
    }

    /// Takes a sign-in that is under way: it can be gone on with once.
    pub(in crate::staff) async fn take_entering(
        &self,
        token_sha256: &[u8],
        now_ms: i64,
    ) -> Result<Option<Entering>, StoreError> {
        let mut turn = self.turn().await?;
        let taken = query(
            "delete from staff_sign_ins where token_sha256 = $1 and expires_ms >= $2
             returning state, nonce, verifier",
        );
        let taken = taken.bind(token_sha256).bind(now_ms);
        let taken = taken.first(turn.on()).await?;
        turn.commit().await?;
        Ok(taken)
    }
}
