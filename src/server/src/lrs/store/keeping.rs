//! Keeping statements: all of a batch or nothing of it, each under its id and once.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;
use xinghuo_wire::lrs::{
    Json, Mentions, Moment, Submitted, XapiVersion, identity_of, is_voiding, mentions,
};

use super::{
    about::About,
    findable::{make_findable, mark_voided, may_void},
    known::Known,
    placing::{New, Placed, name_contents, place, target},
    terms::Authority,
};
use crate::{
    lrs::attachments::Attached,
    store::{Chain, Connection, Laid, StoreError, keep_laid},
};

/// Statements that come in together. Each has an id, and no two the same.
#[derive(Debug)]
pub(in crate::lrs) struct Batch {
    pub(in crate::lrs) statements: Vec<Submitted>,
    pub(in crate::lrs) attached: Vec<Attached>,
    pub(in crate::lrs) authority: Json,
    pub(in crate::lrs) authority_identity: String,
    pub(in crate::lrs) may_void_others: bool,
    pub(in crate::lrs) version: XapiVersion,
    /// The key of the credential that brings it, and its label: what the access log says of it.
    pub(in crate::lrs) by: (String, String),
}

/// What became of a batch.
#[derive(Debug)]
pub(in crate::lrs) enum Kept {
    /// Everything is stored, or was already: the ids in the batch's order.
    All(Vec<Uuid>),
    /// Nothing is stored: another statement has this id.
    Conflict(Uuid),
    /// Nothing is stored: this statement may not be voided by whoever tries to.
    MayNotVoid(Uuid),
    /// Nothing is stored: some of it is about a visit whose use is limited.
    Limited,
}

/// A statement that follows from a visit.
pub(crate) struct Derived<'a> {
    pub(crate) id: &'a str,
    pub(crate) visit: &'a str,
    pub(crate) json: &'a str,
}

/// A batch, with all that can be worked out of it before there is a turn.
#[derive(Debug)]
pub(super) struct Prepared {
    batch: Batch,
    details: Vec<Details>,
    laid: Vec<Laid>,
}

/// What follows from a statement.
#[derive(Debug)]
struct Details {
    mentions: Mentions,
    is_voiding: bool,
    /// What is stored; empty until it is known when, for one that does not say when it happened.
    text: String,
    /// When, if it is.
    stored_us: i64,
}

