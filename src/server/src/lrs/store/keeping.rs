//! Keeping statements: all of a batch or nothing of it, each under its id and once.

use std::collections::BTreeSet;

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use xinghuo_wire::lrs::{
    Json, Mentions, Moment, Submitted, XapiVersion, attachments, identity_of, is_voiding, mentions,
};

use super::terms::{self, Authority};
use crate::{
    lrs::attachments::Attached,
    store::{Store, StoreError, now_us},
};

/// Statements that come in together. Each has an id, and no two the same.
pub(in crate::lrs) struct Batch {
    pub(in crate::lrs) statements: Vec<Submitted>,
    pub(in crate::lrs) attached: Vec<Attached>,
    pub(in crate::lrs) authority: Json,
    pub(in crate::lrs) authority_identity: String,
    pub(in crate::lrs) may_void_others: bool,
    pub(in crate::lrs) version: XapiVersion,
}

/// What became of a batch.
pub(in crate::lrs) enum Kept {
    /// Everything is stored, or was already: the ids in the batch's order.
    All(Vec<Uuid>),
    /// Nothing is stored: another statement has this id.
    Conflict(Uuid),
    /// Nothing is stored: this statement may not be voided by whoever tries to.
    MayNotVoid(Uuid),
}

/// A statement that follows from a visit.
pub(crate) struct Derived<'a> {
    pub(crate) id: &'a str,
    pub(crate) visit: &'a str,
    pub(crate) json: &'a str,
}

/// A statement that is about to be kept.
struct New<'a> {
    id: Uuid,
    json: &'a Json,
    mentions: &'a Mentions,
    /// `None` for 2.0.0.
    version: Option<&'a str>,
    authority: &'a Authority,
    visit: Option<&'a str>,
    stored_us: i64,
}

/// A statement that has been put into its table.
pub(super) struct Placed<'a> {
    id: Uuid,
    pub(super) position: i64,
    pub(super) mentions: &'a Mentions,
}

impl Store {
    /// Keeps a batch. When this returns, it is on the disk.
    pub(in crate::lrs) async fn keep(&self, mut batch: Batch) -> Result<Kept, StoreError> {
        let mentioned: Vec<_> = batch
            .statements
            .iter()
            .map(|it| mentions(it.json()))
            .collect();
        let mut turn = self.turn().await?;
        let on = turn.on();
        let authority = Authority::of(on, &batch.authority_identity, &batch.authority).await?;
        let mut stored_us = next_stored_us(on).await?;
        keep_contents(on, &batch.attached).await?;
        let (mut ids, mut placed) = (Vec::new(), Vec::new());
        for (statement, mentions) in batch.statements.iter_mut().zip(&mentioned) {
            let Some(id) = statement.id else { continue };
            ids.push(id);
            statement.set_timestamp(Moment::from_unix_micros(stored_us));
            let new = New {
                id,
                json: statement.json(),
                mentions,
                version: Some(&*statement.version).filter(|version| *version != "2.0.0"),
                authority: &authority,
                visit: None,
                stored_us,
            };
            let Some(position) = new.insert(on).await? else {
                if is_there(on, id, statement, batch.version).await? {
                    continue;
                }
                return Ok(Kept::Conflict(id));
            };
            stored_us += 1;
            placed.push(Placed {
                id,
                position,
                mentions,
            });
            if let Some(target) = target(mentions)
                && is_voiding(statement.json())
                && !void(on, target, &authority, batch.may_void_others).await?
            {
                return Ok(Kept::MayNotVoid(target));
            }
            name_contents(on, position, statement.json()).await?;
        }
        make_findable(on, &placed, &authority).await?;
        turn.commit().await?;
        Ok(Kept::All(ids))
    }
}

/// Keeps a statement that follows from a visit, unless it is there: the same event of the same
/// visit has the same id.
pub(crate) async fn keep_derived(
    on: &mut SqliteConnection,
    derived: &Derived<'_>,
) -> Result<(), StoreError> {
    let unreadable = || StoreError::Unreadable { what: "statement" };
    let json = Json::read(derived.json.as_bytes()).map_err(|_| unreadable())?;
    let page = json.text_at(&["actor", "account", "homePage"]);
    let page = page.ok_or_else(unreadable)?;
    let (name, mentions) = ("xinghuo", mentions(&json));
    let account = [("homePage", Json::text(page)), ("name", Json::text(name))];
    let agent = Json::object([
        ("objectType", Json::text("Agent")),
        ("account", Json::object(account)),
    ]);
    let authority = Authority::of(on, &identity_of(page, name), &agent).await?;
    let id = derived.id.parse().map_err(|_| unreadable())?;
    let new = New {
        id,
        json: &json,
        mentions: &mentions,
        version: None,
        authority: &authority,
        visit: Some(derived.visit),
        stored_us: next_stored_us(on).await?,
    };
    let Some(position) = new.insert(on).await? else {
        return Ok(());
    };
    let placed = Placed {
        id,
        position,
        mentions: &mentions,
    };
    make_findable(on, &[placed], &authority).await
}

/// Statements are stored one after the other, even if the clock is set back.
async fn next_stored_us(on: &mut SqliteConnection) -> Result<i64, StoreError> {
    let last = "select stored_us from statements order by position desc limit 1";
    let last: Option<i64> = sqlx::query_scalar(last).fetch_optional(on).await?;
    Ok(now_us().max(last.unwrap_or(0) + 1))
}

fn target(mentions: &Mentions) -> Option<Uuid> {
    mentions.target.as_deref()?.parse().ok()
}

