//! Checkpoints and their questions, as a curator sets them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Response, Venue,
    id::{CheckpointId, OptionId, QuestionId, StopId},
};

/// The questions of a stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The checkpoint's id.
    pub id: CheckpointId,
    /// Who marks the answers.
    pub marking: Marking,
    /// How many questions a visitor is asked, drawn from the pool.
    pub draw: usize,
    /// The pool.
    pub questions: Vec<Question>,
}

/// Who marks the answers of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Marking {
    /// The visitor's own device: practice, with the key in the public package.
    Here,
    /// The server alone: the key never leaves it.
    Server,
}

/// One question of a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question's id, unique within the venue.
    pub id: QuestionId,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// The choices (single, multiple), the things to order (order) or the left side (match).
    /// Empty for `locate`.
    pub options: Vec<OptionId>,
    /// The right side of a `match`; else empty.
    pub targets: Vec<OptionId>,
    /// The stop where the right answer can be seen: where a wrong one leads back to. Absent, like
    /// the key, where only the server holds it: a stop has one artifact at most, so of a `locate`
    /// question it would be the answer.
    pub shown_at: Option<StopId>,
    /// The right answer, absent where only the server holds it.
    pub key: Option<Response>,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// Exactly one option.
    Single,
    /// Every right option and no other.
    Multiple,
    /// All options in the right order.
    Order,
    /// Each option with its target.
    Match,
    /// An artifact, by finding it in the scene.
    Locate,
}

impl Checkpoint {
    /// How many places the checkpoint has: one for each question that is drawn at first.
    #[must_use]
    pub fn places(&self) -> usize {
        self.draw.min(self.questions.len())
    }
}

impl Question {
    /// Whether a response is of the kind that the question takes and uses what it offers: the
    /// whole of it for `order` and `match`, at least one option for `multiple`.
    #[must_use]
    pub fn admits(&self, venue: &Venue, response: &Response) -> bool {
        let all: BTreeSet<&OptionId> = self.options.iter().collect();
        match (self.kind, response) {
            (QuestionKind::Single, Response::Single(option)) => all.contains(option),
            (QuestionKind::Multiple, Response::Multiple(options)) => {
                !options.is_empty() && options.iter().all(|option| all.contains(option))
            }
            (QuestionKind::Order, Response::Order(order)) => {
                order.len() == all.len() && order.iter().collect::<BTreeSet<_>>() == all
            }
            (QuestionKind::Match, Response::Match(pairs)) => {
                pairs.keys().collect::<BTreeSet<_>>() == all
                    && pairs.values().all(|target| self.targets.contains(target))
            }
            (QuestionKind::Locate, Response::Locate(artifact)) => {
                venue.artifact(artifact).is_some()
            }
            _ => false,
        }
    }
}
