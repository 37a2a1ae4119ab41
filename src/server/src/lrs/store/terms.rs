//! What statements are found by, and what they tell of it.

use sqlx::SqliteConnection;
use xinghuo_wire::lrs::{Json, Mentions, defined};

use super::kind_number;
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

/// Links a statement with what it speaks of.
pub(super) async fn link(
    on: &mut SqliteConnection,
    position: i64,
    mentions: &Mentions,
    authority: &Authority,
) -> Result<(), StoreError> {
    let links = mentions.links.iter().map(|link| {
        Json::List(vec![
            Json::Number(kind_number(link.kind).to_string()),
            Json::Number(u8::from(link.is_related).to_string()),
            Json::text(&*link.name),
        ])
    });
    let links = Json::List(links.collect()).to_string();
    sqlx::query(
        "insert into terms (kind, name)
         select value ->> 0, value ->> 2 from json_each(?) where true
         on conflict (kind, name) do nothing",
    )
    .bind(&links)
    .execute(&mut *on)
    .await?;
    sqlx::query(
        "insert into links (term, reach, position)
         select terms.key, value ->> 1, ?2 from json_each(?1)
         cross join terms on kind = value ->> 0 and name = value ->> 2
         union all select ?3, 2, ?2",
    )
    .bind(&links)
    .bind(position)
    .bind(authority.term)
    .execute(&mut *on)
    .await?;
    if mentions.names.is_empty() {
        return Ok(());
    }
    let names = mentions
        .names
        .iter()
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

/// Adds to what is known of activities what a statement tells of them.
pub(super) async fn define(
    on: &mut SqliteConnection,
    mentions: &Mentions,
) -> Result<(), StoreError> {
    for (activity, definition) in &mentions.definitions {
        let (term, known): (i64, Option<String>) = sqlx::query_as(
            "select key, definition from terms left join definitions on term = key
             where kind = 1 and name = ?",
        )
        .bind(activity)
        .fetch_one(&mut *on)
        .await?;
        let parsed = known
            .as_deref()
            .and_then(|known| Json::read(known.as_bytes()).ok());
        let now = defined(parsed.as_ref(), definition).to_string();
        if known.as_deref() == Some(&*now) {
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
