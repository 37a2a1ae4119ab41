//! Visits as they are stored: begun, read, erased.

use std::{collections::BTreeSet, error::Error, str::FromStr};

use uuid::Uuid;
use xinghuo_tour::{Entry, VenueId, Verdict};
use xinghuo_wire::{Deed, LanguageTag, PackageHash, Record, Timestamp, xapi::Received};

use super::{
    Connection, Ends, FromRow, Pool, Printed, Row, Store, StoreError,
    access::{By, note},
    bucket::forget_orphan,
    limited::{bring_back_all, set_aside},
    person, query, writing,
};
use crate::lrs::forget_terms;

/// A visit that begins.
pub(crate) struct NewVisit {
    pub(crate) id: Uuid,
    pub(crate) visit: StoredVisit,
    /// The statement that it began.
    pub(crate) initialized: Printed,
    /// The version of the text by which the visitor agreed.
    pub(crate) consent: Option<u32>,
}

/// A visit as it is stored, without its log.
pub(crate) struct StoredVisit {
    pub(crate) token_sha256: Vec<u8>,
    pub(crate) venue: VenueId,
    pub(crate) package: PackageHash,
    pub(crate) language: LanguageTag,
    pub(crate) seed: u64,
    pub(crate) created: Timestamp,
    /// When it was last added to.
    pub(crate) active: Option<Timestamp>,
    /// When its evidence was deleted, its time being over.
    pub(crate) evidence_gone: Option<Timestamp>,
    /// Since when its use is limited.
    pub(crate) limited: Option<Timestamp>,
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
        let all = query(
            "select statement from (
                 select position, statement from statements where visit = $1
                 union all select position, statement from limited_statements where visit = $1
             ) as told order by position",
        );
        let all = all.bind(id.to_string());
        let rows: Vec<(String,)> = all.all(&mut self.reader().await?).await?;
        Ok(rows.into_iter().map(|(statement,)| statement).collect())
    }

    /// Erases everything of a visit, what other systems told of it included; from SQLite's write-ahead
    /// log too unless somebody is just reading it, then the next checkpoint does it. In PostgreSQL the
    /// room is overwritten after a vacuum. What stays is that it was erased, by whom and when.
    pub(crate) async fn erase(
        &self,
        id: Uuid,
        by: By<'_>,
        what: Deed,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let visit = id.to_string();
        let mut turn = self.turn().await?;
        let on = turn.on();
        let aside = bring_back_all(on, &visit, at_ms).await?;
        // Statements of the visit, and those of others whose agent is the visit.
        let told = query(
            "select position from statements where visit = $1
             union select position from links where reach = 0 and term in (
                 select l.term from statements s cross join links l on l.position = s.position
                 cross join terms t on t.key = l.term
                 where s.visit = $1 and l.reach = 0 and t.kind = 0 and t.name like $2)
             order by position",
        );
        let whose = format!("account % {visit}");
        let told = told.bind(visit.as_str()).bind(whose.as_str());
        let told: Vec<(i64,)> = told.all(on).await?;
        let told: Vec<i64> = told.into_iter().map(|(position,)| position).collect();
        erase_statements(on, &told).await?;
        query("delete from documents where agent like $1")
            .bind(whose)
            .run(on)
            .await?;
        let erased = query("delete from visits where id = $1");
        if erased.bind(visit.as_str()).run(on).await? > 0 {
            note(on, by, what, &[id], at_ms).await?;
        }
        for other in aside.iter().filter(|it| **it != visit) {
            set_aside(on, other).await?;
        }
        turn.commit().await?;
        self.tidy_bucket_soon(at_ms).await;
        self.clear_write_ahead_log().await
    }

    /// Makes what was erased leave the disk at once, where that can be done.
    pub(super) async fn clear_write_ahead_log(&self) -> Result<(), StoreError> {
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
        consent,
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
    if let Some(version) = consent {
        let created_ms = visit.created.unix_millis().cast_signed();
        person::agree(on, *id, *version, created_ms).await?;
    }
    writing::tell(on, &id.to_string(), initialized).await
}

/// Erases statements and tells so in the chain, within a turn at writing. What only they brought or
/// were found by goes with them.
pub(super) async fn erase_statements(
    on: &mut Connection,
    positions: &[i64],
) -> Result<(), StoreError> {
    if positions.is_empty() {
        return Ok(());
    }
    let ends = Ends::of(on).await?;
    // The last statement may be one of them, and whoever has read it reads on after it.
    ends.mark(on).await?;
    let mut chain = ends.chain;
    let (mut terms, mut sums) = (BTreeSet::new(), BTreeSet::new());
    for position in positions {
        chain.erased(*position);
        let found_by = query("select term from links where position = $1").bind(*position);
        let found_by: Vec<(i64,)> = found_by.all(on).await?;
        terms.extend(found_by.into_iter().map(|(term,)| term));
        let brought = query("select sha2 from attachments_of_statements where position = $1");
        let brought: Vec<(String,)> = brought.bind(*position).all(on).await?;
        sums.extend(brought.into_iter().map(|(sum,)| sum));
        let erased = query("delete from statements where position = $1");
        erased.bind(*position).run(on).await?;
    }
    chain.write(on).await?;
    for sum in sums {
        forget_orphan(on, &sum).await?;
    }
    let terms: Vec<i64> = terms.into_iter().collect();
    forget_terms(on, &terms).await
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
            active: row.get::<Option<i64>>("active_ms")?.map(moment),
            evidence_gone: row.get::<Option<i64>>("evidence_gone_ms")?.map(moment),
            limited: row.get::<Option<i64>>("limited_ms")?.map(moment),
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
