//! What the visitor takes home.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Standing, count, places_at};
use crate::{
    Session, Venue,
    checkpoint::Slot,
    id::{QuestionId, StopId},
    venue::{EvidenceKind, Stop},
};

/// What the visitor takes home: not only a number, but what to look at again and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Whether all required evidence is there.
    pub completed: bool,
    /// Whether the visit is passed.
    pub passed: bool,
    /// Whether the visit is failed.
    pub failed: bool,
    /// The mean of the marks, in `0.0..=1.0`.
    pub scaled: f32,
    /// Every stop, in the order of the route.
    pub stops: Vec<StopSummary>,
    /// Every topic, in the order in which the route comes to it.
    pub topics: Vec<TopicSummary>,
}

/// What the visitor takes home from one stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopSummary {
    /// The stop.
    pub stop: StopId,
    /// Whether all the evidence that it asks for is there.
    pub done: bool,
    /// The questions answered rightly.
    pub understood: Vec<QuestionId>,
    /// The questions answered wrongly at least once, with the stop where the answer can be seen;
    /// where nobody has said which, the stop that asks.
    pub look_again: Vec<(QuestionId, StopId)>,
    /// The evidence that the stop asks for and that is not there.
    pub missing: BTreeSet<EvidenceKind>,
}

/// What the visitor takes home about one topic. Its words have the key `topic.<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicSummary {
    /// The topic.
    pub topic: String,
    /// How many stops are about it.
    pub stops: u32,
    /// How many of these are done.
    pub done: u32,
    /// How many places the checkpoints of these stops have.
    pub questions: u32,
    /// In how many of these places a question was answered rightly.
    pub understood: u32,
}

impl Session {
    /// What the visitor takes home.
    #[must_use]
    pub fn summary(&self, venue: &Venue) -> Summary {
        let standing = Standing::of(self, venue);
        let mut topics: Vec<TopicSummary> = Vec::new();
        let mut stops = Vec::new();
        for stop in &venue.stops {
            let summary = self.stop_summary(venue, stop);
            for topic in &stop.topics {
                let index = topics
                    .iter()
                    .position(|it| it.topic == *topic)
                    .unwrap_or_else(|| {
                        topics.push(TopicSummary::empty(topic));
                        topics.len() - 1
                    });
                topics[index].stops += 1;
                topics[index].done += u32::from(summary.done);
                topics[index].questions += places_at(venue, stop);
                topics[index].understood += count(self.slots_at(venue, stop), Slot::is_right);
            }
            stops.push(summary);
        }
        Summary {
            completed: standing.completed(),
            passed: standing.marks.passed == Some(true),
            failed: standing.marks.passed == Some(false),
            scaled: standing.marks.scaled(),
            stops,
            topics,
        }
    }

    fn stop_summary(&self, venue: &Venue, stop: &Stop) -> StopSummary {
        let mut understood = Vec::new();
        let mut look_again: Vec<(QuestionId, StopId)> = Vec::new();
        for slot in self.slots_at(venue, stop) {
            if slot.is_right() {
                understood.push(slot.question.clone());
            }
            for wrong in &slot.wrong {
                if !look_again.iter().any(|(seen, _)| *seen == wrong.question) {
                    let shown_at = wrong.shown_at.as_ref().unwrap_or(&stop.id);
                    look_again.push((wrong.question.clone(), shown_at.clone()));
                }
            }
        }
        let missing = stop.evidence.difference(self.evidence_at(&stop.id));
        StopSummary {
            stop: stop.id.clone(),
            done: self.is_done(stop),
            understood,
            look_again,
            missing: missing.copied().collect(),
        }
    }
}

impl TopicSummary {
    fn empty(topic: &str) -> Self {
        Self {
            topic: topic.to_owned(),
            stops: 0,
            done: 0,
            questions: 0,
            understood: 0,
        }
    }
}
