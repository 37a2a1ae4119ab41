//! What crosses the network: the messages of `/api/v1`, xAPI statements, and the versions of both.
//!
//! This crate describes and does nothing: no I/O, no clock, no randomness. The browser and the
//! server share it, so a field that one side writes is a field that the other side reads.

mod elapsed;
mod error;
pub mod lab;
pub mod lrs;
mod message;
mod names;
mod person;
mod record;
mod timestamp;
pub mod version;
pub mod xapi;

pub use elapsed::{Elapsed, ElapsedError};
pub use error::{ErrorBody, ErrorCode, Problem};
pub use message::{
    BatchError, EvidenceAccepted, EvidenceBatch, Feedback, Hints, LaunchDeclined, LaunchStarted,
    MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_CLOCK_AHEAD_MS, MAX_LAUNCH_BYTES, MAX_REQUEST_BYTES,
    REASON_FROM_THE_FUTURE, SEED_LIMIT, StartLaunch, StartVisit, Statements, VisitKept,
    VisitStarted,
};
pub use names::{Code, LanguageTag, NameError, PackageHash, Token};
pub use person::{
    Access, AllStored, ConsentKept, CorrectLanguage, Deed, Exported, GiveConsent, Goes, Held,
    LaunchKept, MAX_ACCESSES_TOLD, MAX_OBJECTION_BYTES, MAX_OBJECTION_CHARS, MAX_OBJECTIONS,
    Notice, ObjectionKept, RaiseObjection, StoredTable, Who,
};
pub use record::Record;
pub use timestamp::{Timestamp, TimestampError};
pub use uuid::Uuid;
