//! The requests and answers of `/api/v1`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xinghuo_tour::{Entry, QuestionId, VenueId, Verdict};

use crate::{
    LanguageTag, PackageHash, Record, Timestamp, Token,
    xapi::{Statement, cmi5::LaunchMode},
};

/// How many entries a batch may have.
pub const MAX_BATCH_ENTRIES: usize = 200;
/// How large the body of a batch may be: a page that is going away can still send it.
pub const MAX_BATCH_BYTES: usize = 48 * 1024;
/// How large the body of a launch may be: systems write long addresses.
pub const MAX_LAUNCH_BYTES: usize = 16 * 1024;
/// How large the body of any other request may be.
pub const MAX_REQUEST_BYTES: usize = 4 * 1024;
/// How far an entry's time may be ahead of the server's, milliseconds: clocks drift.
pub const MAX_CLOCK_AHEAD_MS: u64 = 10_000;
/// Seeds are below this, so that JavaScript holds them exactly.
pub const SEED_LIMIT: u64 = 1 << 53;
/// Why the server, and not the visit, refuses an entry: it tells of a time that has not come.
pub const REASON_FROM_THE_FUTURE: &str = "from-the-future";

/// What is said to right answers, by question and language. It states the answer, so it comes with
/// the verdict that an answer is right and is nowhere before.
pub type Feedback = BTreeMap<QuestionId, BTreeMap<String, String>>;

/// What is said to wrong answers, by question and language. It points to the answer, as the
/// `lead_back` of the verdict does, so the two come together and are nowhere before.
pub type Hints = BTreeMap<QuestionId, BTreeMap<String, String>>;

/// `POST /visits`: a visitor sets out.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartVisit {
    /// The venue.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "red-boat", pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length = 64))]
    pub venue: VenueId,
    /// The version of it that the visitor has before them.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
    pub package: PackageHash,
    /// The language that the tour began in.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "zh-Hans", pattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,2}$"))]
    pub language: LanguageTag,
    /// The version of the text by which the visitor agreed to being recorded. Without it, or with
    /// another than [`CONSENT`](crate::version::CONSENT), nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u32>,
}

/// The answer to [`StartVisit`], 201.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitStarted {
    /// The visit's number, a random UUID.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = "uuid"))]
    pub visit: Uuid,
    /// The secret that lets the browser write to it. Shown this once.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Token,
    /// What decides which questions are drawn; below [`SEED_LIMIT`].
    pub seed: u64,
    /// The venue.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "red-boat", pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length = 64))]
    pub venue: VenueId,
    /// The version that the visit is pinned to.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
    pub package: PackageHash,
    /// When the visit began: entries count from here.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub created: Timestamp,
    /// The server's clock, so that the browser knows how far its own is off.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub server_now: Timestamp,
}

/// `POST /launches`: a learning system has led a visitor here by cmi5. What it gave them stands in the
/// page's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartLaunch {
    /// The venue.
    pub venue: VenueId,
    /// The language of the page.
    pub language: LanguageTag,
    /// Where the system is told of the visit.
    pub endpoint: String,
    /// Where it gives the token for that, once.
    pub fetch: String,
    /// The learner: an agent, as JSON.
    pub actor: String,
    /// The learner's enrolment.
    pub registration: Uuid,
    /// What the system calls the venue.
    pub activity_id: String,
    /// The version of the text by which the visitor agreed to being recorded. Whoever did not agree is
    /// not begun for: `POST /launches/decline` ends the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u32>,
}

/// The answer to `POST /launches/decline`, which takes a [`StartLaunch`]: the visitor of a launch does
/// not want a record. The system has been told that its session is over, and nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchDeclined {
    /// Where the learner goes afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
}

/// The answer to [`StartLaunch`], 201: the visit, whether it begins or goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchStarted {
    /// The visit.
    #[serde(flatten)]
    pub started: VisitStarted,
    /// Its last entry so far; 0 for a visit that begins.
    pub seq: u32,
    /// The language that the learner likes best of those that the venue has.
    pub language: LanguageTag,
    /// What the system wants of it.
    pub mode: LaunchMode,
    /// Where the learner goes afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
}

