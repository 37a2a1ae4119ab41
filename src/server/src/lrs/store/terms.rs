//! What statements are found by, and what they tell of it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;
use xinghuo_wire::lrs::{Json, defined};

use super::{keeping::Placed, kind_number};
use crate::store::StoreError;

/// Who vouches for a statement.
pub(super) struct Authority {
    pub(super) key: i64,
    pub(super) term: i64,
}

impl Authority {
    /// The row of an agent that vouches.
    pub(super) async fn of(
        on: &mut SqliteConnection,
        identity: &str,
        agent: &Json,
    ) -> Result<Self, StoreError> {
        let agent = agent.to_string();
        let there: Option<(i64, i64)> =
            sqlx::query_as("select key, term from authorities where agent = ?")
                .bind(&agent)
                .fetch_optional(&mut *on)
                .await?;
        if let Some((key, term)) = there {
            return Ok(Self { key, term });
        }
        sqlx::query("insert or ignore into terms (kind, name) values (0, ?)")
            .bind(identity)
            .execute(&mut *on)
            .await?;
        let (key, term) = sqlx::query_as(
            "insert into authorities (term, agent)
             select key, ? from terms where kind = 0 and name = ? returning key, term",
        )
        .bind(&agent)
        .bind(identity)
        .fetch_one(on)
        .await?;
        Ok(Self { key, term })
    }
}

/// Links statements with what they speak of and with who vouches for them.
pub(super) async fn link(
    on: &mut SqliteConnection,
    placed: &[Placed<'_>],
    authority: &Authority,
) -> Result<(), StoreError> {
    let number = |number: i64| Json::Number(number.to_string());
    let (mut links, mut positions, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for it in placed {
        positions.push(number(it.position));
        names.extend(&it.mentions.names);
        links.extend(it.mentions.links.iter().map(|link| {
            Json::List(vec![
                number(kind_number(link.kind)),
                number(i64::from(link.is_related)),
                Json::text(&*link.name),
                number(it.position),
            ])
        }));
    }
    let links = Json::List(links).to_string();
    sqlx::query(
        "insert into terms (kind, name)
         select distinct value ->> 0, value ->> 2 from json_each(?) where true
         on conflict (kind, name) do nothing",
    )
    .bind(&links)
    .execute(&mut *on)
    .await?;
    sqlx::query(
        "insert into links (term, reach, position)
         select terms.key, value ->> 1, value ->> 3 from json_each(?1)
         cross join terms on kind = value ->> 0 and name = value ->> 2
         union all select ?3, 2, value from json_each(?2)",
    )
    .bind(&links)
    .bind(Json::List(positions).to_string())
    .bind(authority.term)
    .execute(&mut *on)
    .await?;
    if names.is_empty() {
        return Ok(());
    }
    let names = names
        .into_iter()
        .map(|(identity, name)| Json::List(vec![Json::text(&**identity), Json::text(&**name)]));
    sqlx::query(
        "insert or ignore into agent_names (term, name)
         select terms.key, value ->> 1 from json_each(?)
         cross join terms on kind = 0 and terms.name = value ->> 0",
    )
    .bind(Json::List(names.collect()).to_string())
    .execute(on)
    .await?;
    Ok(())
}

/// Adds to what is known of activities what statements tell of them.
pub(super) async fn define(
    on: &mut SqliteConnection,
    placed: &[Placed<'_>],
) -> Result<(), StoreError> {
    let mut told: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for (activity, definition) in placed.iter().flat_map(|it| &it.mentions.definitions) {
        told.entry(activity).or_default().push(definition);
    }
    if told.is_empty() {
        return Ok(());
    }
    let activities = told.keys().map(|activity| Json::text(*activity));
    let rows: Vec<(String, i64, Option<String>)> = sqlx::query_as(
        "select name, terms.key, definition
         from json_each(?) cross join terms on kind = 1 and name = value
         left join definitions on term = terms.key",
    )
    .bind(Json::List(activities.collect()).to_string())
    .fetch_all(&mut *on)
    .await?;
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
        sqlx::query("insert or replace into definitions (term, definition) values (?, ?)")
            .bind(term)
            .bind(now)
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Forgets what nothing is found by any more, of the agents and registrations among `terms`.
pub(crate) async fn forget(on: &mut SqliteConnection, terms: &[i64]) -> Result<(), StoreError> {
    for term in terms {
        sqlx::query(
            "delete from terms where key = ?1 and kind in (0, 3)
                 and not exists (select 1 from links where term = ?1)
                 and not exists (select 1 from authorities where term = ?1)",
        )
        .bind(term)
        .execute(&mut *on)
        .await?;
    }
    Ok(())
}

/// The terms that a visit's statements are found by.
pub(crate) async fn of_visit(
    on: &mut SqliteConnection,
    visit: &str,
) -> Result<Vec<i64>, StoreError> {
    let terms = sqlx::query_scalar(
        "select distinct term from links
         where position in (select position from statements where visit = ?)",
    );
    Ok(terms.bind(visit).fetch_all(on).await?)
}
