//! Credentials as they are stored.

use sqlx::{FromRow, Row, sqlite::SqliteRow};

use crate::store::{Store, StoreError};

/// A credential without its secret. Times are milliseconds since 1970.
#[derive(Debug, Clone)]
pub(in crate::lrs) struct StoredCredential {
    pub(in crate::lrs) key: String,
    pub(in crate::lrs) label: String,
    pub(in crate::lrs) secret_sha256: Vec<u8>,
    /// Names with blanks between them.
    pub(in crate::lrs) scopes: String,
    pub(in crate::lrs) created_ms: i64,
    pub(in crate::lrs) expires_ms: Option<i64>,
    pub(in crate::lrs) revoked_ms: Option<i64>,
}

impl FromRow<'_, SqliteRow> for StoredCredential {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            key: row.try_get("key")?,
            label: row.try_get("label")?,
            secret_sha256: row.try_get("secret_sha256")?,
            scopes: row.try_get("scopes")?,
            created_ms: row.try_get("created_ms")?,
            expires_ms: row.try_get("expires_ms")?,
            revoked_ms: row.try_get("revoked_ms")?,
        })
    }
}

impl Store {
    /// The credential with that key.
    pub(in crate::lrs) async fn credential(
        &self,
        key: &str,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let one = sqlx::query_as("select * from credentials where key = ?");
        Ok(one.bind(key).fetch_optional(self.readers()).await?)
    }

    /// Every credential, oldest first.
    pub(in crate::lrs) async fn credentials(&self) -> Result<Vec<StoredCredential>, StoreError> {
        let all = sqlx::query_as("select * from credentials order by created_ms, key");
        Ok(all.fetch_all(self.readers()).await?)
    }

    /// Stores a new one.
    pub(in crate::lrs) async fn add_credential(
        &self,
        new: &StoredCredential,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        sqlx::query(
            "insert into credentials
                 (key, label, secret_sha256, scopes, created_ms, expires_ms, revoked_ms)
             values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&new.key)
        .bind(&new.label)
        .bind(&new.secret_sha256)
        .bind(&new.scopes)
        .bind(new.created_ms)
        .bind(new.expires_ms)
        .bind(new.revoked_ms)
        .execute(turn.on())
        .await?;
        turn.commit().await
    }

    /// Ends a credential; `false` if there is none with that key.
    pub(in crate::lrs) async fn revoke_credential(
        &self,
        key: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let done = sqlx::query(
            "update credentials set revoked_ms = coalesce(revoked_ms, ?) where key = ?",
        )
        .bind(now_ms)
        .bind(key)
        .execute(turn.on())
        .await?;
        turn.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}
