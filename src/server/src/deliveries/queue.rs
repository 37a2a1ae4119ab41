//! What waits: claimed, and settled when it has been sent.

use xinghuo_wire::{Deed, Who};

use super::{
    Whom,
    outcome::{Outcome, patience},
    sending::LaunchingSystem,
};
use crate::{
    forward::Forward,
    outward::origin,
    store::{By, Connection, FromRow, Row, Store, StoreError, concerned, note, query},
};

/// How many are claimed at a time.
const AT_ONCE: i64 = 50;

/// How long a server that has claimed something has it to itself. Sending is given up long before.
const LEASE_MS: i64 = 150_000;

/// After how long something that cannot be told is given up.
const LIFE_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Something that is to be told, claimed by this server.
pub(super) struct Claimed {
    number: i64,
    pub(super) lane: String,
    pub(super) position: Option<i64>,
    /// The statement as JSON.
    pub(super) statement: String,
    created_ms: i64,
    attempts: u32,
    /// Whether no server has ever claimed it.
    is_first: bool,
    lease_ms: i64,
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get("number")?,
            lane: row.get("lane")?,
            position: row.get("position")?,
            statement: row.get("told")?,
            created_ms: row.get("created_ms")?,
            attempts: row.count("attempts")?,
            is_first: row.get::<i64>("lease_ms")? == 0 && row.count("attempts")? == 0,
            lease_ms: 0,
        })
    }
}

/// How things stand with what is to be told.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub(crate) waiting: i64,
    pub(crate) dead: i64,
    /// Since when the oldest waits, milliseconds since 1970.
    pub(crate) oldest_ms: Option<i64>,
}

impl FromRow for Standing {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            waiting: row.get("waiting")?,
            dead: row.get("dead")?,
            oldest_ms: row.get("oldest_ms")?,
        })
    }
}

impl Store {
    /// Whom there may be something to tell now.
    pub(super) async fn due(&self, now_ms: i64) -> Result<Vec<Whom>, StoreError> {
        let mut on = self.reader().await?;
        let forwards = query(
            "select key from forwards
             where not paused and due_ms <= $1
                 and (exists (select 1 from statements where statements.position > forwards.position)
                     or exists (select 1 from deliveries where forward = key
                         and dead_ms is null and due_ms <= $1 and lease_ms <= $1))",
        );
        let forwards: Vec<(String,)> = forwards.bind(now_ms).all(&mut on).await?;
        let launches = query(
            "select distinct launch from deliveries
             where launch is not null and dead_ms is null and due_ms <= $1 and lease_ms <= $1
             limit 100",
        );
        let launches: Vec<(String,)> = launches.bind(now_ms).all(&mut on).await?;
        let forwards = forwards.into_iter().map(|(key,)| Whom::Forward(key));
        Ok(forwards
            .chain(launches.into_iter().map(|(id,)| Whom::Launch(id)))
            .collect())
    }

    /// A forward that is not paused.
    pub(super) async fn forward(&self, key: &str) -> Result<Option<Forward>, StoreError> {
        let one = query("select * from forwards where key = $1 and not paused");
        one.bind(key).first(&mut self.reader().await?).await
    }

    /// The learning system that launched a visit.
    pub(super) async fn launching_system(
        &self,
        launch: &str,
    ) -> Result<Option<LaunchingSystem>, StoreError> {
        let one = query("select endpoint, credential from launches where id = $1");
        let one = one.bind(launch).first(&mut self.reader().await?).await?;
        Ok(one.map(|(endpoint, credential)| LaunchingSystem {
            endpoint,
            credential,
        }))
    }

    /// Claims what is next in lanes in which nothing before it waits or is being sent.
    pub(super) async fn claim(
        &self,
        whom: &Whom,
        forward: Option<&Forward>,
        now_ms: i64,
    ) -> Result<Vec<Claimed>, StoreError> {
        let (claim, key) = match whom {
            Whom::Forward(key) => (
                "select next.number, next.lane, next.position, next.created_ms, next.attempts,
                     next.lease_ms, statements.statement as told
                 from deliveries next join statements on statements.position = next.position
                 where next.forward = $1 and next.dead_ms is null and not exists (
                     select 1 from deliveries before
                     where before.forward = $1 and before.lane = next.lane
                         and before.number <= next.number and before.dead_ms is null
                         and (before.lease_ms > $2 or before.due_ms > $2))
                 order by next.number limit $3",
                key,
            ),
            Whom::Launch(id) => (
                "select next.number, next.lane, next.position, next.created_ms, next.attempts,
                     next.lease_ms, next.statement as told
                 from deliveries next
                 where next.launch = $1 and next.dead_ms is null and not exists (
                     select 1 from deliveries before
                     where before.launch = $1 and before.number <= next.number
                         and before.dead_ms is null
                         and (before.lease_ms > $2 or before.due_ms > $2))
                 order by next.number limit $3",
                id,
            ),
        };
        let claimable = query(claim).bind(key.as_str()).bind(now_ms).bind(1_i64);
        let claimable: Option<Claimed> = claimable.first(&mut self.reader().await?).await?;
        if claimable.is_none() {
            return Ok(Vec::new());
        }
        let mut turn = self.turn().await?;
        let claim = query(claim).bind(key.as_str()).bind(now_ms).bind(AT_ONCE);
        let mut claimed: Vec<Claimed> = claim.all(turn.on()).await?;
        for it in &mut claimed {
            it.lease_ms = now_ms + LEASE_MS;
            query("update deliveries set lease_ms = $1 where number = $2")
                .bind(it.lease_ms)
                .bind(it.number)
                .run(turn.on())
                .await?;
        }
        // Before it is sent: whoever has it may have it from the first try, whatever is answered.
        match whom {
            Whom::Forward(_) => note_forwarded(turn.on(), forward, &claimed, now_ms).await?,
            Whom::Launch(id) => note_told(turn.on(), id, &claimed, now_ms).await?,
        }
        turn.commit().await?;
        Ok(claimed)
    }

