//! Forwards as they are kept.

use super::Filter;
use crate::store::{FromRow, Query, Row, Store, StoreError, query, show_those_aside};

/// A record store that statements are forwarded to.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) endpoint: String,
    /// The header `Authorization`.
    pub(crate) credential: Credential,
    /// The version of xAPI that it is spoken to in.
    pub(crate) version: String,
    pub(crate) filter: Filter,
    pub(crate) link_local: bool,
    pub(crate) paused: bool,
    /// The last statement that was looked at.
    pub(crate) position: i64,
    pub(crate) created_ms: i64,
    /// How often in a row it could not be reached, and why.
    pub(crate) failures: u32,
    pub(crate) failure: Option<String>,
}

/// A secret that shows itself nowhere but where it is sent.
#[derive(Clone)]
pub(crate) struct Credential(pub(crate) String);

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// A forward with how much waits for it.
pub(super) struct Listed {
    pub(super) forward: Forward,
    pub(super) waiting: i64,
    pub(super) dead: i64,
}

/// What was given up.
pub(super) struct Dead {
    pub(super) number: i64,
    pub(super) forward: String,
    pub(super) since_ms: i64,
    pub(super) statement: String,
    pub(super) failure: String,
}

impl FromRow for Forward {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let filter: String = row.get("filter")?;
        Ok(Self {
            key: row.get("key")?,
            label: row.get("label")?,
            endpoint: row.get("endpoint")?,
            credential: Credential(row.get("credential")?),
            version: row.get("version")?,
            filter: serde_json::from_str(&filter).map_err(|cause| StoreError::Json {
                what: "filter",
                cause,
            })?,
            link_local: row.get("link_local")?,
            paused: row.get("paused")?,
            position: row.get("position")?,
            created_ms: row.get("created_ms")?,
            failures: row.count("failures")?,
            failure: row.get("failure")?,
        })
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            forward: Forward::from_row(row)?,
            waiting: row.get("waiting")?,
            dead: row.get("dead")?,
        })
    }
}

impl FromRow for Dead {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get("number")?,
            forward: row.get("forward")?,
            since_ms: row.get("dead_ms")?,
            statement: row.get("told")?,
            failure: row.get::<Option<String>>("failure")?.unwrap_or_default(),
        })
    }
}

impl Store {
    /// Where the statements end, with those that are aside.
    pub(super) async fn last_position(&self) -> Result<i64, StoreError> {
        let last = query(
            "select max(position) from (select max(position) as position from statements
             union all select max(position) from limited_statements) as ends",
        );
        let (last,): (Option<i64>,) = last.one(&mut self.reader().await?).await?;
        Ok(last.unwrap_or(0))
    }

    pub(super) async fn add_forward(&self, new: &Forward) -> Result<(), StoreError> {
        let filter = serde_json::to_string(&new.filter).map_err(|cause| StoreError::Json {
            what: "filter",
            cause,
        })?;
        let insert = query(
            "insert into forwards (key, label, endpoint, credential, version, filter, link_local,
                 position, created_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        );
        let insert = insert
            .bind(new.key.as_str())
            .bind(new.label.as_str())
            .bind(new.endpoint.as_str())
            .bind(new.credential.0.as_str())
            .bind(new.version.as_str())
            .bind(filter)
            .bind(new.link_local)
            .bind(new.position)
            .bind(new.created_ms);
        let mut turn = self.turn().await?;
        insert.run(turn.on()).await?;
        show_those_aside(turn.on(), new).await?;
        turn.commit().await
    }

    pub(super) async fn forwards(&self) -> Result<Vec<Listed>, StoreError> {
        let all = query(
            "select forwards.*,
                 (select count(*) from deliveries where forward = key and dead_ms is null)
                     as waiting,
                 (select count(*) from deliveries where forward = key and dead_ms is not null)
                     as dead
             from forwards order by created_ms, key",
        );
        all.all(&mut self.reader().await?).await
    }

    /// Stops or goes on; going on begins at once. `false` if there is no such forward.
    pub(super) async fn pause_forward(&self, key: &str, paused: bool) -> Result<bool, StoreError> {
        let update = query("update forwards set paused = $1, due_ms = 0 where key = $2");
        self.changed(update.bind(paused).bind(key)).await
    }

    pub(super) async fn remove_forward(&self, key: &str) -> Result<bool, StoreError> {
        self.changed(query("delete from forwards where key = $1").bind(key))
            .await
    }

    /// What was given up, oldest first: for one forward, or everything.
    pub(super) async fn dead(&self, forward: Option<&str>) -> Result<Vec<Dead>, StoreError> {
        let dead = query(
            "select number, forward, dead_ms, failure,
                 coalesce(deliveries.statement, statements.statement, '') as told
             from deliveries left join statements on statements.position = deliveries.position
             where dead_ms is not null and forward is not null and ($1 = '' or forward = $1)
             order by number",
        );
        dead.bind(forward.unwrap_or_default())
            .all(&mut self.reader().await?)
            .await
    }

    /// Lets what was given up be tried again: with these numbers, or all for a forward.
    pub(super) async fn requeue(&self, forward: &str, numbers: &[i64]) -> Result<u64, StoreError> {
        let mut update = query(
            "update deliveries set dead_ms = null, due_ms = 0, lease_ms = 0, attempts = 0,
                 created_ms = $1, failure = null
             where dead_ms is not null and forward = $2",
        )
        .bind(crate::store::now_us() / 1000)
        .bind(forward);
        if !numbers.is_empty() {
            update.push(" and number in (");
            update.push_list(numbers.iter().copied()).push(")");
        }
        let mut turn = self.turn().await?;
        let count = update.run(turn.on()).await?;
        turn.commit().await?;
        Ok(count)
    }

    async fn changed(&self, change: Query) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let count = change.run(turn.on()).await?;
        turn.commit().await?;
        Ok(count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Records, store::database_of};

    #[tokio::test]
    async fn a_database_of_before_forwards_nothing_until_it_is_told_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = database_of(folder.path(), 3).await;
        sqlx::query(
            "insert into visits
                 (id, token_sha256, venue, package, language, seed, created_ms, rule_version)
             values ('v', x'00', 'boat', 'p', 'en', 1, 1000, 1)",
        )
        .execute(&before)
        .await
        .expect("a visit");
        before.close().await;
        let store = Store::open(&Records::in_folder(folder.path().into())).await;
        let store = store.expect("it is upgraded");
        assert!(store.forwards().await.expect("a list").is_empty());
        assert_eq!(store.standing().await.expect("a count").waiting, 0);
        let visits = query("select id from visits");
        let mut reader = store.reader().await.expect("a reader");
        let visits: Vec<(String,)> = visits.all(&mut reader).await.expect("visits");
        assert_eq!(visits, [("v".to_owned(),)]);
        drop(reader);
        store.close().await;
    }
}
