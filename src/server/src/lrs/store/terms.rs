//! What statements are found by, and what they tell of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use xinghuo_wire::lrs::{Json, defined};

use super::{kind_number, list, placing::Placed};
use crate::store::{Connection, StoreError, in_lengths, query};

/// How many links are written by one query.
const AT_ONCE: usize = 256;

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
        agent: String,
    ) -> Result<Self, StoreError> {
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

/// The keys of terms: by the number of their kind, and their name.
type Keys<'a> = HashMap<(i64, &'a str), i64>;

/// Links statements with what they speak of and with who vouches for them.
pub(super) async fn link(on: &mut Connection, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    let spoken_of = placed.iter().flat_map(|it| &it.mentions.links);
    let spoken_of: BTreeSet<_> = spoken_of
        .map(|link| (kind_number(link.kind), &*link.name))
        .collect();
    let keys = keys(on, &spoken_of).await?;
    let (mut links, mut names) = (Vec::new(), BTreeSet::new());
    for it in placed {
        names.extend(&it.mentions.names);
        links.push((it.authority, 2, it.position));
        for link in &it.mentions.links {
            let key = keys.get(&(kind_number(link.kind), &*link.name));
            let key = key.ok_or(StoreError::Unreadable { what: "term" })?;
            links.push((*key, i64::from(link.is_related), it.position));
        }
    }
    // In the order of the table's key, so that neighbours are written together.
    links.sort_unstable();
    for links in in_lengths(&links, AT_ONCE) {
        let mut insert = query("insert into links (term, reach, position) values ");
        for (n, (term, reach, position)) in links.iter().enumerate() {
            insert.push(if n == 0 { "(" } else { ", (" });
            insert.push_bind(*term).push(", ");
            insert.push_bind(*reach).push(", ");
            insert.push_bind(*position).push(")");
        }
        insert.run(on).await?;
    }
    name(on, &names).await
}

/// The keys of all these terms, those that nobody spoke of before included.
async fn keys<'a>(
    on: &mut Connection,
    terms: &BTreeSet<(i64, &'a str)>,
) -> Result<Keys<'a>, StoreError> {
    for (_, name) in terms {
        refuse_nul(name)?;
    }
    let listed = |terms: &[(i64, &str)]| {
        let rows = terms
            .iter()
            .map(|(kind, name)| [Json::Number(kind.to_string()), Json::text(*name)]);
        list(rows)
    };
    let asked: Vec<_> = terms.iter().copied().collect();
    let known = query(
        "select kind, name, terms.key from json_each($1)
         cross join terms on kind = cast(value ->> 0 as bigint) and name = value ->> 1",
    );
    let mut known: Vec<(i64, String, i64)> = known.bind(listed(&asked)).all(on).await?;
    let is_known: HashSet<_> = known
        .iter()
        .map(|(kind, name, _)| (*kind, &**name))
        .collect();
    let new: Vec<_> = asked
        .iter()
        .copied()
        .filter(|term| !is_known.contains(term))
        .collect();
    if !new.is_empty() {
        let made = query(
            "insert into terms (kind, name)
             select cast(value ->> 0 as bigint), value ->> 1 from json_each($1)
             returning kind, name, key",
        );
        let made: Vec<(i64, String, i64)> = made.bind(listed(&new)).all(on).await?;
        known.extend(made);
    }
    let known: HashMap<_, _> = known
        .iter()
        .map(|(kind, name, key)| ((*kind, &**name), *key))
        .collect();
    let keys = terms.iter();
    let keys = keys.filter_map(|term| Some((*term, *known.get(term)?)));
    Ok(keys.collect())
}

/// Remembers under which names agents were spoken of.
async fn name(on: &mut Connection, names: &BTreeSet<&(String, String)>) -> Result<(), StoreError> {
    if names.is_empty() {
        return Ok(());
    }
    for (_, name) in names {
        refuse_nul(name)?;
    }
    let names = names.iter();
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
        let told = told.entry(activity).or_default();
        // Telling the same again adds nothing.
        if told.last() != Some(&definition) {
            told.push(definition);
        }
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