    /// Writes down what became of what was claimed. What another server has claimed meanwhile, because
    /// this one took too long, is that one's business.
    pub(super) async fn settle(
        &self,
        forward: Option<&Forward>,
        claimed: &[Claimed],
        outcomes: &[Outcome],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        if claimed.is_empty() {
            return Ok(());
        }
        let mut turn = self.turn().await?;
        let (mut told, mut trouble) = (false, None);
        for (it, outcome) in claimed.iter().zip(outcomes) {
            let is_old = now_ms - it.created_ms > LIFE_MS;
            let mine = match outcome {
                Outcome::Told => {
                    told = true;
                    query("delete from deliveries where number = $1 and lease_ms = $2")
                        .bind(it.number)
                        .bind(it.lease_ms)
                }
                Outcome::GivenUp(why) => it.given_up(why, now_ms),
                Outcome::Later(why) | Outcome::NobodyHome(why, _) if is_old => {
                    it.given_up(&format!("{why}; for three days"), now_ms)
                }
                Outcome::Later(why) => it.later(why, now_ms + wait_ms(it.attempts + 1)),
                Outcome::NobodyHome(why, wait) => {
                    let wait = wait.map(|wait| wait.as_millis() as i64);
                    trouble = Some((why, wait));
                    // A forward waits as a whole; a launch is alone with its system.
                    let alone = wait.unwrap_or_else(|| wait_ms(it.attempts + 1));
                    it.later(why, now_ms + if forward.is_some() { 0 } else { alone })
                }
                // It was claimed once, and is free again.
                Outcome::NotSent => {
                    query("update deliveries set lease_ms = 1 where number = $1 and lease_ms = $2")
                        .bind(it.number)
                        .bind(it.lease_ms)
                }
            };
            mine.run(turn.on()).await?;
        }
        if let Some(forward) = forward {
            let change = match trouble {
                Some((why, wait)) => {
                    let failures = if told { 1 } else { forward.failures + 1 };
                    let wait = wait.unwrap_or_else(|| wait_ms(failures));
                    tracing::warn!(forward = forward.key, why, "forwarding waits");
                    query(
                        "update forwards set failures = $1, failure = $2, due_ms = $3
                         where key = $4",
                    )
                    .bind(failures)
                    .bind(why.as_str())
                    .bind(now_ms + wait)
                }
                None if forward.failures > 0 => query(
                    "update forwards set failures = $1, failure = $2, due_ms = $3 where key = $4",
                )
                .bind(0_i64)
                .bind(None::<&str>)
                .bind(0_i64),
                None => return turn.commit().await,
            };
            change.bind(forward.key.as_str()).run(turn.on()).await?;
        }
        turn.commit().await
    }

    /// How things stand with what is to be told.
    pub(crate) async fn standing(&self) -> Result<Standing, StoreError> {
        let standing = query(
            "select count(*) filter (where dead_ms is null) as waiting,
                 count(*) filter (where dead_ms is not null) as dead,
                 min(case when dead_ms is null then created_ms end) as oldest_ms
             from deliveries",
        );
        standing.one(&mut self.reader().await?).await
    }
}

/// Notes to which record store the statements of visits go, and those of other systems about visits.
async fn note_forwarded(
    on: &mut Connection,
    forward: Option<&Forward>,
    claimed: &[Claimed],
    now_ms: i64,
) -> Result<(), StoreError> {
    let Some(forward) = forward else {
        return Ok(());
    };
    let by = By {
        who: Who::Server,
        actor: Some(&forward.key),
        name: Some(&forward.label),
    };
    let first = claimed.iter().filter(|it| it.is_first);
    let first: Vec<i64> = first.filter_map(|it| it.position).collect();
    let about = concerned(on, &first).await?;
    note(on, by, Deed::Forward, &about, now_ms).await
}

/// Notes which learning system is told of a visit that it launched.
async fn note_told(
    on: &mut Connection,
    launch: &str,
    claimed: &[Claimed],
    now_ms: i64,
) -> Result<(), StoreError> {
    if !claimed.iter().any(|it| it.is_first) {
        return Ok(());
    }
    let of = query("select visit, endpoint from launches where id = $1").bind(launch);
    let (visit, endpoint): (String, String) = of.one(on).await?;
    let visit = visit.parse();
    let visit = visit.map_err(|_| StoreError::Unreadable { what: "launch" })?;
    let system = origin(&endpoint).unwrap_or_default();
    let by = By {
        who: Who::Server,
        actor: Some(launch),
        name: Some(&system),
    };
    note(on, by, Deed::Forward, &[visit], now_ms).await
}

impl Claimed {
    fn given_up(&self, why: &str, now_ms: i64) -> crate::store::Query {
        query(
            "update deliveries set dead_ms = $1, failure = $2, attempts = attempts + 1, lease_ms = 0
             where number = $3 and lease_ms = $4",
        )
        .bind(now_ms)
        .bind(why)
        .bind(self.number)
        .bind(self.lease_ms)
    }

    fn later(&self, why: &str, due_ms: i64) -> crate::store::Query {
        query(
            "update deliveries set due_ms = $1, failure = $2, attempts = attempts + 1, lease_ms = 0
             where number = $3 and lease_ms = $4",
        )
        .bind(due_ms)
        .bind(why)
        .bind(self.number)
        .bind(self.lease_ms)
    }
}

fn wait_ms(failures: u32) -> i64 {
    patience(failures).as_millis() as i64
}
