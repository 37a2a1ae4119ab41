//! Stops: their places, what they ask for, and what comes before them.

use std::collections::BTreeSet;

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
        let mut seen = BTreeSet::new();
        let mut ways = std::collections::VecDeque::from([vec![start]]);
        while let Some(way) = ways.pop_front() {
            let Some(stop) = way.last().and_then(|last| self.stop(last)) else {
                continue;
            };
            for first in &stop.prerequisites {
                let mut longer = way.clone();
                longer.push(first);
                if first == start {
                    return Some(longer.into_iter().cloned().collect());
                }
                if seen.insert(first) {
                    ways.push_back(longer);
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