impl New<'_> {
    /// Puts the statement into its table and says where; `None` if there is one with its id.
    async fn insert(&self, on: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
        let target = target(self.mentions);
        let position = sqlx::query_scalar(
            "insert into statements
                 (id, visit, statement, stored_us, version, authority, target, is_voiding)
             values (?, ?, ?, ?, ?, ?, ?, ?)
             on conflict (id) do nothing returning position",
        )
        .bind(self.id.as_bytes().as_slice())
        .bind(self.visit)
        .bind(self.json.to_string())
        .bind(self.stored_us)
        .bind(self.version)
        .bind(self.authority.key)
        .bind(target.as_ref().map(|target| target.as_bytes().as_slice()))
        .bind(is_voiding(self.json))
        .fetch_optional(on)
        .await?;
        Ok(position)
    }
}

/// Links statements with what they are found by: what they speak of, and what the statements that
/// they speak of are found by, whichever of the two came first.
async fn make_findable(
    on: &mut SqliteConnection,
    placed: &[Placed<'_>],
    authority: &Authority,
) -> Result<(), StoreError> {
    terms::link(on, placed, authority).await?;
    terms::define(on, placed).await?;
    for it in placed {
        if let Some(target) = target(it.mentions) {
            inherit(on, it.position, target).await?;
        }
    }
    let ids = placed.iter().map(|it| it.id.simple().to_string());
    let ids = ids.map(|id| format!("\"{id}\"")).collect::<Vec<_>>();
    let spoken_of: Vec<Vec<u8>> = sqlx::query_scalar(
        "select distinct target from statements
         where target in (select unhex(value) from json_each(?))",
    )
    .bind(format!("[{}]", ids.join(",")))
    .fetch_all(&mut *on)
    .await?;
    let spoken_of = BTreeSet::from_iter(spoken_of);
    for it in placed {
        if spoken_of.contains(it.id.as_bytes().as_slice()) {
            meet_those_before(on, it).await?;
        }
    }
    Ok(())
}

/// Statements that spoke of this one before it was here are found by what it is found by, and void
/// it if that is what they do.
async fn meet_those_before(
    on: &mut SqliteConnection,
    placed: &Placed<'_>,
) -> Result<(), StoreError> {
    let mut waiting = vec![placed.id];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let speakers =
            sqlx::query("select id, position, is_voiding from statements where target = ?")
                .bind(id.as_bytes().as_slice())
                .fetch_all(&mut *on)
                .await?;
        for speaker in speakers {
            inherit(on, speaker.try_get("position")?, id).await?;
            let own: Vec<u8> = speaker.try_get("id")?;
            waiting.extend(Uuid::from_slice(&own).ok());
            if id == placed.id && speaker.try_get("is_voiding")? {
                mark_voided(on, id).await?;
            }
        }
    }
    Ok(())
}

/// A statement is found by everything that its object is found by.
async fn inherit(on: &mut SqliteConnection, position: i64, target: Uuid) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into links (term, reach, position)
         select term, reach, ?1 from links
         where position = (select position from statements where id = ?2) and reach < 2",
    )
    .bind(position)
    .bind(target.as_bytes().as_slice())
    .execute(on)
    .await?;
    Ok(())
}

/// Voids a statement if it is here; `false` if whoever wants to may not.
async fn void(
    on: &mut SqliteConnection,
    target: Uuid,
    by: &Authority,
    may_void_others: bool,
) -> Result<bool, StoreError> {
    let whose: Option<i64> = sqlx::query_scalar(
        "select term from statements join authorities on key = authority where id = ?",
    )
    .bind(target.as_bytes().as_slice())
    .fetch_optional(&mut *on)
    .await?;
    if whose.is_some_and(|whose| whose != by.term && !may_void_others) {
        return Ok(false);
    }
    mark_voided(on, target).await?;
    Ok(true)
}

/// What voids cannot be voided.
async fn mark_voided(on: &mut SqliteConnection, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("update statements set voided = 1 where id = ? and is_voiding = 0")
        .bind(id.as_bytes().as_slice())
        .execute(on)
        .await?;
    Ok(())
}

/// Whether the statement that is stored under an id says the same.
async fn is_there(
    on: &mut SqliteConnection,
    id: Uuid,
    sent: &Submitted,
    version: XapiVersion,
) -> Result<bool, StoreError> {
    let there: String = sqlx::query_scalar("select statement from statements where id = ?")
        .bind(id.as_bytes().as_slice())
        .fetch_one(on)
        .await?;
    let there = Json::read(there.as_bytes());
    let there = there.map_err(|_| StoreError::Unreadable { what: "statement" })?;
    Ok(sent.is_same_as(&there, version))
}

async fn keep_contents(on: &mut SqliteConnection, attached: &[Attached]) -> Result<(), StoreError> {
    for Attached { sha2, content } in attached {
        sqlx::query("insert or ignore into attachments (sha2, content) values (?, ?)")
            .bind(sha2)
            .bind(content)
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Remembers which statement brought which contents.
async fn name_contents(
    on: &mut SqliteConnection,
    position: i64,
    json: &Json,
) -> Result<(), StoreError> {
    for attachment in attachments(json) {
        let sum = attachment.text_at(&["sha2"]).unwrap_or_default();
        sqlx::query(
            "insert or ignore into attachments_of_statements (position, sha2)
             select ?, sha2 from attachments where sha2 = ?",
        )
        .bind(position)
        .bind(sum.to_ascii_lowercase())
        .execute(&mut *on)
        .await?;
    }
    Ok(())
}
