//! What can be wrong with a venue.

use std::fmt;

use crate::{
    id::{ArtifactId, CheckpointId, OptionId, QuestionId, RoomId, StopId},
    venue::EvidenceKind,
};

/// Something that is wrong with a venue, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {fault}")]
pub struct VenueError {
    /// The part of the venue that has to be mended.
    pub part: Part,
    /// What is wrong with it.
    pub fault: Fault,
}

/// A part of a venue that has a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The venue as a whole.
    Venue,
    /// One room.
    Room(RoomId),
    /// One stop.
    Stop(StopId),
    /// One checkpoint.
    Checkpoint(CheckpointId),
}

/// What is wrong with a part of a venue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No language.
    #[error("there is no language")]
    NoLanguage,
    /// A language twice.
    #[error("language {language:?} is there twice")]
    LanguageTwice {
        /// The language.
        language: String,
    },
    /// A room that does not exist.
    #[error("there is no room \"{room}\"")]
    NoSuchRoom {
        /// The missing room.
        room: RoomId,
    },
    /// A stop that does not exist.
    #[error("there is no stop \"{stop}\"")]
    NoSuchStop {
        /// The missing stop.
        stop: StopId,
    },
    /// A checkpoint that does not exist.
    #[error("there is no checkpoint \"{checkpoint}\"")]
    NoSuchCheckpoint {
        /// The missing checkpoint.
        checkpoint: CheckpointId,
    },
    /// A number out of its range.
    #[error("{what} is out of range: {value} is not {range}")]
    OutOfRange {
        /// The field.
        what: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        range: &'static str,
    },
    /// A door that leads back into its own room.
    #[error("a door leads to the room \"{to}\" that it is in")]
    DoorNowhere {
        /// The room.
        to: RoomId,
    },
    /// Two doors of one room to the same other.
    #[error("there are two doors to room \"{to}\"")]
    DoorTwice {
        /// The room.
        to: RoomId,
    },
    /// A door without one back, so that nobody knows where to arrive.
    #[error("room \"{to}\" has no door back")]
    DoorOneWay {
        /// The room that lacks one.
        to: RoomId,
    },
    /// Two stops of one id.
    #[error("there are two stops \"{stop}\"")]
    StopTwice {
        /// The id.
        stop: StopId,
    },
    /// Two artifacts of one id.
    #[error("there are two artifacts \"{artifact}\"")]
    ArtifactTwice {
        /// The id.
        artifact: ArtifactId,
    },
    /// A checkpoint that two stops ask.
    #[error("checkpoint \"{checkpoint}\" belongs to another stop already")]
    CheckpointTwice {
        /// The checkpoint.
        checkpoint: CheckpointId,
    },
    /// A stop that, by way of its prerequisites, comes before itself.
    #[error("the stop comes before itself: {}", path(.cycle))]
    PrerequisiteCycle {
        /// The way round, from the stop to the stop.
        cycle: Vec<StopId>,
    },
    /// Evidence that can never be there.
    #[error("{kind:?} is asked for, but the stop has no {lacking}")]
    EvidenceUnreachable {
        /// The evidence.
        kind: EvidenceKind,
        /// What the stop would need.
        lacking: &'static str,
    },
    /// A required stop that asks for nothing.
    #[error("the stop is required, but asks for no evidence")]
    NothingToShow,
    /// No required stop.
    #[error("no stop is required, so no visit could be completed")]
    NothingRequired,
    /// More questions than the pool has, or none.
    #[error("{draw} questions cannot be drawn from a pool of {pool}")]
    BadDraw {
        /// How many are drawn.
        draw: usize,
        /// How many there are.
        pool: usize,
    },
    /// Two questions of one id.
    #[error("there are two questions \"{question}\"")]
    QuestionTwice {
        /// The id.
        question: QuestionId,
    },
    /// An option or a target twice in one question.
    #[error("question \"{question}\" has \"{option}\" twice")]
    OptionTwice {
        /// The question.
        question: QuestionId,
        /// The option.
        option: OptionId,
    },
    /// Options or targets that do not suit the kind of question.
    #[error("question \"{question}\" should have {should}")]
    BadOptions {
        /// The question.
        question: QuestionId,
        /// What it should have.
        should: &'static str,
    },
    /// A question that leads back to nowhere.
    #[error("question \"{question}\" is shown at stop \"{stop}\", which does not exist")]
    ShownNowhere {
        /// The question.
        question: QuestionId,
        /// The missing stop.
        stop: StopId,
    },
    /// A question marked here that does not say where its answer is shown.
    #[error("question \"{question}\" is marked here, but does not say where its answer is shown")]
    NotShown {
        /// The question.
        question: QuestionId,
    },
    /// A question marked here that has no key.
    #[error("question \"{question}\" is marked here, but has no key")]
    NoKey {
        /// The question.
        question: QuestionId,
    },
    /// A key that could not be given as an answer.
    #[error("the key of question \"{question}\" does not fit the question")]
    BadKey {
        /// The question.
        question: QuestionId,
    },
}

impl Fault {
    /// A name that stays the same when the sentence is written anew.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoLanguage => "VENUE_NO_LANGUAGE",
            Self::LanguageTwice { .. } => "VENUE_LANGUAGE_TWICE",
            Self::NoSuchRoom { .. } => "ROOM_UNKNOWN",
            Self::NoSuchStop { .. } => "STOP_UNKNOWN",
            Self::NoSuchCheckpoint { .. } => "CHECKPOINT_UNKNOWN",
            Self::OutOfRange { .. } => "NUMBER_OUT_OF_RANGE",
            Self::DoorNowhere { .. } => "DOOR_NOWHERE",
            Self::DoorTwice { .. } => "DOOR_TWICE",
            Self::DoorOneWay { .. } => "DOOR_ONE_WAY",
            Self::StopTwice { .. } => "STOP_TWICE",
            Self::ArtifactTwice { .. } => "ARTIFACT_TWICE",
            Self::CheckpointTwice { .. } => "CHECKPOINT_TWICE",
            Self::PrerequisiteCycle { .. } => "PREREQUISITE_CYCLE",
            Self::EvidenceUnreachable { .. } => "EVIDENCE_UNREACHABLE",
            Self::NothingToShow => "STOP_ASKS_NOTHING",
            Self::NothingRequired => "VENUE_REQUIRES_NOTHING",
            Self::BadDraw { .. } => "CHECKPOINT_BAD_DRAW",
            Self::QuestionTwice { .. } => "QUESTION_TWICE",
            Self::OptionTwice { .. } => "OPTION_TWICE",
            Self::BadOptions { .. } => "QUESTION_BAD_OPTIONS",
            Self::ShownNowhere { .. } => "QUESTION_SHOWN_NOWHERE",
            Self::NotShown { .. } => "QUESTION_NOT_SHOWN",
            Self::NoKey { .. } => "QUESTION_NO_KEY",
            Self::BadKey { .. } => "QUESTION_BAD_KEY",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Venue => f.write_str("venue"),
            Self::Room(id) => write!(f, "room \"{id}\""),
            Self::Stop(id) => write!(f, "stop \"{id}\""),
            Self::Checkpoint(id) => write!(f, "checkpoint \"{id}\""),
        }
    }
}

fn path(stops: &[StopId]) -> String {
    let names: Vec<&str> = stops.iter().map(StopId::as_str).collect();
    names.join(" → ")
}
