//! What statements are found by, and what they tell of it.

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_wire::lrs::{Json, defined};

use super::{keeping::Placed, kind_number, list};
use crate::store::{Connection, StoreError, query};

/// Who vouches for a statement.
pub(super) struct Authority {
    pub(super) key: i64,
    pub(super) term: i64,
    /// The agent as JSON.
    pub(super) agent: String,
}

impl Authority {
    /// The row of an agent that vouches.
    pub(super) async fn of(
        on: &mut Connection,
        identity: &str,
        agent: &Json,
    ) -> Result<Self, StoreError> {
        let agent = agent.to_string();
        let there = query("select key, term from authorities where agent = $1");
        if let Some((key, term)) = there.bind(agent.as_str()).first(on).await? {
            return Ok(Self { key, term, agent });
        }
        refuse_nul(identity)?;
        query("insert into terms (kind, name) values (0, $1) on conflict do nothing")
            .bind(identity)
            .run(on)
            .await?;
        let made = query(
            "insert into authorities (term, agent)
             select key, $1 from terms where kind = 0 and name = $2 returning key, term",
        );
        let (key, term) = made.bind(agent.as_str()).bind(identity).one(on).await?;
        Ok(Self { key, term, agent })
    }
}

/// Links statements with what they speak of and with who vouches for them.
pub(super) async fn link(
    on: &mut Connection,
    placed: &[Placed<'_>],
    authority: &Authority,
) -> Result<(), StoreError> {
    let number = |number: i64| Json::Number(number.to_string());
    let (mut links, mut positions, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for it in placed {
        positions.push([number(it.position)]);
        names.extend(&it.mentions.names);
        for link in &it.mentions.links {
            refuse_nul(&link.name)?;
            links.push([
                number(kind_number(link.kind)),
                number(i64::from(link.is_related)),
                Json::text(&*link.name),
                number(it.position),
            ]);
        }
    }
    let links = list(links);
    query(
        "insert into terms (kind, name)
         select distinct cast(value ->> 0 as bigint), value ->> 2 from json_each($1) where true
         on conflict do nothing",
    )
    .bind(links.as_str())
    .run(on)
    .await?;
    query(
        "insert into links (term, reach, position)
         select terms.key, cast(value ->> 1 as bigint), cast(value ->> 3 as bigint)
         from json_each($1)
         cross join terms on kind = cast(value ->> 0 as bigint) and name = value ->> 2
         union all select $3, 2, cast(value ->> 0 as bigint) from json_each($2)",
    )
    .bind(links)
    .bind(list(positions))
    .bind(authority.term)
    .run(on)
    .await?;
    if names.is_empty() {
        return Ok(());
    }
    for (_, name) in &names {
        refuse_nul(name)?;
    }
    let names = names.into_iter();
    let names = names.map(|(identity, name)| [Json::text(&**identity), Json::text(&**name)]);
    query(
        "insert into agent_names (term, name)
         select terms.key, value ->> 1 from json_each($1)
         cross join terms on kind = 0 and terms.name = value ->> 0 where true
         on conflict do nothing",
    )
    .bind(list(names))
    .run(on)
    .await?;
    Ok(())
}

/// SQLite would end a name at U+0000, and one name would be another; PostgreSQL has no such texts.
fn refuse_nul(name: &str) -> Result<(), StoreError> {
    if name.contains('\0') {
        return Err(StoreError::Nul);
    }
    Ok(())
}

/// Adds to what is known of activities what statements tell of them.
pub(super) async fn define(on: &mut Connection, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    let mut told: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for (activity, definition) in placed.iter().flat_map(|it| &it.mentions.definitions) {
        told.entry(activity).or_default().push(definition);
    }
    if told.is_empty() {
        return Ok(());
    }
    let known = query(
        "select name, terms.key, definition
         from json_each($1) cross join terms on kind = 1 and name = value ->> 0
         left join definitions on term = terms.key",
    );
    let known = known.bind(list(told.keys().map(|activity| [Json::text(*activity)])));
    let rows: Vec<(String, i64, Option<String>)> = known.all(on).await?;
    for (name, term, known) in rows {
        let parsed = known
            .as_deref()
            .and_then(|known| Json::read(known.as_bytes()).ok());
        let told = told.get(name.as_str()).into_iter().flatten();
        let now = told.fold(parsed, |known, told| Some(defined(known.as_ref(), told)));
        let now = now.map(|now| now.to_string());
        if known == now {
            continue;
        }
        query(
            "insert into definitions (term, definition) values ($1, $2)
             on conflict (term) do update set definition = excluded.definition",
        )
        .bind(term)
        .bind(now.as_deref())
        .run(on)
        .await?;
    }
    Ok(())
}

/// Forgets what nothing is found by any more, of the agents and registrations among `terms`.
pub(crate) async fn forget(on: &mut Connection, terms: &[i64]) -> Result<(), StoreError> {
    for term in terms {
        query(
            "delete from terms where key = $1 and kind in (0, 3)
                 and not exists (select 1 from links where term = $1)
                 and not exists (select 1 from authorities where term = $1)",
        )
        .bind(*term)
        .run(on)
        .await?;
    }
    Ok(())
}
