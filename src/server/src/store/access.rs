//! The access log: who had to do with the records of which person.
//!
//! It says more than who read: consent, correction and erasure are in it too. Nothing in it is ever
//! changed; each entry's hash covers the one before it, and entries leave it only from its beginning,
//! when their time is over. An access that cannot be noted is not granted.

use std::{collections::BTreeSet, fmt};

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use xinghuo_wire::{Access, Deed, MAX_ACCESSES_TOLD, Timestamp, Who};

use super::{
    Cells, Connection, FromRow, Row, Rows, Store, StoreError,
    chain::{Sum, sum_of},
    query,
};
use crate::lrs::hex;

/// How many entries are written by one query.
const AT_ONCE: usize = 50;

/// Whoever has to do with a person's records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) who: Who,
    /// The credential's key, the account's id.
    pub(crate) actor: Option<&'a str>,
    /// The credential's label, the account's name.
    pub(crate) name: Option<&'a str>,
}

impl By<'static> {
    /// The visitor, by the visit's own token.
    pub(crate) const VISITOR: Self = Self::nobody_else(Who::Visitor);

    /// Whoever runs the server.
    pub(crate) const OPERATOR: Self = Self::nobody_else(Who::Operator);

    /// The server by itself.
    pub(crate) const SERVER: Self = Self::nobody_else(Who::Server);

    const fn nobody_else(who: Who) -> Self {
        Self {
            who,
            actor: None,
            name: None,
        }
    }
}

/// What the log calls a visit: whoever has the visit's id finds its entries, and nobody learns the id
/// from them, not even while the visit is there.
pub(super) fn subject_of(visit: Uuid) -> Sum {
    Sha256::digest(format!("xinghuo visit {visit}")).into()
}

/// An entry as it is stored.
struct Entry {
    number: i64,
    subject: Option<Vec<u8>>,
    at_ms: Option<i64>,
    who: Option<String>,
    actor: Option<String>,
    name: Option<String>,
    what: Option<String>,
    hash: Vec<u8>,
}

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get("number")?,
            subject: row.get("subject")?,
            at_ms: row.get("at_ms")?,
            who: row.get("who")?,
            actor: row.get("actor")?,
            name: row.get("name")?,
            what: row.get("what")?,
            hash: row.get("hash")?,
        })
    }
}

impl Entry {
    /// The hash that it has if `before` is that of the entry before it.
    fn sum(&self, before: &[u8]) -> Sum {
        let at = self.at_ms.map(i64::to_be_bytes);
        sum_of([
            Some(before),
            Some(&self.number.to_be_bytes()),
            self.subject.as_deref(),
            at.as_ref().map(|at| &at[..]),
            self.who.as_deref().map(str::as_bytes),
            self.actor.as_deref().map(str::as_bytes),
            self.name.as_deref().map(str::as_bytes),
            self.what.as_deref().map(str::as_bytes),
        ])
    }

    /// Whether it is what was left of those whose time was over.
    fn is_remainder(&self) -> bool {
        self.what.is_none()
    }
}

/// An entry as the person concerned is told of it.
struct Told(Access);

impl FromRow for Told {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let entry = Entry::from_row(row)?;
        let unreadable = || StoreError::Unreadable {
            what: "entry of the access log",
        };
        let who = entry.who.as_deref().and_then(Who::of);
        let what = entry.what.as_deref().and_then(Deed::of);
        Ok(Self(Access {
            at: Timestamp::from_unix_millis(entry.at_ms.unwrap_or_default().cast_unsigned()),
            who: who.ok_or_else(unreadable)?,
            name: entry.name,
            what: what.ok_or_else(unreadable)?,
        }))
    }
}

/// Adds an entry for each of these visits, within a turn at writing.
pub(crate) async fn note(
    on: &mut Connection,
    by: By<'_>,
    what: Deed,
    visits: &[Uuid],
    at_ms: i64,
) -> Result<(), StoreError> {
    if visits.is_empty() {
        return Ok(());
    }
    let last = query("select number, hash from accesses order by number desc limit 1");
    let (mut number, mut hash): (i64, Vec<u8>) = last.first(on).await?.unwrap_or_default();
    for visits in visits.chunks(AT_ONCE) {
        let mut insert = query(
            "insert into accesses (number, subject, at_ms, who, actor, name, what, hash) values ",
        );
        for (n, visit) in visits.iter().enumerate() {
            number += 1;
            let mut entry = Entry {
                number,
                subject: Some(subject_of(*visit).to_vec()),
                at_ms: Some(at_ms),
                who: Some(by.who.code().to_owned()),
                actor: by.actor.map(str::to_owned),
                name: by.name.map(str::to_owned),
                what: Some(what.code().to_owned()),
                hash: Vec::new(),
            };
            hash = entry.sum(&hash).to_vec();
            entry.hash.clone_from(&hash);
            insert.push(if n == 0 { "(" } else { ", (" });
            insert.push_bind(entry.number).push(", ");
            insert.push_bind(entry.subject.as_deref()).push(", ");
            insert.push_bind(entry.at_ms).push(", ");
            insert.push_bind(entry.who.as_deref()).push(", ");
            insert.push_bind(entry.actor.as_deref()).push(", ");
            insert.push_bind(entry.name.as_deref()).push(", ");
            insert.push_bind(entry.what.as_deref()).push(", ");
            insert.push_bind(entry.hash).push(")");
        }
        insert.run(on).await?;
    }
    Ok(())
}

