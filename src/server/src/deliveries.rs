//! What is told to others: at least once, in order within a visit, until it is told, erased or given
//! up.
//!
//! What waits is in the database, so it survives whatever happens to this server, and any number of
//! servers may share the work: a lease says who is at it. Nothing here is in a request's way.

mod outcome;
mod queue;
mod reading;
mod sending;

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::FutureExt;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use xinghuo_wire::Timestamp;

use crate::{
    cmi5::end_silent,
    outward::Outward,
    store::{Store, StoreError, now_us},
    telemetry::Telemetry,
};

pub(crate) use outcome::{Outcome, meant};
pub(crate) use queue::Standing;
pub(crate) use reading::queue_those_aside;

/// How often the database is asked whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often it is looked for launches of which nothing is heard any more.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How long what is being sent may take once the server was told to stop. What is cut off is sent
/// again, by whichever server is first after the lease.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Tells others what there is to tell.
pub(crate) struct Deliveries {
    store: Store,
    outward: Arc<Outward>,
    telemetry: Telemetry,
}

/// Whom something is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Whom {
    /// A record store that an administrator has named, by its key.
    Forward(String),
    /// The learning system that launched a visit, by the launch.
    Launch(String),
}

impl Deliveries {
    pub(crate) fn new(store: Store, outward: Arc<Outward>, telemetry: Telemetry) -> Self {
        Self {
            store,
            outward,
            telemetry,
        }
    }

    /// Tells others until `stopped` says so.
    pub(crate) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let this = Arc::new(self);
        let (mut tasks, mut busy) = (JoinSet::new(), HashSet::new());
        let mut swept = None;
        loop {
            if swept.is_none_or(|at: Instant| at.elapsed() >= SWEEP_EVERY) {
                swept = Some(Instant::now());
                let now = Timestamp::from_unix_millis(now_ms().cast_unsigned());
                if let Err(cause) = end_silent(&this.store, now).await {
                    tracing::warn!(%cause, "launches that are over cannot be ended");
                }
            }
            match this.store.due(now_ms()).await {
                Ok(due) => {
                    for whom in due {
                        if busy.insert(whom.clone()) {
                            tasks.spawn(this.clone().told(whom));
                        }
                    }
                }
                Err(cause) => tracing::warn!(%cause, "what is to be told cannot be read"),
            }
            tokio::select! {
                Some(done) = tasks.join_next() => {
                    match done {
                        Ok(whom) => drop(busy.remove(&whom)),
                        // Whose task it was is not known any more.
                        Err(cause) => {
                            tracing::error!(%cause, "telling others failed");
                            busy.clear();
                        }
                    }
                    // Whoever else has ended is not waited for either.
                    while let Some(Some(Ok(whom))) = tasks.join_next().now_or_never() {
                        busy.remove(&whom);
                    }
                }
                () = sleep(LOOK_EVERY) => {}
                _ = stopped.wait_for(|stopped| *stopped) => break,
            }
        }
        let rest = async { while tasks.join_next().await.is_some() {} };
        if timeout(LAST_ANSWERS, rest).await.is_err() {
            tracing::warn!("stopped while others were being told; they will be told again");
        }
    }

    /// Tells one of them what is due, once. If nothing is, although something waits, it is the turn of
    /// something that has to wait itself.
    async fn told(self: Arc<Self>, whom: Whom) -> Whom {
        let has_told = self.tell(&whom).await.unwrap_or_else(|cause| {
            tracing::warn!(%cause, "what is to be told waits");
            false
        });
        if !has_told {
            sleep(LOOK_EVERY).await;
        }
        whom
    }

    fn trace(&self, kind: &'static str, sent: &[Outcome], began: SystemTime) {
        let arrived = sent.iter().filter(|it| **it == Outcome::Told).count();
        self.telemetry.passed_on(kind, sent.len(), arrived, began);
    }

    async fn tell(&self, whom: &Whom) -> Result<bool, StoreError> {
        match whom {
            Whom::Forward(key) => {
                let Some(forward) = self.store.forward(key).await? else {
                    return Ok(false);
                };
                let has_read = self.store.read_on(&forward).await?;
                let claimed = self.store.claim(whom, Some(&forward), now_ms()).await?;
                let began = SystemTime::now();
                let sent =
                    sending::forwarded(&self.outward, &self.store, &forward, &claimed).await?;
                self.trace("record store", &sent, began);
                let settled = self.store.settle(Some(&forward), &claimed, &sent, now_ms());
                settled.await?;
                Ok(has_read || !claimed.is_empty())
            }
            Whom::Launch(id) => {
                let Some(system) = self.store.launching_system(id).await? else {
                    return Ok(false);
                };
                let claimed = self.store.claim(whom, None, now_ms()).await?;
                let began = SystemTime::now();
                let sent = sending::told(&self.outward, &system, &claimed).await;
                self.trace("learning system", &sent, began);
                let settled = self.store.settle(None, &claimed, &sent, now_ms());
                settled.await?;
                Ok(!claimed.is_empty())
            }
        }
    }
}

fn now_ms() -> i64 {
    now_us() / 1000
}
