//! Keeping statements: all of a batch or nothing of it, each under its id and once.

use std::collections::BTreeSet;

use uuid::Uuid;
use xinghuo_wire::lrs::{
    Json, Mentions, Moment, Submitted, XapiVersion, attachments, identity_of, is_voiding, mentions,
};

use super::terms::{self, Authority};
use crate::{
    lrs::attachments::Attached,
    store::{Chain, Connection, Content, Store, StoreError, keep_laid, next_stored_us, query},
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
        let attached = batch.attached.drain(..);
        let attached = attached.map(|Attached { sha2, content }| (sha2, content));
        let laid = self.lay(attached.collect()).await?;
        let mut turn = self.turn().await?;
        let on = turn.on();
        let authority = Authority::of(on, &batch.authority_identity, &batch.authority).await?;
        let mut stored_us = next_stored_us(on).await?;
        let mut chain = Chain::end(on).await?;
        keep_laid(on, &laid).await?;
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
            let Some(position) = new.insert(on, &mut chain).await? else {
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
        chain.write(on).await?;
        make_findable(on, &placed, &authority).await?;
        turn.commit().await?;
        Ok(Kept::All(ids))
    }
}

/// Keeps a statement that follows from a visit, unless it is there: the same event of the same
/// visit has the same id.
pub(crate) async fn keep_derived(
    on: &mut Connection,
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
    let mut chain = Chain::end(on).await?;
    let Some(position) = new.insert(on, &mut chain).await? else {
        return Ok(());
    };
    chain.write(on).await?;
    let placed = Placed {
        id,
        position,
        mentions: &mentions,
    };
    make_findable(on, &[placed], &authority).await
}

fn target(mentions: &Mentions) -> Option<Uuid> {
    mentions.target.as_deref()?.parse().ok()
}

impl New<'_> {
    /// Puts the statement into its table and into the chain, and says where; `None` if there is one with its id.
    async fn insert(
        &self,
        on: &mut Connection,
        chain: &mut Chain,
    ) -> Result<Option<i64>, StoreError> {
        let (target, statement) = (target(self.mentions), self.json.to_string());
        let content = Content {
            id: self.id.as_bytes(),
            visit: self.visit,
            statement: &statement,
            stored_us: self.stored_us,
            version: self.version,
            authority: &self.authority.agent,
            target: target.as_ref().map(|target| target.as_bytes().as_slice()),
            is_voiding: is_voiding(self.json),
        };
        let inserted = query(
            "insert into statements
                 (id, visit, statement, stored_us, version, authority, target, is_voiding)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (id) do nothing returning position",
        )
        .bind(content.id)
        .bind(content.visit)
        .bind(content.statement)
        .bind(content.stored_us)
        .bind(content.version)
        .bind(self.authority.key)
        .bind(content.target)
        .bind(content.is_voiding);
        let position = inserted.first(on).await?.map(|(position,)| position);
        if let Some(position) = position {
            chain.stored(position, &content);
        }
        Ok(position)
    }
}

/// Links statements with what they are found by: what they speak of, and what the statements that
/// they speak of are found by, whichever of the two came first.
async fn make_findable(
    on: &mut Connection,
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
    let Some(first) = placed.first() else {
        return Ok(());
    };
    // Nobody else writes, so that whatever stands behind the first is one of these.
    let spoken_of = query(
        "select distinct earlier.target from statements placed
         cross join statements earlier on earlier.target = placed.id
         where placed.position >= $1",
    );
    let spoken_of: Vec<(Vec<u8>,)> = spoken_of.bind(first.position).all(on).await?;
    let spoken_of: BTreeSet<_> = spoken_of.into_iter().map(|(target,)| target).collect();
    for it in placed {
        if spoken_of.contains(it.id.as_bytes().as_slice()) {
            meet_those_before(on, it).await?;
        }
    }
    Ok(())
}

/// Statements that spoke of this one before it was here are found by what it is found by, and void
/// it if that is what they do.
async fn meet_those_before(on: &mut Connection, placed: &Placed<'_>) -> Result<(), StoreError> {
    let mut waiting = vec![placed.id];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let speakers = query("select id, position, is_voiding from statements where target = $1")
            .bind(id.as_bytes().as_slice());
        let speakers: Vec<(Vec<u8>, i64, bool)> = speakers.all(on).await?;
        for (own, position, is_voiding) in speakers {
            inherit(on, position, id).await?;
            waiting.extend(Uuid::from_slice(&own).ok());
            if id == placed.id && is_voiding {
                mark_voided(on, id).await?;
            }
        }
    }
    Ok(())
}

/// A statement is found by everything that its object is found by.
async fn inherit(on: &mut Connection, position: i64, target: Uuid) -> Result<(), StoreError> {
    query(
        "insert into links (term, reach, position)
         select term, reach, $1 from links
         where position = (select position from statements where id = $2) and reach < 2
         on conflict do nothing",
    )
    .bind(position)
    .bind(target.as_bytes().as_slice())
    .run(on)
    .await?;
    Ok(())
}

/// Voids a statement if it is here; `false` if whoever wants to may not.
async fn void(
    on: &mut Connection,
    target: Uuid,
    by: &Authority,
    may_void_others: bool,
) -> Result<bool, StoreError> {
    let whose =
        query("select term from statements join authorities on key = authority where id = $1");
    let whose: Option<(i64,)> = whose.bind(target.as_bytes().as_slice()).first(on).await?;
    if whose.is_some_and(|(whose,)| whose != by.term && !may_void_others) {
        return Ok(false);
    }
    mark_voided(on, target).await?;
    Ok(true)
}

/// What voids cannot be voided.
async fn mark_voided(on: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    query("update statements set voided = true where id = $1 and not is_voiding")
        .bind(id.as_bytes().as_slice())
        .run(on)
        .await?;
    Ok(())
}

/// Whether the statement that is stored under an id says the same.
async fn is_there(
    on: &mut Connection,
    id: Uuid,
    sent: &Submitted,
    version: XapiVersion,
) -> Result<bool, StoreError> {
    let there = query("select statement from statements where id = $1");
    let there = there.bind(id.as_bytes().as_slice());
    let (there,): (String,) = there.one(on).await?;
    let there = Json::read(there.as_bytes());
    let there = there.map_err(|_| StoreError::Unreadable { what: "statement" })?;
    Ok(sent.is_same_as(&there, version))
}

/// Remembers which statement brought which contents.
async fn name_contents(on: &mut Connection, position: i64, json: &Json) -> Result<(), StoreError> {
    for attachment in attachments(json) {
        let sum = attachment.text_at(&["sha2"]).unwrap_or_default();
        query(
            "insert into attachments_of_statements (position, sha2)
             select $1, sha2 from attachments where sha2 = $2
             on conflict do nothing",
        )
        .bind(position)
        .bind(sum.to_ascii_lowercase())
        .run(on)
        .await?;
    }
    Ok(())
}
