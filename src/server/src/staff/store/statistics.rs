//! What visits have come to: of one class each visit, of many only sums over groups. Visits whose use is
//! limited are in none of this.

use crate::store::{FromRow, Row, Store, StoreError, query};

/// A visit of a class, as its instructor sees it.
#[derive(Debug)]
pub(in crate::staff) struct Visited {
    pub(in crate::staff) visit: String,
    pub(in crate::staff) pseudonym: i64,
    pub(in crate::staff) venue: String,
    pub(in crate::staff) completion: f64,
    pub(in crate::staff) completed: bool,
    pub(in crate::staff) passed: bool,
    pub(in crate::staff) failed: bool,
    pub(in crate::staff) scaled: f64,
}

/// How a question was answered at the first try, by a group of visits.
#[derive(Debug)]
pub(in crate::staff) struct Answered {
    pub(in crate::staff) venue: String,
    pub(in crate::staff) question: String,
    pub(in crate::staff) visits: i64,
    pub(in crate::staff) right: i64,
}

/// The smallest group that is told of.
pub(in crate::staff) const GROUP: i64 = 5;

impl FromRow for Visited {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            visit: row.get("visit")?,
            pseudonym: row.get("pseudonym")?,
            venue: row.get("venue")?,
            completion: row.get("completion")?,
            completed: row.get("completed")?,
            passed: row.get("passed")?,
            failed: row.get("failed")?,
            scaled: row.get("scaled")?,
        })
    }
}

impl FromRow for Answered {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            venue: row.get("venue")?,
            question: row.get("question")?,
            visits: row.get("visits")?,
            right: row.get("answered_right")?,
        })
    }
}

impl Store {
    /// The visits of a class by their pseudonyms: the order tells nothing of when they were.
    pub(in crate::staff) async fn visits_of_class(
        &self,
        class: &str,
    ) -> Result<Vec<Visited>, StoreError> {
        let all = query(
            "select visit, pseudonym, venue, completion, completed, passed, failed, scaled
             from class_visits join visits on visits.id = visit
             where class = $1 and limited_ms is null order by pseudonym",
        );
        all.bind(class).all(&mut self.reader().await?).await
    }

    /// How each graded question was answered at the first try, in a class or, without one, by
    /// everybody. Visits count in whole groups, in the order in which they began: a question that a
    /// sixth visit has answered is told of as before, until the tenth has. So nothing can be learnt
    /// of one visit by looking before and after it.
    pub(in crate::staff) async fn answers(
        &self,
        class: Option<&str>,
    ) -> Result<Vec<Answered>, StoreError> {
        let sums = query(
            "with firsts as (
                 select visit, question, min(seq) as seq from verdicts group by visit, question
             ), placed as (
                 select venue, verdicts.question, answer_right,
                     row_number() over (partition by venue, verdicts.question
                         order by created_ms, visits.id) as place,
                     count(*) over (partition by venue, verdicts.question) as size
                 from firsts
                 join verdicts on verdicts.visit = firsts.visit and verdicts.seq = firsts.seq
                 join visits on visits.id = firsts.visit
                 where limited_ms is null and (cast($1 as text) is null
                     or visits.id in (select visit from class_visits where class = $1))
             )
             select venue, question, count(*) as visits,
                 cast(sum(case when answer_right then 1 else 0 end) as bigint) as answered_right
             from placed where place <= size - size % $2
             group by venue, question order by venue, question",
        );
        let sums = sums.bind(class).bind(GROUP);
        sums.all(&mut self.reader().await?).await
    }

    /// How many visits of each venue there are and how many of them were completed and passed, by
    /// venue, again in whole groups.
    pub(in crate::staff) async fn outcomes(&self) -> Result<Vec<Outcome>, StoreError> {
        let sums = query(
            "with placed as (
                 select venue, completed, passed,
                     row_number() over (partition by venue order by created_ms, id) as place,
                     count(*) over (partition by venue) as size
                 from visits where limited_ms is null
             )
             select venue, count(*) as visits,
                 cast(sum(case when completed then 1 else 0 end) as bigint) as completed,
                 cast(sum(case when passed then 1 else 0 end) as bigint) as passed
             from placed where place <= size - size % $1 group by venue order by venue",
        );
        sums.bind(GROUP).all(&mut self.reader().await?).await
    }
}

/// What a group of visits of a venue have come to.
#[derive(Debug)]
pub(in crate::staff) struct Outcome {
    pub(in crate::staff) venue: String,
    pub(in crate::staff) visits: i64,
    pub(in crate::staff) completed: i64,
    pub(in crate::staff) passed: i64,
}

impl FromRow for Outcome {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            venue: row.get("venue")?,
            visits: row.get("visits")?,
            completed: row.get("completed")?,
            passed: row.get("passed")?,
        })
    }
}
