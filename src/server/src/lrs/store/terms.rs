//! What statements are found by, and what they tell of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use xinghuo_wire::lrs::{Json, Kind, defined};

use super::{kind_number, list, placing::Placed};
use crate::store::{Cells, Connection, FromRow, Row, Rows, StoreError, query};

/// Who vouches for a statement.
pub(super) struct Authority {
    pub(super) key: i64,
    pub(super) term: i64,
    /// The agent as JSON.
    pub(super) agent: String,
}

impl Authority {
    /// Makes the row of an agent that has not vouched before.
    pub(super) async fn made(
        on: &mut Connection,
        identity: &str,
        agent: String,
    ) -> Result<Self, StoreError> {
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

/// What is known of a term.
struct Term {
    kind: i64,
    name: String,
    key: i64,
    /// Of an activity.
    definition: Option<String>,
}

impl FromRow for Term {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.get("kind")?,
            name: row.get("name")?,
            key: row.get("key")?,
            definition: row.get("definition")?,
        })
    }
}

/// Terms by the number of their kind, and their name.
type Terms<'a> = HashMap<(i64, &'a str), &'a Term>;

fn known<'a>(terms: &Terms<'a>, kind: Kind, name: &str) -> Result<&'a Term, StoreError> {
    let term = terms.get(&(kind_number(kind), name)).copied();
    term.ok_or(StoreError::Unreadable { what: "term" })
}

/// Links statements with what they speak of and with who vouches for them, and adds to what is known of
/// that.
pub(super) async fn link(on: &mut Connection, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    let spoken_of = placed.iter().flat_map(|it| &it.mentions.links);
    let spoken_of: BTreeSet<_> = spoken_of
        .map(|link| (kind_number(link.kind), &*link.name))
        .collect();
    let terms = all(on, &spoken_of).await?;
    let terms: Terms<'_> = terms.iter().map(|it| ((it.kind, &*it.name), it)).collect();
    let (mut links, mut names) = (Vec::new(), BTreeSet::new());
    for it in placed {
        names.extend(&it.mentions.names);
        links.push((it.authority, 2, it.position));
        for link in &it.mentions.links {
            let term = known(&terms, link.kind, &link.name)?;
            links.push((term.key, i64::from(link.is_related), it.position));
        }
    }
    // In the order of the table's key, so that neighbours are written together.
    links.sort_unstable();
    let insert = Rows {
        before: "insert into links (term, reach, position)",
        columns: [
            Cells::Ints(links.iter().map(|(term, ..)| *term).collect()),
            Cells::Ints(links.iter().map(|(_, reach, _)| *reach).collect()),
            Cells::Ints(links.iter().map(|(.., position)| *position).collect()),
        ],
        after: "",
    };
    insert.run(on).await?;
    name(on, &names).await?;
    define(on, placed, &terms).await
}

/// All these terms, those that nobody spoke of before included.
async fn all(on: &mut Connection, asked: &BTreeSet<(i64, &str)>) -> Result<Vec<Term>, StoreError> {
    for (_, name) in asked {
        refuse_nul(name)?;
    }
    let known = query(
        "select kind, name, terms.key, definition from json_each($1)
         cross join terms on kind = cast(value ->> 0 as bigint) and name = value ->> 1
         left join definitions on kind = 1 and term = terms.key",
    );
    let known = known.bind(listed(asked));
    let mut known: Vec<Term> = known.all(on).await?;
    let is_known: HashSet<_> = known.iter().map(|it| (it.kind, &*it.name)).collect();
    let new = asked.iter().filter(|term| !is_known.contains(*term));
    let new: Vec<_> = new.collect();
    if !new.is_empty() {
        let made = query(
            "insert into terms (kind, name)
             select cast(value ->> 0 as bigint), value ->> 1 from json_each($1)
             returning kind, name, key, null as definition",
        );
        let made: Vec<Term> = made.bind(listed(new)).all(on).await?;
        known.extend(made);
    }
    Ok(known)
}

/// Terms for `json_each`.
fn listed<'a>(terms: impl IntoIterator<Item = &'a (i64, &'a str)>) -> String {
    let terms = terms.into_iter();
    list(terms.map(|(kind, name)| [Json::Number(kind.to_string()), Json::text(*name)]))
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
async fn define(
    on: &mut Connection,
    placed: &[Placed<'_>],
    terms: &Terms<'_>,
) -> Result<(), StoreError> {
    let mut told: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for (activity, definition) in placed.iter().flat_map(|it| &it.mentions.definitions) {
        let told = told.entry(activity).or_default();
        // Telling the same again adds nothing.
        if told.last() != Some(&definition) {
            told.push(definition);
        }
    }
    for (activity, told) in told {
        let term = known(terms, Kind::Activity, activity)?;
        let before = term.definition.as_deref();
        let parsed = before.and_then(|known| Json::read(known.as_bytes()).ok());
        let now = told
            .into_iter()
            .fold(parsed, |known, told| Some(defined(known.as_ref(), told)));
        let now = now.map(|now| now.to_string());
        if before == now.as_deref() {
            continue;
        }
        query(
            "insert into definitions (term, definition) values ($1, $2)
             on conflict (term) do update set definition = excluded.definition",
        )
        .bind(term.key)
        .bind(now)
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
                 and not exists (select 1 from limited_links where term = $1)
                 and not exists (select 1 from authorities where term = $1)",
        )
        .bind(*term)
        .run(on)
        .await?;
    }
    Ok(())
}
