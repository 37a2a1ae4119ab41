//! What the database knows, before statements are stored, of them and of who vouches for them.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;
use xinghuo_wire::lrs::Json;

use super::terms::Authority;
use crate::store::{Cells, Connection, Ends, FromRow, Row, Rows, StoreError};

/// What is known.
pub(super) struct Known {
    /// Where what is stored goes on.
    pub(super) ends: Ends,
    /// What is stored under the ids that were asked for, what is set aside included.
    pub(super) stored: HashMap<Uuid, Json>,
    /// Those of them that statements speak of.
    pub(super) spoken_of: BTreeSet<Uuid>,
    /// Those who vouched for something before.
    authorities: Vec<Authority>,
}

impl Known {
    /// What is known of `ids`, and of `agents`, as JSON, that vouch.
    pub(super) async fn of(
        on: &mut Connection,
        ids: &[Uuid],
        agents: &[&str],
    ) -> Result<Self, StoreError> {
        let after = format!(
            "), found (id, statement, agent, key, term) as (
                select s.id, s.statement, null, cast(null as bigint), cast(null as bigint)
                    from asked cross join statements s on s.id = asked.id
                union all select s.id, s.statement, null, cast(null as bigint), cast(null as bigint)
                    from asked cross join limited_statements s on s.id = asked.id
                union all select distinct s.target, null, null, cast(null as bigint), cast(null as bigint)
                    from asked cross join limited_statements s on s.target = asked.id
                union all select distinct s.target, null, null, cast(null as bigint), cast(null as bigint)
                    from asked cross join statements s on s.target = asked.id
                union all select null, null, a.agent, a.key, a.term
                    from asked cross join authorities a on a.agent = asked.agent)
             select {}, id, statement, agent, key, term
             from (select 1) as once left join found on true",
            Ends::columns(on)
        );
        let (no_ids, no_agents) = (agents.iter().map(|_| None), ids.iter().map(|_| None));
        let bytes = ids.iter().map(|id| Some(id.as_bytes().as_slice()));
        let asked = Rows {
            before: "with asked (id, agent) as (",
            columns: [
                Cells::Bytes(bytes.chain(no_ids).collect()),
                Cells::Texts(no_agents.chain(agents.iter().copied().map(Some)).collect()),
            ],
            after: &after,
        };
        let (mut stored, mut spoken_of) = (HashMap::new(), BTreeSet::new());
        let (mut ends, mut authorities) = (None, Vec::new());
        let found: Vec<(Ends, Found)> = asked.all(on).await?;
        for (now, found) in found {
            // Each row says the same of it.
            ends.get_or_insert(now);
            match found {
                Found::Nothing => {}
                Found::Stored(id, statement) => {
                    let json = Json::read(statement.as_bytes()).map_err(|_| unreadable())?;
                    stored.insert(id, json);
                }
                Found::SpokenOf(id) => _ = spoken_of.insert(id),
                Found::Authority(authority) => authorities.push(authority),
            }
        }
        Ok(Self {
            ends: ends.ok_or_else(unreadable)?,
            stored,
            spoken_of,
            authorities,
        })
    }

    /// Somebody who vouches, with a row made for them if they have none.
    pub(super) async fn authority(
        &mut self,
        on: &mut Connection,
        identity: &str,
        agent: String,
    ) -> Result<Authority, StoreError> {
        let known = self.authorities.iter().position(|it| it.agent == agent);
        match known {
            Some(known) => Ok(self.authorities.swap_remove(known)),
            None => Authority::made(on, identity, agent).await,
        }
    }
}

/// A row of what is known.
enum Found {
    Nothing,
    Stored(Uuid, String),
    SpokenOf(Uuid),
    Authority(Authority),
}

impl FromRow for (Ends, Found) {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let (id, statement): (Option<Vec<u8>>, Option<String>) =
            (row.get("id")?, row.get("statement")?);
        let id = id.map(|id| Uuid::from_slice(&id).map_err(|_| unreadable()));
        let found = match (id.transpose()?, statement, row.get("agent")?) {
            (Some(id), Some(statement), _) => Found::Stored(id, statement),
            (Some(id), None, _) => Found::SpokenOf(id),
            (None, _, Some(agent)) => Found::Authority(Authority {
                key: row.get("key")?,
                term: row.get("term")?,
                agent,
            }),
            (None, _, None) => Found::Nothing,
        };
        Ok((Ends::from_row(row)?, found))
    }
}

fn unreadable() -> StoreError {
    StoreError::Unreadable { what: "statement" }
}
