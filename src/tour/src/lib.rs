//! What a visit *means*: the venue, its route, the checkpoints, and what a visitor has shown.
//!
//! This crate decides and nothing else does. It has no engine, no I/O, no clock, no randomness and
//! no async: time and seeds come in as arguments, so a visit is a list of actions that replays to
//! the same result in the browser, on the server and in a test.

mod action;
mod checkpoint;
mod event;
mod id;
mod progress;
mod session;
mod shuffle;
mod venue;

pub use action::{Action, Entry, Response, Verdict};
pub use checkpoint::{CheckpointPanel, OptionView, QuestionView, SlotPanel, SlotStatus};
pub use event::{Event, Refusal};
pub use id::{ArtifactId, CheckpointId, IdError, OptionId, QuestionId, RoomId, StopId, VenueId};
pub use progress::{Mastery, Progress, StopProgress, StopSummary, Summary, TopicSummary};
pub use session::Session;
pub use venue::{
    Artifact, Checkpoint, Completion, Door, EvidenceKind, Fault, Haze, Marking, Part, Provenance,
    Question, QuestionKind, Room, Start, Stop, Venue, VenueError,
};
