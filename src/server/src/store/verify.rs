//! Walking the hash chain: whether the statements are those that were stored, all of them, and no
//! others.

use std::fmt;

use futures_util::TryStreamExt;

use super::{
    Connection, FromRow, Row, Store, StoreError,
    chain::{Kept, link},
    query,
};
use crate::bucket::BucketError;
use crate::lrs::{etag_of, first_wrongly_linked, hex, is_sum_of};

/// What a whole chain tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Walked {
    /// How many statements are there.
    pub(crate) statements: u64,
    /// How many of them are aside, since the use of a visit is limited.
    pub(crate) aside: u64,
    /// How many were there and are erased.
    pub(crate) erased: u64,
    /// The hash at its end, in hexadecimal digits; empty if nothing was ever stored.
    pub(crate) end: String,
}

/// The first thing that is not as it was stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    /// The statement's position, by which it is the first.
    pub(crate) position: i64,
    pub(crate) what: What,
}

/// What was done to a statement, or to the chain itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Altered,
    Removed,
    Inserted,
    /// It is there though its erasure was told.
    Returned,
    /// What is attached to it is not what it names.
    Attachment,
    /// It can be found, though the use of a visit that it is about is limited.
    Used,
    /// It says to be voided, or not to be, and what voids it says otherwise.
    Voided,
    /// The link itself is altered, or those before it are not all there.
    Link,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, what } = self;
        match what {
            What::Altered => write!(f, "the statement at position {position} was altered"),
            What::Removed => write!(f, "the statement at position {position} was removed"),
            What::Inserted => write!(f, "the statement at position {position} was inserted"),
            What::Returned => {
                write!(
                    f,
                    "the statement at position {position} was put back after its erasure"
                )
            }
            What::Attachment => {
                write!(
                    f,
                    "what is attached to the statement at position {position} was altered"
                )
            }
            What::Used => write!(
                f,
                "the statement at position {position} can be found, though its use is limited"
            ),
            What::Voided => write!(
                f,
                "whether the statement at position {position} is voided was altered"
            ),
            What::Link => write!(
                f,
                "the chain's own row for position {position} was altered, or one before it removed"
            ),
        }
    }
}

/// A link, and the statement that it tells of if that is there.
struct Told {
    number: i64,
    position: i64,
    content: Option<Vec<u8>>,
    hash: Vec<u8>,
    kept: Option<Kept>,
    is_aside: bool,
    is_erased: bool,
}

impl FromRow for Told {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let is_there: Option<i64> = row.get("stored_us")?;
        Ok(Self {
            number: row.get("number")?,
            position: row.get("position")?,
            content: row.get("content")?,
            hash: row.get("hash")?,
            kept: is_there.map(|_| Kept::from_row(row)).transpose()?,
            is_aside: row.get("is_aside")?,
            is_erased: row.get("is_erased")?,
        })
    }
}

impl Told {
    /// What is wrong with it, if `before` is the hash of the link `number - 1`, and the last statement
    /// of before was stored at `after`.
    fn breach(&self, (number, before): (i64, &[u8]), after: i64) -> Option<What> {
        let hash = link(before, self.number, self.position, self.content.as_deref());
        if self.number != number || hash != *self.hash {
            return Some(What::Link);
        }
        match (&self.content, &self.kept) {
            (Some(_), _) if self.position <= after => Some(What::Link),
            (_, Some(_)) if self.is_erased => Some(What::Returned),
            (Some(content), Some(kept)) if *content != kept.sum() => Some(What::Altered),
            (Some(_), None) if !self.is_erased => Some(What::Removed),
            _ => None,
        }
    }
}

impl Store {
    /// Walks the chain from its beginning. `Err` within is the first thing that is wrong.
    pub(crate) async fn verify(&self) -> Result<Result<Walked, Breach>, StoreError> {
        let mut on = self.readers.moment().await?;
        let walked = walk(&mut on).await?;
        let others = [
            inserted(&mut on).await?,
            used(&mut on).await?,
            wrongly_voided(&mut on).await?,
            self.other_content(&mut on).await?,
            walked.as_ref().err().map(|it| (it.position, it.what)),
        ];
        let first = others.into_iter().flatten().min_by_key(|(at, _)| *at);
        Ok(match first {
            Some((position, what)) => Err(Breach { position, what }),
            None => walked,
        })
    }

    /// Whether a hash that was noted once is still in the chain.
    pub(crate) async fn knows(&self, hash: &[u8]) -> Result<bool, StoreError> {
        let known = query(
            "select number from chain where hash = $1
             union all select number from accesses where hash = $1",
        );
        let known = known.bind(hash);
        let known: Option<(i64,)> = known.first(&mut self.reader().await?).await?;
        Ok(known.is_some())
    }
}

impl Store {
    /// The first thing beside the chains that is not as the server would have left it: a visit whose log
    /// is not whole, a statement that is not found by what it speaks of, a document whose content is not the one that its entity tag names.
    pub(crate) async fn verify_rest(&self) -> Result<Option<String>, StoreError> {
        let mut on = self.readers.moment().await?;
        let broken = query(
            "select id from visits v where evidence_gone_ms is null
                 and (seq <> (select count(*) from entries where visit = v.id)
                     or seq <> (select coalesce(max(seq), 0) from entries where visit = v.id))
             order by id limit 1",
        );
        if let Some((visit,)) = broken.first::<(String,)>(&mut on).await? {
            return Ok(Some(format!(
                "the log of visit {visit} is not the one that its record follows from"
            )));
        }
        if let Some(position) = first_wrongly_linked(&mut on).await? {
            return Ok(Some(format!(
                "what the statement at position {position} is found by was altered"
            )));
        }
        let documents = query(
            "select name, content, etag from documents
             union all select name, content, etag from limited_documents",
        );
        let mut documents = documents.stream(&mut on);
        while let Some(row) = documents.try_next().await? {
            let (name, content, etag): (String, Vec<u8>, String) =
                (row.get("name")?, row.get("content")?, row.get("etag")?);
            if etag_of(&content) != etag {
                return Ok(Some(format!("the document {name:?} was altered")));
            }
        }
        Ok(None)
    }
}

