//! Visits as they are stored: begun, read, erased.

use std::{error::Error, str::FromStr};

use sqlx::{FromRow, Row, SqliteExecutor, sqlite::SqliteRow};
use uuid::Uuid;
use xinghuo_tour::{Entry, VenueId, Verdict};
use xinghuo_wire::{LanguageTag, PackageHash, Record, Timestamp, xapi::Received};

use super::{Printed, Store, StoreError, writing};
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
        let NewVisit {
            id,
            visit,
            initialized,
        } = new;
        let mut turn = self.turn().await?;
        sqlx::query(
            "insert into visits
                 (id, token_sha256, venue, package, language, seed, created_ms, questions, rule_version)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        .execute(turn.on())
        .await?;
        writing::tell(turn.on(), &id.to_string(), initialized).await?;
        turn.commit().await
    }

    /// The visit, if there is one.
    pub(crate) async fn visit(&self, id: Uuid) -> Result<Option<StoredVisit>, StoreError> {
        visit(&self.readers, id).await
    }

    /// The visit with its log and what was said of its answers, as they were at one moment.
    pub(crate) async fn whole(&self, id: Uuid) -> Result<Option<WholeVisit>, StoreError> {
        let mut moment = self.readers.begin().await?;
        let Some(visit) = visit(&mut *moment, id).await? else {
            return Ok(None);
        };
        let entries = entries(&mut *moment, id, 1, u32::MAX).await?;
        let verdicts = verdicts(&mut *moment, id, 1, u32::MAX).await?;
        Ok(Some(WholeVisit {
            visit,
            entries,
            verdicts,
        }))
    }

    /// The visit's statements as JSON, in the order in which they were made.
    pub(crate) async fn statements(&self, id: Uuid) -> Result<Vec<String>, StoreError> {
        let all = "select statement from statements where visit = ? order by position";
        let rows = sqlx::query_scalar(all)
            .bind(id.to_string())
            .fetch_all(&self.readers)
            .await?;
        Ok(rows)
    }

    /// Erases everything of a visit, from the write-ahead log too unless somebody is just reading
    /// it; then the next checkpoint does it.
    pub(crate) async fn erase(&self, id: Uuid) -> Result<(), StoreError> {
        let visit = id.to_string();
        let mut turn = self.turn().await?;
        let terms = terms_of_visit(turn.on(), &visit).await?;
        sqlx::query("delete from visits where id = ?")
            .bind(&visit)
            .execute(turn.on())
            .await?;
        forget_terms(turn.on(), &terms).await?;
        turn.commit().await?;
        sqlx::query("pragma wal_checkpoint(truncate)")
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

pub(super) async fn visit(
    on: impl SqliteExecutor<'_>,
    id: Uuid,
) -> Result<Option<StoredVisit>, StoreError> {
    let one = sqlx::query("select * from visits where id = ?").bind(id.to_string());
    let row = one.fetch_optional(on).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

fn read(row: &SqliteRow) -> Result<StoredVisit, sqlx::Error> {
    let moment = |ms: i64| Timestamp::from_unix_millis(ms.cast_unsigned());
    Ok(StoredVisit {
        token_sha256: row.try_get("token_sha256")?,
        venue: parsed(row.try_get("venue")?)?,
        package: parsed(row.try_get("package")?)?,
        language: parsed(row.try_get("language")?)?,
        seed: row.try_get::<i64, _>("seed")?.cast_unsigned(),
        created: moment(row.try_get("created_ms")?),
        record: Record {
            seq: row.try_get("seq")?,
            completion: row.try_get("completion")?,
            completed: row.try_get("completed")?,
            passed: row.try_get("passed")?,
            failed: row.try_get("failed")?,
            scaled: row.try_get("scaled")?,
            settled: row.try_get("settled")?,
            of: row.try_get("questions")?,
            rule_version: row.try_get("rule_version")?,
            decided_at: row.try_get::<Option<i64>, _>("decided_ms")?.map(moment),
        },
    })
}

fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(text: &str) -> Result<T, sqlx::Error> {
    text.parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// The entries of the visit's log numbered `first..=last`.
pub(super) async fn entries(
    on: impl SqliteExecutor<'_>,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<Entry>, StoreError> {
    let numbered = "select seq, at_ms, action from entries
                    where visit = ? and seq between ? and ? order by seq";
    let rows: Vec<(u32, i64, String)> = rows(on, numbered, id, first, last).await?;
    rows.into_iter().map(entry).collect()
}

/// The visit's whole log, with when each entry was received after the visit began at `created`.
pub(super) async fn log(
    on: impl SqliteExecutor<'_>,
    id: Uuid,
    created: Timestamp,
) -> Result<Vec<Received>, StoreError> {
    let numbered = "select seq, at_ms, action, received_ms from entries
                    where visit = ? and seq between ? and ? order by seq";
    let rows: Vec<(u32, i64, String, i64)> = rows(on, numbered, id, 1, u32::MAX).await?;
    let received = |(seq, at, action, received): (u32, i64, String, i64)| {
        let entry = entry((seq, at, action))?;
        let after_ms = received
            .cast_unsigned()
            .saturating_sub(created.unix_millis());
        Ok(Received { entry, after_ms })
    };
    rows.into_iter().map(received).collect()
}

fn entry((seq, at, action): (u32, i64, String)) -> Result<Entry, StoreError> {
    let action = serde_json::from_str(&action).map_err(StoreError::json("action"))?;
    Ok(Entry {
        seq,
        at: at.cast_unsigned(),
        action,
    })
}

/// What was said of the answers numbered `first..=last`.
pub(super) async fn verdicts(
    on: impl SqliteExecutor<'_>,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<Verdict>, StoreError> {
    let numbered = "select seq, question, answer_right from verdicts
                    where visit = ? and seq between ? and ? order by seq";
    let rows: Vec<(u32, String, bool)> = rows(on, numbered, id, first, last).await?;
    let verdict = |(seq, question, right): (u32, String, bool)| {
        Ok(Verdict {
            seq,
            question: parsed(&question)?,
            right,
            lead_back: None,
        })
    };
    rows.into_iter().map(verdict).collect()
}

/// What `numbered` finds of the visit between two numbers.
async fn rows<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow>>(
    on: impl SqliteExecutor<'_>,
    numbered: &'static str,
    id: Uuid,
    first: u32,
    last: u32,
) -> Result<Vec<T>, StoreError> {
    let query = sqlx::query_as(numbered)
        .bind(id.to_string())
        .bind(first)
        .bind(last);
    Ok(query.fetch_all(on).await?)
}
