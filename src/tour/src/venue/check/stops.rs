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
        let order = Order::of(&self.stops);
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
            order.check(stop, &mut at);
        }
    }
}

/// What comes before what.
struct Order<'a> {
    by_id: BTreeMap<&'a StopId, &'a Stop>,
    /// The stops before which a circle lies, or which lie on one. Of most venues there are none,
    /// and what is left to do takes time for each stop and each of its prerequisites only once.
    tangled: BTreeSet<&'a StopId>,
}

impl<'a> Order<'a> {
    fn of(stops: &'a [Stop]) -> Self {
        let by_id: BTreeMap<_, _> = stops.iter().map(|stop| (&stop.id, stop)).collect();
        let mut after: BTreeMap<&StopId, Vec<&StopId>> = BTreeMap::new();
        let mut waits: BTreeMap<&StopId, usize> = BTreeMap::new();
        for (id, stop) in &by_id {
            let firsts = stop.prerequisites.iter();
            let mut count = 0;
            for first in firsts.filter(|it| by_id.contains_key(it)) {
                after.entry(first).or_default().push(id);
                count += 1;
            }
            waits.insert(id, count);
        }
        let mut free: Vec<_> = waits
            .iter()
            .filter(|it| *it.1 == 0)
            .map(|it| *it.0)
            .collect();
        let mut tangled: BTreeSet<_> = by_id.keys().copied().collect();
        while let Some(id) = free.pop() {
            tangled.remove(id);
            for next in after.get(id).into_iter().flatten() {
                if let Some(count) = waits.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(next);
                    }
                }
            }
        }
        Self { by_id, tangled }
    }

    fn check(&self, stop: &Stop, at: &mut ErrorsAt<'_>) {
        for first in &stop.prerequisites {
            if !self.by_id.contains_key(first) {
                at.push(Fault::NoSuchStop {
                    stop: first.clone(),
                });
            }
        }
        if self.tangled.contains(&stop.id)
            && let Some(cycle) = self.way_back(&stop.id)
        {
            at.push(Fault::PrerequisiteCycle { cycle });
        }
    }

    /// The shortest way from a stop through prerequisites back to it.
    fn way_back(&self, start: &StopId) -> Option<Vec<StopId>> {
        // Each stop on a way, with the one that waits for it.
        let mut waiting = BTreeMap::new();
        let mut ends = VecDeque::from([start]);
        while let Some(end) = ends.pop_front() {
            let before = self.by_id.get(end).map(|stop| &stop.prerequisites);
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