async fn walk(on: &mut Connection) -> Result<Result<Walked, Breach>, StoreError> {
    let all = query(
        "select c.number, c.position, c.content, c.hash, coalesce(s.id, a.id) as id,
             coalesce(s.visit, a.visit) as visit, coalesce(s.statement, a.statement) as statement,
             coalesce(s.stored_us, a.stored_us) as stored_us,
             coalesce(s.version, a.version) as version, agent,
             coalesce(s.target, a.target) as target,
             coalesce(s.is_voiding, a.is_voiding) as is_voiding, a.position is not null as is_aside,
             exists (select 1 from chain e
                 where e.position = c.position and e.content is null) as is_erased
         from chain c
         left join statements s on s.position = c.position
         left join limited_statements a on a.position = c.position
         left join authorities on key = coalesce(s.authority, a.authority)
         order by c.number",
    );
    let (mut statements, mut aside, mut erased, mut after) = (0, 0, 0, 0);
    let (mut number, mut end) = (1, Vec::new());
    let mut rows = all.stream(on);
    while let Some(row) = rows.try_next().await? {
        let told = Told::from_row(&row)?;
        if let Some(what) = told.breach((number, &end), after) {
            let position = told.position;
            return Ok(Err(Breach { position, what }));
        }
        match (&told.content, &told.kept) {
            (Some(_), Some(_)) => {
                statements += 1;
                aside += u64::from(told.is_aside);
            }
            (Some(_), None) => erased += 1,
            (None, _) => {}
        }
        if told.content.is_some() {
            after = told.position;
        }
        (number, end) = (number + 1, told.hash);
    }
    Ok(Ok(Walked {
        statements,
        aside,
        erased,
        end: hex(&end),
    }))
}

/// The first statement that is in no link.
async fn inserted(on: &mut Connection) -> Result<Option<(i64, What)>, StoreError> {
    let first = query(
        "select position from (
             select position from statements union all select position from limited_statements
         ) as s
         where not exists (select 1 from chain c where c.position = s.position)
         order by position limit 1",
    );
    let first: Option<(i64,)> = first.first(on).await?;
    Ok(first.map(|(position,)| (position, What::Inserted)))
}

/// The first statement that is found though it is aside, or should be.
async fn used(on: &mut Connection) -> Result<Option<(i64, What)>, StoreError> {
    let first = query(
        "select position from statements s
         where exists (select 1 from limited_statements a where a.position = s.position)
             or exists (select 1 from visits v where v.id = s.visit and v.limited_ms is not null)
         order by position limit 1",
    );
    let first: Option<(i64,)> = first.first(on).await?;
    Ok(first.map(|(position,)| (position, What::Used)))
}

/// The first statement that is voided and by nothing, or that is not and by something.
async fn wrongly_voided(on: &mut Connection) -> Result<Option<(i64, What)>, StoreError> {
    let first = query(
        "select position from (
             select position, id, is_voiding, voided from statements
             union all select position, id, is_voiding, voided from limited_statements
         ) as s
         where voided <> (not is_voiding and (exists (select 1 from statements by_this
                 where by_this.target = s.id and by_this.is_voiding)
             or exists (select 1 from limited_statements by_this
                 where by_this.target = s.id and by_this.is_voiding)))
         order by position limit 1",
    );
    let first: Option<(i64,)> = first.first(on).await?;
    Ok(first.map(|(position,)| (position, What::Voided)))
}

impl Store {
    /// The first statement whose attachment is not what it names, those in a bucket included, if one is
    /// named.
    async fn other_content(&self, on: &mut Connection) -> Result<Option<(i64, What)>, StoreError> {
        let all = query(
            "select sha2, content, object, coalesce(
             (select min(position) from attachments_of_statements named
                 where named.sha2 = attachments.sha2),
             (select min(position) from limited_attachments named
                 where named.sha2 = attachments.sha2)) as position
         from attachments",
        );
        let mut first: Option<i64> = None;
        let mut rows = all.stream(on);
        while let Some(row) = rows.try_next().await? {
            let (sum, content): (String, Vec<u8>) = (row.get("sha2")?, row.get("content")?);
            let object: Option<String> = row.get("object")?;
            // What a backup carries is looked at where it is.
            let object = object.filter(|_| content.is_empty() && !is_sum_of(&sum, &content));
            if object.is_some() && self.bucket.is_none() {
                continue;
            }
            let content = match self.content(content, object.as_deref()).await {
                Err(StoreError::Bucket { cause }) if cause == BucketError::Missing.to_string() => {
                    Vec::new()
                }
                content => content?,
            };
            if !is_sum_of(&sum, &content) {
                let position = row.get::<Option<i64>>("position")?.unwrap_or_default();
                first = Some(first.map_or(position, |first| first.min(position)));
            }
        }
        Ok(first.map(|position| (position, What::Attachment)))
    }
}
