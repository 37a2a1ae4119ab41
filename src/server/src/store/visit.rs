//! Visits as they are stored: begun, read, erased.

use std::{error::Error, str::FromStr};

use uuid::Uuid;
use xinghuo_tour::{Entry, VenueId, Verdict};
use xinghuo_wire::{LanguageTag, PackageHash, Record, Timestamp, xapi::Received};

use super::{Chain, Connection, FromRow, Pool, Printed, Row, Store, StoreError, query, writing};
use crate::lrs::{forget_terms, terms_of_visit};

/// A visit that begins.
pub(crate) struct NewVisit {
    pub(crate) id: Uuid,
    pub(crate) visit: StoredVisit,
    /// The statement that it began.
    pub(crate) initialized: Printed,
}

/// A visit as it is stored, without its log.
pub(crate) struct StoredVisit {
    pub(crate) token_sha256: Vec<u8>,
    pub(crate) venue: VenueId,
    pub(crate) package: PackageHash,
    pub(crate) language: LanguageTag,
    pub(crate) seed: u64,
    pub(crate) created: Timestamp,
    pub(crate) record: Record,
}

/// A visit with its log.
pub(crate) struct WholeVisit {
    pub(crate) visit: StoredVisit,
    pub(crate) entries: Vec<Entry>,
    pub(crate) verdicts: Vec<Verdict>,
}

impl Store {
    /// Stores a visit that begins.
    pub(crate) async fn begin(&self, new: &NewVisit) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        begin(turn.on(), new).await?;
        turn.commit().await
    }

    /// The visit, if there is one.
    pub(crate) async fn visit(&self, id: Uuid) -> Result<Option<StoredVisit>, StoreError> {
        visit(&mut self.reader().await?, id).await
    }

    /// The visit with its log and what was said of its answers, as they were at one moment.
    pub(crate) async fn whole(&self, id: Uuid) -> Result<Option<WholeVisit>, StoreError> {
        let mut moment = self.readers.moment().await?;
        let Some(visit) = visit(&mut moment, id).await? else {
            return Ok(None);
        };
        let entries = entries(&mut moment, id, 1, u32::MAX).await?;
        let verdicts = verdicts(&mut moment, id, 1, u32::MAX).await?;
        Ok(Some(WholeVisit {
            visit,
            entries,
            verdicts,
        }))
    }

    /// The visit's statements as JSON, in the order in which they were made.
    pub(crate) async fn statements(&self, id: Uuid) -> Result<Vec<String>, StoreError> {
        let all = query("select statement from statements where visit = $1 order by position");
        let all = all.bind(id.to_string());
        let rows: Vec<(String,)> = all.all(&mut self.reader().await?).await?;
        Ok(rows.into_iter().map(|(statement,)| statement).collect())
    }

    /// Erases everything of a visit; from SQLite's write-ahead log too unless somebody is just reading
    /// it, then the next checkpoint does it. In PostgreSQL the room is overwritten after a vacuum.
    pub(crate) async fn erase(&self, id: Uuid) -> Result<(), StoreError> {
        let visit = id.to_string();
        let mut turn = self.turn().await?;
        let terms = terms_of_visit(turn.on(), &visit).await?;
        let told = query("select position from statements where visit = $1 order by position");
        let told: Vec<(i64,)> = told.bind(visit.as_str()).all(turn.on()).await?;
        let mut chain = Chain::end(turn.on()).await?;
        for (position,) in told {
            chain.erased(position);
        }
        chain.write(turn.on()).await?;
        query("delete from visits where id = $1")
            .bind(visit.as_str())
            .run(turn.on())
            .await?;
        forget_terms(turn.on(), &terms).await?;
        turn.commit().await?;
        if let Pool::Sqlite(_) = self.writer {
            let checkpoint = query("pragma wal_checkpoint(truncate)");
            checkpoint.run(&mut self.writer.acquire().await?).await?;
        }
        Ok(())
    }
}

