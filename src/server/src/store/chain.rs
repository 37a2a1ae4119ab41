//! The hash chain over statements: written with every statement and with every erasure.
//!
//! A link's hash covers the hash before it, its own number, the statement's position, and the hash of
//! everything that the statement's row holds. Erasure removes the row and adds a link that tells so;
//! the link of the statement itself stays, and shows nothing of what was erased.

use sha2::{Digest, Sha256};

use super::{Cells, Connection, Ends, FromRow, Row, Rows, Store, StoreError, query};

/// How many statements of before are read at a time.
const PAGE: i64 = 500;

/// A SHA-256 sum.
pub(crate) type Sum = [u8; 32];

/// Everything that a statement's row holds, but for where it is and whether it was voided, which
/// follows from others.
pub(crate) struct Content<'a> {
    pub(crate) id: &'a [u8],
    pub(crate) visit: Option<&'a str>,
    pub(crate) statement: &'a str,
    pub(crate) stored_us: i64,
    pub(crate) version: Option<&'a str>,
    /// The agent that vouches, as JSON.
    pub(crate) authority: &'a str,
    pub(crate) target: Option<&'a [u8]>,
    pub(crate) is_voiding: bool,
}

impl Content<'_> {
    /// The hash of all of it.
    pub(crate) fn sum(&self) -> Sum {
        let stored = self.stored_us.to_be_bytes();
        sum_of([
            Some(self.id),
            self.visit.map(str::as_bytes),
            Some(self.statement.as_bytes()),
            Some(&stored),
            self.version.map(str::as_bytes),
            Some(self.authority.as_bytes()),
            self.target,
            Some(&[u8::from(self.is_voiding)]),
        ])
    }
}

/// The hash of a row's parts: each with its length before it, so that no two rows are alike.
pub(super) fn sum_of(parts: [Option<&[u8]>; 8]) -> Sum {
    let mut sum = Sha256::new();
    for part in parts {
        // What is not there is told from what is empty.
        let length = part.map_or(u64::MAX, |part| part.len() as u64);
        sum.update(length.to_be_bytes());
        sum.update(part.unwrap_or_default());
    }
    sum.finalize().into()
}

/// The hash of a link; `content` is none where an erasure is told.
pub(super) fn link(before: &[u8], number: i64, position: i64, content: Option<&[u8]>) -> Sum {
    let mut sum = Sha256::new();
    sum.update(before);
    sum.update(number.to_be_bytes());
    sum.update(position.to_be_bytes());
    sum.update([u8::from(content.is_some())]);
    sum.update(content.unwrap_or_default());
    sum.finalize().into()
}

/// The end of the chain within one turn at writing, and what is to be added there.
pub(crate) struct Chain {
    number: i64,
    hash: Vec<u8>,
    new: Vec<Link>,
}

struct Link {
    number: i64,
    position: i64,
    content: Option<Sum>,
    hash: Sum,
}

impl Chain {
    /// The chain that ends with that link; with number 0, the empty one.
    pub(super) fn after(number: i64, hash: Vec<u8>) -> Self {
        Self {
            number,
            hash,
            new: Vec::new(),
        }
    }

    /// Adds that a statement is stored.
    pub(crate) fn stored(&mut self, position: i64, content: &Content<'_>) {
        self.add(position, Some(content.sum()));
    }

    /// Adds that a statement is erased.
    pub(crate) fn erased(&mut self, position: i64) {
        self.add(position, None);
    }

    fn add(&mut self, position: i64, content: Option<Sum>) {
        self.number += 1;
        let covered = content.as_ref().map(<[u8; 32]>::as_slice);
        let hash = link(&self.hash, self.number, position, covered);
        self.hash = hash.to_vec();
        self.new.push(Link {
            number: self.number,
            position,
            content,
            hash,
        });
    }

    /// Writes what was added.
    pub(crate) async fn write(self, on: &mut Connection) -> Result<(), StoreError> {
        let new = self.new.iter();
        let insert = Rows {
            before: "insert into chain (number, position, content, hash)",
            columns: [
                Cells::Ints(new.clone().map(|it| it.number).collect()),
                Cells::Ints(new.clone().map(|it| it.position).collect()),
                Cells::Bytes(
                    new.clone()
                        .map(|it| it.content.as_ref().map(<[u8; 32]>::as_slice))
                        .collect(),
                ),
                Cells::Bytes(new.map(|it| Some(it.hash.as_slice())).collect()),
            ],
            after: "",
        };
        insert.run(on).await
    }
}

/// A statement's row as it was read.
pub(super) struct Kept {
    id: Vec<u8>,
    visit: Option<String>,
    statement: String,
    stored_us: i64,
    version: Option<String>,
    authority: String,
    target: Option<Vec<u8>>,
    is_voiding: bool,
}

impl Kept {
    pub(super) fn sum(&self) -> Sum {
        let content = Content {
            id: &self.id,
            visit: self.visit.as_deref(),
            statement: &self.statement,
            stored_us: self.stored_us,
            version: self.version.as_deref(),
            authority: &self.authority,
            target: self.target.as_deref(),
            is_voiding: self.is_voiding,
        };
        content.sum()
    }
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            visit: row.get("visit")?,
            statement: row.get("statement")?,
            stored_us: row.get("stored_us")?,
            version: row.get("version")?,
            authority: row.get("agent")?,
            target: row.get("target")?,
            is_voiding: row.get("is_voiding")?,
        })
    }
}

/// A statement's row and where it is.
struct KeptAt(i64, Kept);

impl FromRow for KeptAt {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self(row.get("position")?, Kept::from_row(row)?))
    }
}

impl Store {
    /// Puts the statements of before the chain into it, which is done once.
    pub(super) async fn chain_those_of_before(&self) -> Result<(), StoreError> {
        let any = query("select position from unchained limit 1");
        let any: Option<(i64,)> = any.first(&mut self.reader().await?).await?;
        if any.is_none() {
            return Ok(());
        }
        let mut turn = self.turn().await?;
        let mut after = 0;
        loop {
            let page = query(
                "select position, id, visit, statement, stored_us, version, agent, target, is_voiding
                 from statements join authorities on key = authority
                 where position > $1 and position in (select position from unchained)
                 order by position limit $2",
            );
            let page: Vec<KeptAt> = page.bind(after).bind(PAGE).all(turn.on()).await?;
            let Some(KeptAt(last, _)) = page.last() else {
                break;
            };
            after = *last;
            let mut chain = Ends::of(turn.on()).await?.chain;
            for KeptAt(position, kept) in &page {
                chain.add(*position, Some(kept.sum()));
            }
            chain.write(turn.on()).await?;
        }
        query("delete from unchained").run(turn.on()).await?;
        turn.commit().await
    }
}