impl Prepared {
    /// Works it out. What came along with the batch has been laid where it is to lie.
    pub(super) fn of(batch: Batch, laid: Vec<Laid>) -> Self {
        let details = batch.statements.iter().map(|statement| {
            let json = statement.json();
            let dated = json.get(&["timestamp"]).map(|_| json.to_string());
            Details {
                mentions: mentions(json),
                is_voiding: is_voiding(json),
                text: dated.unwrap_or_default(),
                stored_us: 0,
            }
        });
        Self {
            details: details.collect(),
            batch,
            laid,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.details.len()
    }

    /// Whether any of it voids something.
    pub(super) fn is_voiding(&self) -> bool {
        self.details.iter().any(|it| it.is_voiding)
    }

    /// Gives each a time of its own, and tells the next; what does not say when it happened, happened then.
    fn date(&mut self, mut stored_us: i64) -> i64 {
        for (statement, details) in self.batch.statements.iter_mut().zip(&mut self.details) {
            details.stored_us = stored_us;
            if details.text.is_empty() {
                statement.set_timestamp(Moment::from_unix_micros(stored_us));
                details.text = statement.json().to_string();
            }
            stored_us += 1;
        }
        stored_us
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> {
        self.batch.statements.iter().filter_map(|it| it.id)
    }

    /// The statements that are not stored yet, each with its id, if all others say what is stored.
    fn missing<'a>(
        &'a self,
        stored: impl Fn(Uuid) -> Option<&'a Json>,
    ) -> Result<Vec<(Uuid, &'a Submitted, &'a Details)>, Kept> {
        let mut new = Vec::with_capacity(self.len());
        for (statement, details) in self.batch.statements.iter().zip(&self.details) {
            let Some(id) = statement.id else { continue };
            match stored(id) {
                None => new.push((id, statement, details)),
                Some(there) if statement.is_same_as(there, self.batch.version) => {}
                Some(_) => return Err(Kept::Conflict(id)),
            }
        }
        Ok(new)
    }

    /// The first statement that is to be voided and may not be.
    async fn protected(
        &self,
        on: &mut Connection,
        new: &[(Uuid, &Submitted, &Details)],
        by: &Authority,
    ) -> Result<Option<Uuid>, StoreError> {
        for (.., details) in new.iter().filter(|(.., details)| details.is_voiding) {
            if let Some(target) = target(&details.mentions)
                && !may_void(on, target, by, self.batch.may_void_others).await?
            {
                return Ok(Some(target));
            }
        }
        Ok(None)
    }
}

/// Keeps batches: each as a whole, or nothing of it. Tells what became of each, in their order, and
/// when the last of all statements is stored then.
pub(super) async fn keep_all(
    on: &mut Connection,
    batches: &mut [Prepared],
) -> Result<(Vec<Kept>, i64), StoreError> {
    let agents: Vec<_> = batches
        .iter()
        .map(|it| it.batch.authority.to_string())
        .collect();
    let once: BTreeSet<_> = agents.iter().map(String::as_str).collect();
    let ids: Vec<_> = batches.iter().flat_map(Prepared::ids).collect();
    let mut known = Known::of(on, &ids, &Vec::from_iter(once)).await?;
    let (authorities, which) = authorities(on, batches, agents, &mut known).await?;
    let Known {
        ends,
        stored,
        spoken_of,
        ..
    } = known;
    batches
        .iter_mut()
        .fold(ends.next_stored_us, |next, batch| batch.date(next));
    // As a rule none is, and nobody asks batch by batch.
    let everything = batches.iter().flat_map(|it| &it.details);
    let any_limited = About::of(everything.map(|it| &it.mentions))
        .is_limited(on)
        .await?;
    let (mut all, mut kept, mut added) = (Vec::new(), Vec::new(), Vec::new());
    let mut brought: HashMap<Uuid, &Json> = HashMap::new();
    for (prepared, which) in batches.iter().zip(which) {
        let authority = &authorities[which];
        let stored = |id| stored.get(&id).or_else(|| brought.get(&id).copied());
        let new = match prepared.missing(stored) {
            Ok(new) => new,
            Err(conflict) => {
                kept.push(conflict);
                continue;
            }
        };
        let about = About::of(new.iter().map(|it| &it.2.mentions));
        if any_limited && about.is_limited(on).await? {
            kept.push(Kept::Limited);
            continue;
        }
        if let Some(target) = prepared.protected(on, &new, authority).await? {
            kept.push(Kept::MayNotVoid(target));
            continue;
        }
        keep_laid(on, &prepared.laid).await?;
        added.push((prepared, about));
        for (id, statement, details) in new {
            brought.insert(id, statement.json());
            all.push(New {
                id,
                json: statement.json(),
                text: &details.text,
                mentions: &details.mentions,
                version: Some(&*statement.version).filter(|version| *version != "2.0.0"),
                authority,
                visit: None,
                stored_us: details.stored_us,
                is_voiding: details.is_voiding,
            });
        }
        kept.push(Kept::All(prepared.ids().collect()));
    }
    let last_us = all.last().map_or(ends.through_us, |last| last.stored_us);
    keep_new(on, ends.chain, &all, spoken_of).await?;
    for (prepared, about) in added {
        let (key, label) = &prepared.batch.by;
        about.note(on, key, label).await?;
    }
    Ok((kept, last_us))
}

/// Keeps statements whose ids nobody else has; of some of them statements speak that came before.
async fn keep_new(
    on: &mut Connection,
    mut chain: Chain,
    new: &[New<'_>],
    mut spoken_of: BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let placed = place(on, &mut chain, new).await?;
    chain.write(on).await?;
    for (new, placed) in new.iter().zip(&placed) {
        name_contents(on, placed.position, new.json).await?;
    }
    spoken_of.extend(placed.iter().filter_map(Placed::target));
    make_findable(on, &placed, &spoken_of).await?;
    for new in new.iter().filter(|new| new.is_voiding) {
        if let Some(target) = target(new.mentions) {
            mark_voided(on, target).await?;
        }
    }
    Ok(())
}

/// Who vouches for batches: everybody once, and for each batch which of them.
async fn authorities(
    on: &mut Connection,
    batches: &[Prepared],
    agents: Vec<String>,
    known: &mut Known,
) -> Result<(Vec<Authority>, Vec<usize>), StoreError> {
    let (mut all, mut which) = (Vec::<Authority>::new(), Vec::new());
    for (Prepared { batch, .. }, agent) in batches.iter().zip(agents) {
        let place = all.iter().position(|it| it.agent == agent);
        which.push(place.unwrap_or(all.len()));
        if place.is_none() {
            let identity = &batch.authority_identity;
            all.push(known.authority(on, identity, agent).await?);
        }
    }
    Ok((all, which))
}

/// Keeps a statement that follows from a visit, unless it is there: the same event of the same
/// visit has the same id.
pub(crate) async fn keep_derived(
    on: &mut Connection,
    derived: &Derived<'_>,
) -> Result<(), StoreError> {
    let unreadable = || StoreError::Unreadable { what: "statement" };
    let id: Uuid = derived.id.parse().map_err(|_| unreadable())?;
    let json = Json::read(derived.json.as_bytes()).map_err(|_| unreadable())?;
    let page = json.text_at(&["actor", "account", "homePage"]);
    let page = page.ok_or_else(unreadable)?;
    let name = "xinghuo";
    let account = [("homePage", Json::text(page)), ("name", Json::text(name))];
    let agent = Json::object([
        ("objectType", Json::text("Agent")),
        ("account", Json::object(account)),
    ]);
    let agent = agent.to_string();
    let mut known = Known::of(on, &[id], &[&agent]).await?;
    if known.stored.contains_key(&id) {
        return Ok(());
    }
    let authority = known.authority(on, &identity_of(page, name), agent).await?;
    let Known {
        ends, spoken_of, ..
    } = known;
    let new = New {
        id,
        json: &json,
        text: &json.to_string(),
        mentions: &mentions(&json),
        version: None,
        authority: &authority,
        visit: Some(derived.visit),
        stored_us: ends.next_stored_us,
        is_voiding: is_voiding(&json),
    };
    keep_new(on, ends.chain, &[new], spoken_of).await
}
