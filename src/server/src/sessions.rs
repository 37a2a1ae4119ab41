//! Visits that were replayed lately, so that the next batch need not replay them again.
//!
//! What is kept here is never the truth: it is taken only when it stands exactly where the stored
//! log ends, and dropped on any doubt.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;
use uuid::Uuid;
use xinghuo_tour::Session;
use xinghuo_wire::xapi::Sitting;

/// How many visits are kept: more than are under way at one time in a large school.
const KEPT: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");

/// A visit, replayed to its end.
pub(crate) struct Replayed {
    /// What it has come to.
    pub(crate) session: Session,
    /// The sitting in which it ends.
    pub(crate) sitting: Sitting,
}

/// Visits that were replayed lately.
pub(crate) struct Sessions(Mutex<LruCache<Uuid, Replayed>>);

impl Sessions {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }

    /// Takes the visit out, if it stands at `seq`. Whoever takes it puts it back once what was
    /// added to it is stored, or not at all.
    pub(crate) fn take(&self, visit: Uuid, seq: u32) -> Option<Replayed> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pop(&visit).filter(|it| it.session.seq() == seq)
    }

    /// Keeps a visit whose whole log is stored.
    pub(crate) fn keep(&self, visit: Uuid, replayed: Replayed) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .put(visit, replayed);
    }

    /// Forgets a visit.
    pub(crate) fn forget(&self, visit: Uuid) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop(&visit);
    }
}
