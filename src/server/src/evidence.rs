//! Weighing a batch of evidence: what of it is new, what follows from it, and where it stops.
//!
//! Pure: the log, the batch and the time come in, and `tour` decides.

use std::collections::BTreeMap;

use xinghuo_tour::{Entry, Event, Marking, Refusal, Venue, Verdict};
use xinghuo_wire::{
    MAX_CLOCK_AHEAD_MS, REASON_FROM_THE_FUTURE,
    xapi::{Received, Statement, VisitIdentity},
};

use crate::sessions::Replayed;

/// What a batch comes to.
pub(crate) struct Weighed {
    /// The visit with everything that was accepted.
    pub(crate) visit: Replayed,
    /// The entries that are new and were accepted.
    pub(crate) accepted: Vec<Entry>,
    /// What the server says of their answers.
    pub(crate) verdicts: Vec<Verdict>,
    /// What is told of them.
    pub(crate) statements: Vec<Statement>,
    /// What was decided by them.
    pub(crate) decisions: Vec<Event>,
    /// How many entries of the batch were in the log already.
    pub(crate) repeated: u64,
    /// Why the rest of the batch was left aside.
    pub(crate) stopped: Option<Stopped>,
}

/// Why a batch was not taken to its end. What came before it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The log has another entry with this number.
    Conflict {
        /// The number.
        seq: u32,
    },
    /// An entry's number is not the next one.
    Gap {
        /// The next one.
        expected: u32,
    },
    /// The entry cannot be true.
    Refused {
        /// The entry.
        seq: u32,
        /// Why not.
        reason: Reason,
    },
}

/// Why an entry cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The visit itself does not admit it.
    Tour(Refusal),
    /// It claims to be later than it is.
    FromTheFuture,
}

impl Reason {
    /// The reason as programs read it.
    pub(crate) fn code(self) -> String {
        match self {
            Self::FromTheFuture => REASON_FROM_THE_FUTURE.into(),
            Self::Tour(refusal) => serde_json::to_value(refusal)
                .ok()
                .and_then(|code| code.as_str().map(str::to_owned))
                .unwrap_or_default(),
        }
    }

    /// The reason as a sentence.
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::FromTheFuture => "the action is later than the server's clock".into(),
            Self::Tour(refusal) => refusal.to_string(),
        }
    }
}

/// Weighs `batch`, sent `now_ms` milliseconds after the visit began, on top of `visit`.
///
/// `known` holds at least the entries of the log whose numbers occur in the batch.
pub(crate) fn weigh(
    (venue, identity): (&Venue, &VisitIdentity),
    visit: Replayed,
    known: Vec<Entry>,
    batch: Vec<Entry>,
    now_ms: u64,
) -> Weighed {
    let known: BTreeMap<u32, Entry> = known.into_iter().map(|it| (it.seq, it)).collect();
    let mut weighed = Weighed {
        visit,
        accepted: Vec::new(),
        verdicts: Vec::new(),
        statements: Vec::new(),
        decisions: Vec::new(),
        repeated: 0,
        stopped: None,
    };
    for entry in batch {
        let expected = weighed.visit.session.seq() + 1;
        if let Some(stored) = known.get(&entry.seq) {
            if *stored != entry {
                weighed.stopped = Some(Stopped::Conflict { seq: entry.seq });
                break;
            }
            weighed.repeated += 1;
        } else if entry.seq != expected {
            weighed.stopped = Some(Stopped::Gap { expected });
            break;
        } else {
            let received = Received {
                entry,
                after_ms: now_ms,
            };
            if let Err(reason) = weighed.take(venue, identity, &received) {
                let seq = received.entry.seq;
                weighed.stopped = Some(Stopped::Refused { seq, reason });
                break;
            }
            weighed.accepted.push(received.entry);
        }
    }
    weighed
}

impl Weighed {
    fn take(
        &mut self,
        venue: &Venue,
        identity: &VisitIdentity,
        received: &Received,
    ) -> Result<(), Reason> {
        let Received { entry, after_ms } = received;
        if entry.at > after_ms.saturating_add(MAX_CLOCK_AHEAD_MS) {
            return Err(Reason::FromTheFuture);
        }
        let Replayed { session, sitting } = &mut self.visit;
        let events = session.apply(venue, &entry.action, entry.at);
        if let Some(Event::Refused(refusal)) = events.first() {
            return Err(Reason::Tour(*refusal));
        }
        self.statements
            .extend(identity.follow(venue, session, sitting, received, &events));
        for event in events {
            match event {
                Event::Marked {
                    checkpoint,
                    question,
                    right,
                    ..
                } => {
                    let marking = venue.checkpoints.get(&checkpoint).map(|it| it.marking);
                    if marking == Some(Marking::Server) {
                        self.verdicts.push(Verdict {
                            seq: entry.seq,
                            question,
                            right,
                            lead_back: None,
                        });
                    }
                }
                Event::Completed | Event::Passed { .. } | Event::Failed { .. } => {
                    self.decisions.push(event);
                }
                _ => {}
            }
        }
        Ok(())
    }
}
