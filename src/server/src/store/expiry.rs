//! What goes when its time is over: the evidence of a visit first, then the visit, and entries of the
//! access log. One visit at a time, so that nobody waits long for a turn at writing.

use std::fmt;

use uuid::Uuid;
use xinghuo_wire::{Deed, xapi::evidence_verbs};

use super::{
    Connection, Store, StoreError,
    access::{By, concerned, note},
    limited::{bring_back_all, set_aside, with_others_aside},
    query,
    visit::erase_statements,
};
use crate::Retention;

/// How many visits are looked up at one time.
const PAGE: u32 = 200;

/// What went.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expired {
    /// Visits whose log, verdicts and statements on single steps went.
    pub(crate) evidence: u64,
    /// Visits that went altogether.
    pub(crate) visits: u64,
    /// Entries of the access log.
    pub(crate) accesses: u64,
    /// Statements and documents that other systems stored.
    pub(crate) others: u64,
}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            evidence,
            visits,
            accesses,
            others,
        } = self;
        write!(
            f,
            "deleted {visits} visits, the evidence of {evidence} more, {others} statements and \
             documents of other systems, and {accesses} entries of the access log"
        )
    }
}

impl Store {
    /// Deletes everything whose time is over at `now_ms`, milliseconds since 1970.
    pub(crate) async fn expire(
        &self,
        retention: &Retention,
        now_ms: i64,
    ) -> Result<Expired, StoreError> {
        let mut expired = Expired::default();
        let over = "select id from visits where coalesce(active_ms, created_ms) < $1
                    order by id limit $2";
        let before = now_ms - retention.records_ms();
        while let visits = self.over(over, before).await?
            && !visits.is_empty()
        {
            for visit in visits {
                self.erase(visit, By::SERVER, Deed::Expire, now_ms).await?;
                expired.visits += 1;
            }
        }
        let over = "select id from visits
                    where coalesce(active_ms, created_ms) < $1 and evidence_gone_ms is null
                    order by id limit $2";
        let before = now_ms - retention.evidence_ms();
        while let visits = self.over(over, before).await?
            && !visits.is_empty()
        {
            for visit in visits {
                let mut turn = self.turn().await?;
                forget_evidence(turn.on(), visit, before, now_ms).await?;
                turn.commit().await?;
                expired.evidence += 1;
            }
        }
        if let Some(period) = retention.others_ms() {
            expired.others = self.expire_others(now_ms - period, now_ms).await?;
        }
        if expired != Expired::default() {
            self.clear_write_ahead_log().await?;
        }
        self.tidy_bucket_soon(now_ms).await;
        let before = now_ms - retention.accesses_ms();
        expired.accesses = self.expire_accesses(before).await?;
        Ok(expired)
    }

    /// Deletes what other systems stored before that: statements, and documents about somebody that
    /// were not changed since. What is said of an activity is about nobody. What voids a statement goes
    /// no sooner than that: else nobody could tell why it is voided.
    async fn expire_others(&self, before_ms: i64, now_ms: i64) -> Result<u64, StoreError> {
        let oldest_us = before_ms.saturating_mul(1_000);
        // Positions and times of storing grow together.
        let last = query("select coalesce(max(position), 0) from statements where stored_us < $1");
        let (last,): (i64,) = last.bind(oldest_us).one(&mut self.reader().await?).await?;
        let (mut after, mut gone) = (0, 0);
        loop {
            let mut turn = self.turn().await?;
            let page = query(
                "select position from statements s
                 where position > $1 and position <= $2 and visit is null and not (is_voiding
                     and exists (select 1 from statements t where t.id = s.target))
                 order by position limit $3",
            );
            let page = page.bind(after).bind(last).bind(PAGE);
            let page: Vec<(i64,)> = page.all(turn.on()).await?;
            let page: Vec<i64> = page.into_iter().map(|(position,)| position).collect();
            let Some(end) = page.last() else { break };
            after = *end;
            let about = concerned(turn.on(), &page).await?;
            note(turn.on(), By::SERVER, Deed::Expire, &about, now_ms).await?;
            erase_statements(turn.on(), &page).await?;
            turn.commit().await?;
            gone += page.len() as u64;
        }
        gone += self.expire_others_aside(oldest_us, now_ms).await?;
        let mut turn = self.turn().await?;
        for old in [
            "delete from documents where kind <> 1 and updated_us < $1",
            "delete from limited_documents where updated_us < $1",
        ] {
            gone += query(old).bind(oldest_us).run(turn.on()).await?;
        }
        turn.commit().await?;
        Ok(gone)
    }

