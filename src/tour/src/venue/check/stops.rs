//! Stops: their places, what they ask for, and what comes before them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Errors, ErrorsAt};
use crate::{
    Venue,
    id::StopId,
    venue::{EvidenceKind, Fault, Part, Stop},
};

impl Venue {
    pub(super) fn check_stops(&self, errors: &mut Errors) {
        let mut seen = BTreeSet::new();
        let mut artifacts = BTreeSet::new();
        let mut checkpoints = BTreeSet::new();
        for stop in &self.stops {
            let mut at = errors.at(Part::Stop(stop.id.clone()));
            if !seen.insert(&stop.id) {
                at.push(Fault::StopTwice {
                    stop: stop.id.clone(),
                });
            }
            self.check_room(&stop.room, &mut at);
            if let Some(artifact) = &stop.artifact {
                if !artifacts.insert(&artifact.id) {
                    at.push(Fault::ArtifactTwice {
                        artifact: artifact.id.clone(),
                    });
                }
                at.positive("artifact.observe_within_m", artifact.observe_within_m);
            }
            if let Some(checkpoint) = &stop.checkpoint {
                if !self.checkpoints.contains_key(checkpoint) {
                    at.push(Fault::NoSuchCheckpoint {
                        checkpoint: checkpoint.clone(),
                    });
                } else if !checkpoints.insert(checkpoint) {
                    at.push(Fault::CheckpointTwice {
                        checkpoint: checkpoint.clone(),
                    });
                }
            }
            if let Some(height) = stop.eye_height_m {
                at.within("eye_height_m", height, 0.3..=3.0, "in 0.3..=3");
            }
            check_evidence(stop, &mut at);
            self.check_prerequisites(stop, &mut at);
        }
    }

    fn check_prerequisites(&self, stop: &Stop, at: &mut ErrorsAt<'_>) {
        for first in &stop.prerequisites {
            if self.stop(first).is_none() {
                at.push(Fault::NoSuchStop {
                    stop: first.clone(),
                });
            }
        }
        if let Some(cycle) = self.way_back(&stop.id) {
            at.push(Fault::PrerequisiteCycle { cycle });
        }
    }

    /// The shortest way from a stop through prerequisites back to it.
    fn way_back(&self, start: &StopId) -> Option<Vec<StopId>> {
        let by_id: BTreeMap<_, _> = self.stops.iter().map(|stop| (&stop.id, stop)).collect();
        // Each stop on a way, with the one that waits for it.
        let mut waiting = BTreeMap::new();
        let mut ends = VecDeque::from([start]);
        while let Some(end) = ends.pop_front() {
            let before = by_id.get(end).map(|stop| &stop.prerequisites);
            for first in before.into_iter().flatten() {
                if first == start {
                    let mut way = vec![start.clone()];
                    let mut stop = end;
                    while stop != start {
                        way.push(stop.clone());
                        stop = *waiting.get(stop)?;
                    }
                    way.push(start.clone());
                    way.reverse();
                    return Some(way);
                }
                if !waiting.contains_key(first) {
                    waiting.insert(first, end);
                    ends.push_back(first);
                }
            }
        }
        None
    }
}

fn check_evidence(stop: &Stop, at: &mut ErrorsAt<'_>) {
    let needs = [
        (EvidenceKind::Observed, stop.artifact.is_some(), "artifact"),
        (
            EvidenceKind::Answered,
            stop.checkpoint.is_some(),
            "checkpoint",
        ),
    ];
    for (kind, is_there, lacking) in needs {
        if stop.evidence.contains(&kind) && !is_there {
            at.push(Fault::EvidenceUnreachable { kind, lacking });
        }
    }
    if stop.required && stop.evidence.is_empty() {
        at.push(Fault::NothingToShow);
    }
}
