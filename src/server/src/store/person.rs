//! What visitors agreed to, what they object to, and what is kept about them.

use uuid::Uuid;
use xinghuo_wire::{ConsentKept, Deed, ObjectionKept, Timestamp, version::CONSENT};

use super::{
    Connection, FromRow, Row, Store, StoreError,
    access::{By, note},
    query,
};

/// How much of a visit is kept.
pub(crate) struct Counted {
    pub(crate) entries: u32,
    pub(crate) verdicts: u32,
    pub(crate) statements: u32,
    pub(crate) documents: u32,
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_unix_millis(ms.cast_unsigned())
}

impl FromRow for ConsentKept {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            version: row.count("version")?,
            given: moment(row.get("given_ms")?),
            withdrawn: row.get::<Option<i64>>("withdrawn_ms")?.map(moment),
        })
    }
}

impl FromRow for ObjectionKept {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.count("number")?,
            at: moment(row.get("at_ms")?),
            text: row.get("text")?,
            answered: row.get::<Option<i64>>("answered_ms")?.map(moment),
            answer: row.get("answer")?,
        })
    }
}

/// An objection and the visit that it is about.
pub(crate) struct Raised {
    pub(crate) visit: String,
    pub(crate) objection: ObjectionKept,
    /// Whether the use of the visit is limited.
    pub(crate) is_limited: bool,
}

impl FromRow for Raised {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            visit: row.get("visit")?,
            objection: ObjectionKept::from_row(row)?,
            is_limited: row.get("is_limited")?,
        })
    }
}

/// Whether the visitor agrees to being recorded now, by the present text.
pub(super) async fn agrees(on: &mut Connection, visit: Uuid) -> Result<bool, StoreError> {
    let any = query(
        "select version from consents
         where visit = $1 and version = $2 and withdrawn_ms is null limit 1",
    );
    let any = any.bind(visit.to_string()).bind(CONSENT);
    Ok(any.first::<(i64,)>(on).await?.is_some())
}

/// Keeps that the visitor agrees, within a turn at writing.
pub(super) async fn agree(
    on: &mut Connection,
    visit: Uuid,
    version: u32,
    at_ms: i64,
) -> Result<(), StoreError> {
    // Two within one millisecond are one.
    query(
        "insert into consents (visit, given_ms, version) values ($1, $2, $3)
         on conflict (visit, given_ms) do update set withdrawn_ms = null",
    )
    .bind(visit.to_string())
    .bind(at_ms)
    .bind(version)
    .run(on)
    .await?;
    note(on, By::VISITOR, Deed::Consent, &[visit], at_ms).await
}

/// Keeps that the visitor does not agree any more, if they did, within a turn at writing.
pub(super) async fn withdraw(
    on: &mut Connection,
    visit: Uuid,
    at_ms: i64,
) -> Result<(), StoreError> {
    let withdrawn =
        query("update consents set withdrawn_ms = $1 where visit = $2 and withdrawn_ms is null");
    let withdrawn = withdrawn.bind(at_ms).bind(visit.to_string());
    if withdrawn.run(on).await? > 0 {
        note(on, By::VISITOR, Deed::Withdraw, &[visit], at_ms).await?;
    }
    Ok(())
}