/// Stores a visit that begins.
pub(crate) async fn begin(on: &mut Connection, new: &NewVisit) -> Result<(), StoreError> {
    let NewVisit {
        id,
        visit,
        initialized,
    } = new;
    query(
        "insert into visits
             (id, token_sha256, venue, package, language, seed, created_ms, questions, rule_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id.to_string())
    .bind(visit.token_sha256.as_slice())
    .bind(visit.venue.as_str())
    .bind(visit.package.as_str())
    .bind(visit.language.as_str())
    .bind(visit.seed.cast_signed())
    .bind(visit.created.unix_millis().cast_signed())
    .bind(visit.record.of)
    .bind(visit.record.rule_version)
    .run(on)
    .await?;
    writing::tell(on, &id.to_string(), initialized).await
}

/// The visit, if there is one.
pub(crate) async fn visit(
    on: &mut Connection,
    id: Uuid,
) -> Result<Option<StoredVisit>, StoreError> {
    let one = query("select * from visits where id = $1");
    one.bind(id.to_string()).first(on).await
}

impl FromRow for StoredVisit {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            token_sha256: row.get("token_sha256")?,
            venue: parsed(&row.get::<String>("venue")?)?,
            package: parsed(&row.get::<String>("package")?)?,
            language: parsed(&row.get::<String>("language")?)?,
            seed: row.get::<i64>("seed")?.cast_unsigned(),
            created: moment(row.get("created_ms")?),
            record: record(row)?,
        })
    }
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_unix_millis(ms.cast_unsigned())
}

/// What the visit of a row has come to.
pub(crate) fn record(row: &Row) -> Result<Record, StoreError> {
    Ok(Record {
        seq: row.count("seq")?,
        completion: row.get::<f64>("completion")? as f32,
        completed: row.get("completed")?,
        passed: row.get("passed")?,
        failed: row.get("failed")?,
        scaled: row.get::<f64>("scaled")? as f32,
        settled: row.count("settled")?,
        of: row.count("questions")?,
        rule_version: row.count("rule_version")?,
        decided_at: row.get::<Option<i64>>("decided_ms")?.map(moment),
    })
}

/// What a stored text says.
pub(crate) fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(
    text: &str,
) -> Result<T, StoreError> {
    let wrong = |error| StoreError::Failed(sqlx::Error::Decode(Box::new(error)));
    text.parse().map_err(wrong)
}

/// The entries of the visit's log numbered `first..=last`.
pub(super) async fn entries(
    on: &mut Connection,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<Entry>, StoreError> {
    let numbered = "select seq, at_ms, action from entries
                    where visit = $1 and seq between $2 and $3 order by seq";
    between(on, numbered, id, first, last).await
}

/// The visit's whole log, with when each entry was received after the visit began at `created`.
pub(super) async fn log(
    on: &mut Connection,
    id: Uuid,
    created: Timestamp,
) -> Result<Vec<Received>, StoreError> {
    let numbered = "select seq, at_ms, action, received_ms from entries
                    where visit = $1 and seq between $2 and $3 order by seq";
    let logged: Vec<Logged> = between(on, numbered, id, 1, u32::MAX).await?;
    let received = |it: Logged| Received {
        entry: it.entry,
        after_ms: it.received_ms.saturating_sub(created.unix_millis()),
    };
    Ok(logged.into_iter().map(received).collect())
}

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let action: String = row.get("action")?;
        Ok(Self {
            seq: row.count("seq")?,
            at: row.get::<i64>("at_ms")?.cast_unsigned(),
            action: serde_json::from_str(&action).map_err(StoreError::json("action"))?,
        })
    }
}

/// An entry and when it was received, milliseconds since 1970.
struct Logged {
    entry: Entry,
    received_ms: u64,
}

impl FromRow for Logged {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            entry: Entry::from_row(row)?,
            received_ms: row.get::<i64>("received_ms")?.cast_unsigned(),
        })
    }
}

/// What was said of the answers numbered `first..=last`.
pub(super) async fn verdicts(
    on: &mut Connection,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<Verdict>, StoreError> {
    let numbered = "select seq, question, answer_right from verdicts
                    where visit = $1 and seq between $2 and $3 order by seq";
    between(on, numbered, id, first, last).await
}

impl FromRow for Verdict {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.count("seq")?,
            question: parsed(&row.get::<String>("question")?)?,
            right: row.get("answer_right")?,
            lead_back: None,
        })
    }
}

/// What `numbered` finds of the visit between two numbers.
async fn between<T: FromRow>(
    on: &mut Connection,
    numbered: &'static str,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<T>, StoreError> {
    let numbered = query(numbered).bind(id.to_string()).bind(first).bind(last);
    numbered.all(on).await
}
