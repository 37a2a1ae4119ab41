//! What a visitor did: the entries of a visit's log.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{ArtifactId, OptionId, QuestionId, RoomId, StopId};

/// One thing that a visitor did. The log of a visit holds these and nothing that follows from them.
///
/// What it does not know is not read: a claim beside an action is refused, not overlooked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Action {
    /// Went into a room.
    Enter {
        /// The room.
        room: RoomId,
    },
    /// Came to stand at a stop, or opened it in the text walk.
    Arrive {
        /// The stop.
        stop: StopId,
    },
    /// Had a stop's artifact in view, unoccluded and near enough, during the `millis` before now.
    Look {
        /// The stop whose artifact it is.
        stop: StopId,
        /// For how long, milliseconds. Spans of a visit never overlap: see
        /// [`Refusal::MoreThanTheClock`](crate::Refusal::MoreThanTheClock).
        millis: u32,
    },
    /// Read the description of a stop's artifact to the end: the text walk's way of looking.
    Describe {
        /// The stop whose artifact it is.
        stop: StopId,
    },
    /// Heard a stop's narration, or read its story through.
    Story {
        /// The stop.
        stop: StopId,
    },
    /// Answered a question that the session was asking.
    Answer {
        /// The question.
        question: QuestionId,
        /// What was answered.
        response: Response,
    },
}

/// An answer, or the key to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    content = "value",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum Response {
    /// One option.
    Single(OptionId),
    /// A set of options.
    Multiple(BTreeSet<OptionId>),
    /// All options, first to last.
    Order(Vec<OptionId>),
    /// Each option with the target it belongs to.
    Match(BTreeMap<OptionId, OptionId>),
    /// An artifact pointed at in the scene.
    Locate(ArtifactId),
}

/// An action with its place in the log, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Position in the visit's log: 1, 2, 3 … without gaps.
    pub seq: u32,
    /// Milliseconds since the visit began, never falling.
    pub at: u64,
    /// What was done.
    pub action: Action,
}

/// What the server said of an answer whose key it alone holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The log entry of the answer.
    pub seq: u32,
    /// The question that was answered.
    pub question: QuestionId,
    /// Whether the answer was right.
    pub right: bool,
    /// After a wrong answer, the stop where the right one can be seen. The server alone knows it
    /// beforehand; a venue that knows it as well says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_back: Option<StopId>,
}