impl Store {
    /// Keeps that the visitor agrees to being recorded, unless that is so already.
    pub(crate) async fn agree(&self, visit: Uuid, at_ms: i64) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        if !agrees(turn.on(), visit).await? {
            agree(turn.on(), visit, CONSENT, at_ms).await?;
        }
        turn.commit().await
    }

    /// Keeps that the visitor does not agree any more.
    pub(crate) async fn withdraw(&self, visit: Uuid, at_ms: i64) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        withdraw(turn.on(), visit, at_ms).await?;
        turn.commit().await
    }

    /// What the visitor agreed to, the newest last.
    pub(crate) async fn consents(&self, visit: Uuid) -> Result<Vec<ConsentKept>, StoreError> {
        let all = query(
            "select version, given_ms, withdrawn_ms from consents where visit = $1 order by given_ms",
        );
        let all = all.bind(visit.to_string());
        all.all(&mut self.reader().await?).await
    }

    /// Corrects the language that a visit is told in.
    pub(crate) async fn correct_language(
        &self,
        visit: Uuid,
        language: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("update visits set language = $1 where id = $2")
            .bind(language)
            .bind(visit.to_string())
            .run(turn.on())
            .await?;
        note(turn.on(), By::VISITOR, Deed::Correct, &[visit], at_ms).await?;
        turn.commit().await
    }

    /// Keeps an objection, and says its number; none if the visit has `most` of them already.
    pub(crate) async fn object(
        &self,
        visit: Uuid,
        text: &str,
        most: u32,
        at_ms: i64,
    ) -> Result<Option<u32>, StoreError> {
        let mut turn = self.turn().await?;
        let last = query("select coalesce(max(number), 0) from objections where visit = $1");
        let (last,): (i64,) = last.bind(visit.to_string()).one(turn.on()).await?;
        if last >= i64::from(most) {
            return Ok(None);
        }
        let number = last + 1;
        query("insert into objections (visit, number, at_ms, text) values ($1, $2, $3, $4)")
            .bind(visit.to_string())
            .bind(number)
            .bind(at_ms)
            .bind(text)
            .run(turn.on())
            .await?;
        note(turn.on(), By::VISITOR, Deed::Object, &[visit], at_ms).await?;
        turn.commit().await?;
        Ok(u32::try_from(number).ok())
    }

    /// What the visitor objected to.
    pub(crate) async fn objections(&self, visit: Uuid) -> Result<Vec<ObjectionKept>, StoreError> {
        let all = query(
            "select number, at_ms, text, answered_ms, answer from objections
             where visit = $1 order by number",
        );
        let all = all.bind(visit.to_string());
        all.all(&mut self.reader().await?).await
    }

    /// Every visitor's objections for `by` to read, those without an answer first, which is noted.
    pub(crate) async fn all_objections(
        &self,
        by: By<'_>,
        at_ms: i64,
    ) -> Result<Vec<Raised>, StoreError> {
        let mut turn = self.turn().await?;
        let all = query(
            "select visit, number, at_ms, text, answered_ms, answer,
                 limited_ms is not null as is_limited
             from objections join visits on id = visit
             order by coalesce(answered_ms, 0), at_ms, visit, number",
        );
        let all: Vec<Raised> = all.all(turn.on()).await?;
        let mut visits: Vec<Uuid> = all.iter().filter_map(|it| it.visit.parse().ok()).collect();
        visits.sort_unstable();
        visits.dedup();
        note(turn.on(), by, Deed::Read, &visits, at_ms).await?;
        turn.commit().await?;
        Ok(all)
    }

    /// Answers an objection; `false` if there is none of that number.
    pub(crate) async fn answer_objection(
        &self,
        by: By<'_>,
        (visit, number): (Uuid, u32),
        answer: &str,
        at_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let touched = query(
            "update objections set answered_ms = $1, answer = $2 where visit = $3 and number = $4",
        )
        .bind(at_ms)
        .bind(answer)
        .bind(visit.to_string())
        .bind(number)
        .run(turn.on())
        .await?;
        if touched > 0 {
            note(turn.on(), by, Deed::Answer, &[visit], at_ms).await?;
        }
        turn.commit().await?;
        Ok(touched > 0)
    }

    /// How much of a visit is kept. `agent` is the identity that documents of others know it by.
    pub(crate) async fn counted(&self, visit: Uuid, agent: &str) -> Result<Counted, StoreError> {
        let mut on = self.reader().await?;
        let counts = query(
            "select (select count(*) from entries where visit = $1) as entries,
                 (select count(*) from verdicts where visit = $1) as verdicts,
                 (select count(*) from statements where visit = $1)
                     + (select count(*) from limited_statements where visit = $1) as statements,
                 (select count(*) from documents where agent = $2)
                     + (select count(*) from limited_documents where agent = $2) as documents",
        );
        counts
            .bind(visit.to_string())
            .bind(agent)
            .one(&mut on)
            .await
    }
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            entries: row.count("entries")?,
            verdicts: row.count("verdicts")?,
            statements: row.count("statements")?,
            documents: row.count("documents")?,
        })
    }
}
