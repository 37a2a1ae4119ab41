//! What follows from an action: the events of a visit, and the reasons to refuse.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CheckpointId, QuestionId, RoomId, StopId},
    venue::EvidenceKind,
};

/// Something that an action, or the server's word on an answer, brought about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// The visitor is in another room than before.
    Entered {
        /// The room.
        room: RoomId,
    },
    /// The visitor came to a stop for the first time.
    Arrived {
        /// The stop.
        stop: StopId,
    },
    /// There is evidence that was not there before.
    Evidence {
        /// The stop that it belongs to.
        stop: StopId,
        /// What it shows.
        kind: EvidenceKind,
    },
    /// A stop has all the evidence that it asks for.
    StopDone {
        /// The stop.
        stop: StopId,
    },
    /// An answer was taken that only the server can mark.
    Pending {
        /// The question.
        question: QuestionId,
    },
    /// An answer was marked.
    Marked {
        /// The checkpoint that asked.
        checkpoint: CheckpointId,
        /// The question.
        question: QuestionId,
        /// Whether the answer was right.
        right: bool,
        /// Which answer in this place of the checkpoint it was: 1, 2, 3 …
        attempt: u32,
        /// The marks for the place, in `0.0..=1.0`; 0 while it is not settled.
        score: f32,
        /// Whether the place is settled: answered rightly, or no attempt is left.
        settled: bool,
        /// After a wrong answer, the stop where the right one can be seen.
        lead_back: Option<StopId>,
        /// What the checkpoint asks next, unless it is through.
        next: Option<QuestionId>,
    },
    /// More of the required evidence is there than before.
    Progressed {
        /// Required evidence got over required evidence, in `0.0..=1.0`.
        completion: f32,
    },
    /// All required evidence is there. Happens at most once.
    Completed,
    /// Every required question is settled and enough were understood. Happens at most once, and
    /// never along with [`Event::Failed`].
    Passed {
        /// The mean of the marks, in `0.0..=1.0`.
        scaled: f32,
    },
    /// Every required question is settled and too few were understood. Happens at most once, and
    /// never along with [`Event::Passed`].
    Failed {
        /// The mean of the marks, in `0.0..=1.0`.
        scaled: f32,
    },
    /// The action was refused and changed nothing. In JSON: `{"type":"refused","reason":"…"}`.
    Refused(#[serde(with = "reason")] Refusal),
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refusal {
    /// No such room.
    #[error("the venue has no such room")]
    UnknownRoom,
    /// No such stop.
    #[error("the venue has no such stop")]
    UnknownStop,
    /// No such question.
    #[error("the venue has no such question")]
    UnknownQuestion,
    /// The question exists, but was not drawn for this visit or has been replaced.
    #[error("the question is not being asked")]
    NotAsked,
    /// Evidence at a stop before arriving there, or of an artifact in another room.
    #[error("the visitor is not there")]
    NotThere,
    /// Stops that come first are not done.
    #[error("other stops come first")]
    Locked,
    /// The stop has nothing to look at closely.
    #[error("the stop has no artifact")]
    NoArtifact,
    /// The answer does not fit the question: another kind, or choices that it does not offer.
    #[error("the answer does not fit the question")]
    WrongKindOfAnswer,
    /// The action is older than the one before it.
    #[error("the action is older than the one before it")]
    ClockRanBack,
    /// A span of looking begins before the visit, or before the end of the span before it.
    #[error("more looking was claimed than time has passed")]
    MoreThanTheClock,
    /// The question was answered rightly, or no attempt is left.
    #[error("the question is settled")]
    AlreadySettled,
    /// The server has not marked the last answer to the question yet.
    #[error("the answer before this one has not been marked yet")]
    AwaitingVerdict,
    /// The log holds [`Session::MAX_ENTRIES`](crate::Session::MAX_ENTRIES) entries.
    #[error("the visit's log is full")]
    TooLong,
}

/// An enum cannot stand beside the tag of [`Event`], so its JSON has a field for it.
mod reason {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Refusal;

    #[derive(Serialize, Deserialize)]
    struct Reason {
        reason: Refusal,
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    pub(super) fn serialize<S: Serializer>(
        reason: &Refusal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Reason { reason: *reason }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Refusal, D::Error> {
        Reason::deserialize(deserializer).map(|it| it.reason)
    }
}
