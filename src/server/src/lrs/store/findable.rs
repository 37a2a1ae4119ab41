//! What statements are found by, once they are in their table; and what is voided.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    placing::Placed,
    terms::{self, Authority},
};
use crate::store::{Connection, StoreError, query};

/// Links statements with what they are found by: what they speak of, and what the statements that
/// they speak of are found by, whichever of the two came first. `spoken_of` are those that others speak
/// of, among these or among those before.
pub(super) async fn make_findable(
    on: &mut Connection,
    placed: &[Placed<'_>],
    spoken_of: &BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    terms::link(on, placed).await?;
    for it in placed {
        if let Some(target) = it.target() {
            inherit(on, it.position, target).await?;
        }
    }
    for it in placed.iter().filter(|it| spoken_of.contains(&it.id)) {
        meet_those_before(on, it).await?;
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
        if id == placed.id && is_voided_from_aside(on, id).await? {
            mark_voided(on, id).await?;
        }
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

/// Whether a statement is voided by one that is set aside: it voids, though it is not used.
async fn is_voided_from_aside(on: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    let any = query("select position from limited_statements where target = $1 and is_voiding");
    let any = any.bind(id.as_bytes().as_slice());
    Ok(any.first::<(i64,)>(on).await?.is_some())
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

/// Whether whoever is vouched for by `by` may void a statement: their own, one that is not here, and
/// with the right to do so those of others.
pub(super) async fn may_void(
    on: &mut Connection,
    target: Uuid,
    by: &Authority,
    may_void_others: bool,
) -> Result<bool, StoreError> {
    let whose =
        query("select term from statements join authorities on key = authority where id = $1");
    let whose: Option<(i64,)> = whose.bind(target.as_bytes().as_slice()).first(on).await?;
    Ok(may_void_others || whose.is_none_or(|(whose,)| whose == by.term))
}

/// What voids cannot be voided.
pub(super) async fn mark_voided(on: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    query("update statements set voided = true where id = $1 and not is_voiding")
        .bind(id.as_bytes().as_slice())
        .run(on)
        .await?;
    Ok(())
}
