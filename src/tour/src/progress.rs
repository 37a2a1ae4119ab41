//! How far a visit has come, and what the visitor takes home.

mod standing;
mod summary;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub(crate) use standing::Standing;
pub use summary::{StopSummary, Summary, TopicSummary};

use crate::{
    Session, Venue,
    checkpoint::Slot,
    id::StopId,
    venue::{Checkpoint, EvidenceKind, Stop},
};

/// How far a visit has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Required evidence got over required evidence, in `0.0..=1.0`; it never falls.
    pub completion: f32,
    /// Every stop, in the order of the route.
    pub stops: Vec<StopProgress>,
    /// What was understood.
    pub mastery: Mastery,
    /// Whether all required evidence is there.
    pub completed: bool,
    /// Whether every required question is settled and enough were understood.
    pub passed: bool,
    /// Whether every required question is settled and too few were understood.
    pub failed: bool,
}

/// How far a visit has come at one stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopProgress {
    /// The stop.
    pub stop: StopId,
    /// Whether the visit is incomplete without it.
    pub required: bool,
    /// Whether the stops that come before it are done. Only its checkpoint waits for them.
    pub available: bool,
    /// The evidence that is there.
    pub evidence: BTreeSet<EvidenceKind>,
    /// The evidence that the stop asks for.
    pub needed: BTreeSet<EvidenceKind>,
    /// Whether all that is asked for is there.
    pub done: bool,
    /// How many places of its checkpoint are settled.
    pub questions_settled: u32,
    /// How many places its checkpoint has.
    pub questions: u32,
}

/// What was understood: the marks of the required stops' checkpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mastery {
    /// The mean of the marks, in `0.0..=1.0`; a place that is not settled counts as 0.
    pub scaled: f32,
    /// How many places are settled.
    pub settled: u32,
    /// How many there are.
    pub of: u32,
    /// From which mean the visit is passed.
    pub threshold: f32,
}

impl Session {
    /// How far the visit has come.
    #[must_use]
    pub fn progress(&self, venue: &Venue) -> Progress {
        let standing = Standing::of(self, venue);
        let stops = venue.stops.iter().map(|stop| StopProgress {
            stop: stop.id.clone(),
            required: stop.required,
            available: self.is_available(venue, stop),
            evidence: self.evidence_at(&stop.id).clone(),
            needed: stop.evidence.clone(),
            done: self.is_done(stop),
            questions_settled: count(self.slots_at(venue, stop), |slot| slot.end.is_some()),
            questions: places_at(venue, stop),
        });
        Progress {
            completion: standing.completion(),
            stops: stops.collect(),
            mastery: Mastery {
                scaled: standing.marks.scaled(),
                settled: standing.marks.settled,
                of: standing.marks.of,
                threshold: venue.completion.mastery,
            },
            completed: standing.completed(),
            passed: standing.marks.passed == Some(true),
            failed: standing.marks.passed == Some(false),
        }
    }

    /// The places of a stop's checkpoint, once one of them was answered.
    fn slots_at(&self, venue: &Venue, stop: &Stop) -> &[Slot] {
        let asked = venue.checkpoint_of(stop).and_then(|it| self.asked(it));
        asked.map_or(&[], |it| &it.slots)
    }
}

/// How many places a stop's checkpoint has.
fn places_at(venue: &Venue, stop: &Stop) -> u32 {
    let places = venue.checkpoint_of(stop).map_or(0, Checkpoint::places);
    u32::try_from(places).unwrap_or(u32::MAX)
}

fn count(slots: &[Slot], is_so: impl Fn(&Slot) -> bool) -> u32 {
    u32::try_from(slots.iter().filter(|slot| is_so(slot)).count()).unwrap_or(u32::MAX)
}
