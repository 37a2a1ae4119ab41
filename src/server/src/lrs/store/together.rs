//! Batches that wait are stored together: one turn at writing, one wait for the disk.
//!
//! Whoever brings a batch waits for the lead and then stores all batches that wait by then, its own
//! among them. So with one client nothing waits for others, and with many the disk is asked no more
//! often than with one.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{
    self,
    oneshot::{self, error::TryRecvError},
};

use super::keeping::{Batch, Kept, Prepared, keep_all};
use crate::{
    lrs::attachments::Attached,
    store::{Store, StoreError},
};

/// How many statements are stored in one turn, unless a single batch has more.
const TOGETHER: usize = 500;

/// The batches that wait, and whose turn it is to store them.
#[derive(Debug, Default)]
pub(crate) struct Together {
    waiting: Mutex<VecDeque<Waiting>>,
    lead: sync::Mutex<()>,
}

/// A batch, and whom to tell what became of it.
#[derive(Debug)]
struct Waiting {
    batch: Prepared,
    answer: oneshot::Sender<Result<Kept, StoreError>>,
}

impl Store {
    /// Keeps a batch. When this returns, it is on the disk.
    pub(in crate::lrs) async fn keep(&self, mut batch: Batch) -> Result<Kept, StoreError> {
        let (answer, mut answered) = oneshot::channel();
        let attached = batch.attached.drain(..);
        let attached = attached.map(|Attached { sha2, content }| (sha2, content));
        let laid = self.lay(attached.collect()).await?;
        let batch = Prepared::of(batch, laid);
        self.together.add(Waiting { batch, answer });
        // Whoever gets the lead stores what came before its own as well, and waits for nobody.
        let _lead = tokio::select! {
            biased;
            answer = &mut answered => return answer.unwrap_or(Err(StoreError::Busy)),
            lead = self.together.lead.lock() => lead,
        };
        loop {
            match answered.try_recv() {
                Ok(answer) => return answer,
                Err(TryRecvError::Empty) => keep_next(self).await,
                Err(TryRecvError::Closed) => return Err(StoreError::Busy),
            }
        }
    }

    async fn keep_alone(&self, batch: &mut Prepared) -> Result<Kept, StoreError> {
        let kept = self.keep_in_one_turn(std::slice::from_mut(batch)).await?;
        kept.into_iter().next().ok_or(StoreError::Busy)
    }

    /// Keeps batches in one turn: what became of each, in their order.
    async fn keep_in_one_turn(&self, batches: &mut [Prepared]) -> Result<Vec<Kept>, StoreError> {
        let mut turn = self.turn().await?;
        let (kept, last_us) = keep_all(turn.on(), batches).await?;
        turn.commit().await?;
        self.knows_through(last_us);
        Ok(kept)
    }
}

impl Together {
    fn add(&self, waiting: Waiting) {
        self.queue().push_back(waiting);
    }

    /// The batches that have waited longest and can be stored together. What voids is stored alone,
    /// since what it may depends on what is stored before it.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let (mut next, mut statements) = (Vec::<Waiting>::new(), 0);
        while let Some(waiting) = queue.pop_front() {
            let is_first = next.is_empty();
            statements += waiting.batch.len();
            let goes_alone = waiting.batch.is_voiding();
            if !is_first && (goes_alone || statements > TOGETHER) {
                queue.push_front(waiting);
                break;
            }
            next.push(waiting);
            if goes_alone {
                break;
            }
        }
        next
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the batches that have waited longest, and tells whoever brought them.
async fn keep_next(store: &Store) {
    let next = store.together.next().into_iter();
    let (mut batches, answers): (Vec<_>, Vec<_>) = next.map(|it| (it.batch, it.answer)).unzip();
    let error = match store.keep_in_one_turn(&mut batches).await {
        Ok(kept) => {
            for (answer, kept) in answers.into_iter().zip(kept) {
                // Whoever has gone away need not be told.
                let _ = answer.send(Ok(kept));
            }
            // Nobody is to wait until all of it is taken apart.
            tokio::spawn(async move { drop(batches) });
            return;
        }
        Err(error) => error,
    };
    let is_alone = batches.len() == 1;
    let mut error = Some(error);
    for (batch, answer) in batches.iter_mut().zip(answers) {
        let of_all = error.as_ref().and_then(StoreError::of_the_database);
        let kept = match of_all.or_else(|| error.take().filter(|_| is_alone)) {
            Some(error) => Err(error),
            // One of them is at fault, and no other is to suffer for it.
            None => store.keep_alone(batch).await,
        };
        let _ = answer.send(kept);
    }
}

#[cfg(test)]
mod tests {
    use xinghuo_wire::lrs::{Json, Submitted, XapiVersion};

    use super::*;

    fn waiting(statements: usize, verb: &str) -> Waiting {
        let one = format!(
            r#"{{"actor":{{"mbox":"mailto:a@b.example"}},"verb":{{"id":"{verb}"}},
                 "object":{{"objectType":"StatementRef","id":"{}"}}}}"#,
            uuid::Uuid::new_v4()
        );
        let all = format!("[{}]", vec![one; statements].join(","));
        let batch = Batch {
            statements: Submitted::all(all.as_bytes(), XapiVersion::Two).expect("statements"),
            attached: Vec::new(),
            authority: Json::Null,
            authority_identity: String::new(),
            may_void_others: false,
            version: XapiVersion::Two,
            by: Default::default(),
        };
        let (answer, _) = oneshot::channel();
        Waiting {
            batch: Prepared::of(batch, Vec::new()),
            answer,
        }
    }

    #[track_caller]
    fn check(waiting: Vec<Waiting>, turns: &[usize]) {
        let together = Together::default();
        for it in waiting {
            together.add(it);
        }
        let taken = std::iter::repeat_with(|| together.next().len());
        let taken: Vec<_> = taken.take_while(|taken| *taken > 0).collect();
        assert_eq!(taken, turns);
    }

    #[test]
    fn batches_share_a_turn_until_it_is_long_enough() {
        let seen = "http://adlnet.gov/expapi/verbs/experienced";
        check(Vec::new(), &[]);
        check((0..4).map(|_| waiting(200, seen)).collect(), &[2, 2]);
        check(vec![waiting(TOGETHER + 1, seen), waiting(1, seen)], &[1, 1]);
    }

    #[test]
    fn what_voids_has_a_turn_of_its_own() {
        let (seen, voided) = (
            "http://adlnet.gov/expapi/verbs/experienced",
            xinghuo_wire::lrs::VOIDED,
        );
        let all = [seen, seen, voided, voided, seen].map(|verb| waiting(1, verb));
        check(all.into(), &[2, 1, 1, 1]);
    }
}
