//! Credentials as they are stored.

use crate::store::{FromRow, Row, Store, StoreError, query};

/// A credential without its secret. Times are milliseconds since 1970.
#[derive(Debug, Clone)]
pub(crate) struct StoredCredential {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(in crate::lrs) secret_sha256: Vec<u8>,
    /// Names with blanks between them.
    pub(crate) scopes: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) revoked_ms: Option<i64>,
}

impl FromRow for StoredCredential {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.get("key")?,
            label: row.get("label")?,
            secret_sha256: row.get("secret_sha256")?,
            scopes: row.get("scopes")?,
            created_ms: row.get("created_ms")?,
            expires_ms: row.get("expires_ms")?,
            revoked_ms: row.get("revoked_ms")?,
        })
    }
}

impl Store {
    /// The credential with that key.
    pub(in crate::lrs) async fn credential(
        &self,
        key: &str,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let one = query("select * from credentials where key = $1").bind(key);
        one.first(&mut self.reader().await?).await
    }

    /// Every credential, oldest first.
    pub(crate) async fn credentials(&self) -> Result<Vec<StoredCredential>, StoreError> {
        let all = query("select * from credentials order by created_ms, key");
        all.all(&mut self.reader().await?).await
    }

    /// Stores a new one.
    pub(in crate::lrs) async fn add_credential(
        &self,
        new: &StoredCredential,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query(
            "insert into credentials
                 (key, label, secret_sha256, scopes, created_ms, expires_ms, revoked_ms)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.key.as_str())
        .bind(new.label.as_str())
        .bind(new.secret_sha256.as_slice())
        .bind(new.scopes.as_str())
        .bind(new.created_ms)
        .bind(new.expires_ms)
        .bind(new.revoked_ms)
        .run(turn.on())
        .await?;
        turn.commit().await
    }

    /// Ends a credential; `false` if there is none with that key.
    pub(crate) async fn revoke_credential(
        &self,
        key: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let touched =
            query("update credentials set revoked_ms = coalesce(revoked_ms, $1) where key = $2")
                .bind(now_ms)
                .bind(key)
                .run(turn.on())
                .await?;
        turn.commit().await?;
        Ok(touched > 0)
    }
}