/// `POST /visits/{visit}/evidence`: what a visitor did, in order. A key that neither the batch nor
/// an entry has is refused by its name: whoever sends it believes that it counts.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceBatch {
    /// Entries with numbers that follow each other.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<EntryShape>))]
    pub entries: Vec<Entry>,
}

/// What an [`Entry`] looks like, for the description of the API.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[schema(as = Entry)]
#[expect(dead_code, reason = "it is described and never made")]
struct EntryShape {
    /// Its number: the first is 1, and each follows the one before it.
    #[schema(minimum = 1)]
    seq: u32,
    /// When, in milliseconds after the visit began.
    at: u64,
    /// What was done, by its `type`: `arrive`, `look`, `story`, `answer`, `enter` and others.
    #[schema(value_type = Object)]
    action: (),
}

/// The answer to [`EvidenceBatch`], 200.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceAccepted {
    /// Everything up to this entry is stored.
    pub accepted_through: u32,
    /// Verdicts on the answers of the batch, whether they were stored now or before.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub verdicts: Vec<Verdict>,
    /// What is said to the answers that these verdicts call right, and to no other.
    #[serde(default, skip_serializing_if = "Feedback::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub feedback: Feedback,
    /// What is said to the answers that these verdicts call wrong, and to no other.
    #[serde(default, skip_serializing_if = "Hints::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub hints: Hints,
    /// What the visit has come to.
    pub record: Record,
}

/// The answer to `GET /visits/{visit}`: all that is kept of it.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitKept {
    /// The visit's number.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = "uuid"))]
    pub visit: Uuid,
    /// The venue.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "red-boat", pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length = 64))]
    pub venue: VenueId,
    /// The version that the visit is pinned to.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
    pub package: PackageHash,
    /// What decides which questions are drawn.
    pub seed: u64,
    /// When the visit began.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub created: Timestamp,
    /// The log.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<EntryShape>))]
    pub entries: Vec<Entry>,
    /// The server's word on the answers in it.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub verdicts: Vec<Verdict>,
    /// What is said to the answers that these verdicts call right, and to no other. Nothing, if the
    /// server does not have the package any more; the verdicts then lack `lead_back` as well.
    #[serde(default, skip_serializing_if = "Feedback::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub feedback: Feedback,
    /// What is said to the answers that these verdicts call wrong, and to no other. Nothing, if the
    /// server does not have the package any more.
    #[serde(default, skip_serializing_if = "Hints::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub hints: Hints,
    /// What the visit has come to.
    pub record: Record,
}

/// The answer to `GET /visits/{visit}/statements`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statements {
    /// xAPI statements in the order in which they came about.
    pub statements: Vec<Statement>,
}

/// Why a batch cannot be taken at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No entries.
    #[error("the batch is empty")]
    Empty,
    /// More than [`MAX_BATCH_ENTRIES`].
    #[error("the batch has {entries} entries; at most {MAX_BATCH_ENTRIES} are taken at once")]
    TooMany {
        /// How many there are.
        entries: usize,
    },
    /// Numbers that do not follow each other, or begin below 1.
    #[error("entry {seq} does not follow the one before it")]
    OutOfOrder {
        /// The first entry out of order.
        seq: u32,
    },
}

impl EvidenceBatch {
    /// The numbers of the first and the last entry, if the batch can be taken.
    pub fn span(&self) -> Result<(u32, u32), BatchError> {
        let [first, ..] = &self.entries[..] else {
            return Err(BatchError::Empty);
        };
        if self.entries.len() > MAX_BATCH_ENTRIES {
            let entries = self.entries.len();
            return Err(BatchError::TooMany { entries });
        }
        let mut last = first
            .seq
            .checked_sub(1)
            .ok_or(BatchError::OutOfOrder { seq: 0 })?;
        for entry in &self.entries {
            if Some(entry.seq) != last.checked_add(1) {
                return Err(BatchError::OutOfOrder { seq: entry.seq });
            }
            last = entry.seq;
        }
        Ok((first.seq, last))
    }
}