    /// The same of statements about visits whose use is limited.
    async fn expire_others_aside(&self, oldest_us: i64, now_ms: i64) -> Result<u64, StoreError> {
        let mut gone = 0;
        for visit in with_others_aside(&mut self.reader().await?, oldest_us).await? {
            let mut turn = self.turn().await?;
            let on = turn.on();
            let old = query(
                "select position from limited_statements s
                 where aside_for = $1 and visit is null and stored_us < $2 and not (is_voiding
                     and (exists (select 1 from limited_statements t where t.id = s.target)
                         or exists (select 1 from statements t where t.id = s.target)))
                 order by position",
            );
            let old: Vec<(i64,)> = old.bind(visit.as_str()).bind(oldest_us).all(on).await?;
            let old: Vec<i64> = old.into_iter().map(|(position,)| position).collect();
            if old.is_empty() {
                continue;
            }
            let aside = bring_back_all(on, &visit, now_ms).await?;
            let about = concerned(on, &old).await?;
            note(on, By::SERVER, Deed::Expire, &about, now_ms).await?;
            erase_statements(on, &old).await?;
            for it in aside {
                set_aside(on, &it).await?;
            }
            turn.commit().await?;
            gone += old.len() as u64;
        }
        Ok(gone)
    }

    async fn over(&self, over: &'static str, before: i64) -> Result<Vec<Uuid>, StoreError> {
        let over = query(over).bind(before).bind(PAGE);
        let ids: Vec<(String,)> = over.all(&mut self.reader().await?).await?;
        let parsed = ids.into_iter().map(|(id,)| id.parse());
        parsed
            .collect::<Result<_, _>>()
            .map_err(|_| StoreError::Unreadable { what: "visit" })
    }
}

/// Deletes what a visit's record follows from; the record stays. A visit that was added to since it
/// was looked up is left alone.
async fn forget_evidence(
    on: &mut Connection,
    visit: Uuid,
    before_ms: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    let id = visit.to_string();
    let marked = query(
        "update visits set evidence_gone_ms = $1
         where id = $2 and coalesce(active_ms, created_ms) < $3 and evidence_gone_ms is null",
    );
    let marked = marked.bind(now_ms).bind(id.as_str()).bind(before_ms);
    if marked.run(on).await? == 0 {
        return Ok(());
    }
    let aside = bring_back_all(on, &id, now_ms).await?;
    for delete in [
        "delete from entries where visit = $1",
        "delete from verdicts where visit = $1",
    ] {
        query(delete).bind(id.as_str()).run(on).await?;
    }
    let mut told = query(
        "select position from statements s where visit = $1 and exists (
             select 1 from links l cross join terms t on t.key = l.term
             where l.position = s.position and l.reach = 0 and t.kind = 2 and t.name in (",
    )
    .bind(id.as_str());
    told.push_list(evidence_verbs())
        .push(")) order by position");
    let told: Vec<(i64,)> = told.all(on).await?;
    let told: Vec<i64> = told.into_iter().map(|(position,)| position).collect();
    erase_statements(on, &told).await?;
    for it in aside {
        set_aside(on, &it).await?;
    }
    note(on, By::SERVER, Deed::Expire, &[visit], now_ms).await
}