/// The visits that these statements follow from, or are about: each once.
pub(crate) async fn concerned(
    on: &mut Connection,
    positions: &[i64],
) -> Result<Vec<Uuid>, StoreError> {
    // The name of a visit's account is the visit's number, which has 36 characters.
    let whose = Rows {
        before: "with asked (position) as (",
        columns: [Cells::Ints(positions.to_vec())],
        after: "), named (id) as (
                select s.visit from asked cross join statements s on s.position = asked.position
                union select substr(t.name, length(t.name) - 35)
                    from asked cross join links l on l.position = asked.position
                    cross join terms t on t.key = l.term
                    where l.reach = 0 and t.kind = 0)
             select v.id from named cross join visits v on v.id = named.id",
    };
    let whose: Vec<(String,)> = whose.all(on).await?;
    let whose = whose.iter().filter_map(|(id,)| id.parse().ok());
    let whose: BTreeSet<Uuid> = whose.collect();
    Ok(whose.into_iter().collect())
}

/// What a whole access log tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LogWalked {
    /// How many entries are there.
    pub(crate) entries: u64,
    /// The hash at its end, in hexadecimal digits; empty if nothing was ever noted.
    pub(crate) end: String,
}

/// The first entry of the access log that is not as it was written, or before which one is missing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LogBreach {
    pub(crate) number: i64,
}

impl fmt::Display for LogBreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "entry {} of the access log was altered, or one before it removed",
            self.number
        )
    }
}

impl Store {
    /// The visits that these statements follow from, or are about: each once.
    pub(crate) async fn concerned(&self, positions: &[i64]) -> Result<Vec<Uuid>, StoreError> {
        concerned(&mut self.reader().await?, positions).await
    }

    /// Notes that somebody has to do with the records of these visits, as far as they are there. When
    /// this returns, it is on the disk.
    pub(crate) async fn note(
        &self,
        by: By<'_>,
        what: Deed,
        visits: &[Uuid],
        at_ms: i64,
    ) -> Result<(), StoreError> {
        if visits.is_empty() {
            return Ok(());
        }
        let mut turn = self.turn().await?;
        note(turn.on(), by, what, visits, at_ms).await?;
        turn.commit().await
    }

    /// The newest entries about a visit, newest first, and how many there are.
    pub(crate) async fn accesses(&self, visit: Uuid) -> Result<(Vec<Access>, u32), StoreError> {
        let mut on = self.reader().await?;
        let subject = subject_of(visit);
        let newest =
            query("select * from accesses where subject = $1 order by number desc limit $2");
        let newest = newest.bind(subject.as_slice()).bind(MAX_ACCESSES_TOLD);
        let newest: Vec<Told> = newest.all(&mut on).await?;
        let all = query("select count(*) from accesses where subject = $1");
        let (all,): (i64,) = all.bind(subject.as_slice()).one(&mut on).await?;
        let newest = newest.into_iter().map(|Told(access)| access).collect();
        Ok((newest, u32::try_from(all).unwrap_or(u32::MAX)))
    }

    /// Walks the access log from its beginning. `Err` within is the first thing that is wrong.
    pub(crate) async fn verify_accesses(&self) -> Result<Result<LogWalked, LogBreach>, StoreError> {
        let mut on = self.readers.moment().await?;
        let mut rows = query("select * from accesses order by number").stream(&mut on);
        let (mut before, mut entries): (Option<Entry>, u64) = (None, 0);
        while let Some(row) = rows.try_next().await? {
            let entry = Entry::from_row(&row)?;
            let (number, hash) = before
                .as_ref()
                .map_or((1, &[][..]), |it| (it.number + 1, &it.hash));
            let is_first = before.is_none();
            if entry.is_remainder() {
                if !is_first {
                    return Ok(Err(LogBreach {
                        number: entry.number,
                    }));
                }
            } else if entry.number != number || entry.sum(hash) != *entry.hash {
                return Ok(Err(LogBreach {
                    number: entry.number,
                }));
            } else {
                entries += 1;
            }
            before = Some(entry);
        }
        Ok(Ok(LogWalked {
            entries,
            end: hex(before.map(|last| last.hash).unwrap_or_default().as_slice()),
        }))
    }

    /// Deletes the entries that are older than that, from the beginning on, and says how many. Of the
    /// last of them the hash stays, by which the next one can be verified.
    pub(crate) async fn expire_accesses(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut turn = self.turn().await?;
        // The clock may have been set back: what stands behind a young entry waits for it.
        let last = query(
            "select coalesce((select min(number) - 1 from accesses where at_ms >= $1),
                 (select max(number) from accesses), 0)",
        );
        let (last,): (i64,) = last.bind(before_ms).one(turn.on()).await?;
        let older = query("delete from accesses where number < $1").bind(last);
        let gone = older.run(turn.on()).await?;
        let blanked = query(
            "update accesses set subject = null, at_ms = null, who = null, actor = null, name = null,
                 what = null
             where number = $1 and what is not null",
        );
        let blanked = blanked.bind(last).run(turn.on()).await?;
        turn.commit().await?;
        Ok(gone + blanked)
    }
}
