//! xAPI statements: what a learning record store is told of a visit.
//!
//! Verbs and activity types are ADL's. Only extensions are our own; [`profile`] defines them. The rules for `initialized`,
//! `completed`, `passed`, `failed` and `terminated` (order, at most once, what their results hold)
//! are cmi5's, but the statements do not bear the cmi5 category; what a cmi5 system is told of a visit
//! that it launched is made from them by [`cmi5`]. A visit is a registration, and each [`Sitting`] of it is a session: `initialized` comes
//! first in it and `terminated` last, while `completed`, `passed` and `failed` come once in a visit.

pub mod cmi5;
mod describe;
mod narrate;
pub mod profile;
mod response;
mod sitting;
mod verb;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use describe::Words;
pub use narrate::VisitIdentity;
pub use response::{correct_pattern, response_pattern};
pub use sitting::{Received, SITTING_PAUSE_MS, Sitting};
pub use verb::{Verb, evidence_verbs};

use crate::{Elapsed, Timestamp};

/// The IRIs of extensions.
pub mod extension {
    /// Context: the version of the venue's rule of completion.
    pub const RULE_VERSION: &str = "https://w3id.org/xinghuo/extensions/rule-version";
    /// Context: the entry of the visit's log that the statement follows from.
    pub const ENTRY: &str = "https://w3id.org/xinghuo/extensions/entry";
    /// Result of `experienced`: the kind of evidence.
    pub const EVIDENCE: &str = "https://w3id.org/xinghuo/extensions/evidence";
    /// Result of `answered`: which attempt in its place of the checkpoint it was.
    pub const ATTEMPT: &str = "https://w3id.org/xinghuo/extensions/attempt";
    /// Result of `progressed`: percent, as cmi5 defines it.
    pub const PROGRESS: &str = "https://w3id.org/xapi/cmi5/result/extensions/progress";
    /// Context: which sitting of the visit it was, as cmi5 defines it.
    pub const SESSION_ID: &str = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
    /// Context of `passed` and `failed`: the threshold, as cmi5 defines it.
    pub const MASTERY_SCORE: &str = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
}

/// The IRIs of activity types, all of them ADL's.
pub mod activity_type {
    /// A venue: places and tasks that stand for real ones.
    pub const VENUE: &str = "http://adlnet.gov/expapi/activities/simulation";
    /// A stop.
    pub const STOP: &str = "http://adlnet.gov/expapi/activities/media";
    /// A checkpoint.
    pub const CHECKPOINT: &str = "http://adlnet.gov/expapi/activities/assessment";
    /// A question.
    pub const QUESTION: &str = "http://adlnet.gov/expapi/activities/cmi.interaction";
    /// The profile that a statement follows.
    pub const PROFILE: &str = "http://adlnet.gov/expapi/activities/profile";
}

/// A text by language tag.
pub type LanguageMap = BTreeMap<String, String>;

/// Extensions by IRI.
pub type Extensions = BTreeMap<String, Value>;

/// One statement: who did what, with what result, in which context, when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The same for the same event of the same visit, however often it is told.
    pub id: Uuid,
    /// Who.
    pub actor: Agent,
    /// Did what.
    pub verb: Verb,
    /// With what.
    pub object: Activity,
    /// To what end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// In which visit.
    pub context: Context,
    /// When.
    pub timestamp: Timestamp,
}

/// A visitor, by pseudonym. There is no field for a name, on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "objectType")]
pub struct Agent {
    /// The pseudonym and who gave it.
    pub account: Account,
}

/// A pseudonym and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The deployment's origin.
    pub home_page: String,
    /// The pseudonym.
    pub name: String,
}

/// A venue, a stop, a checkpoint or a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "objectType")]
pub struct Activity {
    /// Its IRI.
    pub id: String,
    /// What it is.
    pub definition: Definition,
}

/// What an activity is. Its words are the package's. They are told of what a statement is about,
/// not of what that is part of: a record store has them from where that was told about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// One of [`activity_type`].
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is called; of a question, what it asks.
    #[serde(default, skip_serializing_if = "LanguageMap::is_empty")]
    pub name: LanguageMap,
    /// What it is about; of a question, what it asks.
    #[serde(default, skip_serializing_if = "LanguageMap::is_empty")]
    pub description: LanguageMap,
    /// For a question: `choice`, `sequencing`, `matching` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction_type: Option<String>,
    /// For a question of practice: the key, which is public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correct_responses_pattern: Vec<String>,
    /// The options of `choice` and `sequencing`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Component>,
    /// The left side of `matching`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<Component>,
    /// The right side of `matching`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<Component>,
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its id within the question.
    pub id: String,
    /// What it says.
    #[serde(default, skip_serializing_if = "LanguageMap::is_empty")]
    pub description: LanguageMap,
}

/// What came of it; xAPI's `result`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Right or wrong; passed or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// Whether the venue is completed; on `completed` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<bool>,
    /// The answer, in xAPI's notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// How long it took. Of `completed`, `passed` and `failed`: the time spent in the visit's
    /// sittings so far. Of `terminated`: the time from `initialized`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Elapsed>,
    /// What xAPI has no field for.
    #[serde(default, skip_serializing_if = "Extensions::is_empty")]
    pub extensions: Extensions,
}

/// Marks: for each place of a checkpoint as many points as there are attempts for a right answer at
/// once, one less for each wrong one before it, none without a right one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// `raw` over `max`, in `0.0..=1.0`, rounded to a millionth.
    pub scaled: f64,
    /// The points that were got.
    pub raw: u32,
    /// 0.
    pub min: u32,
    /// The points that could be got.
    pub max: u32,
}

/// In which visit, and as part of what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The visit.
    pub registration: Uuid,
    /// What the activity is part of.
    #[serde(default, skip_serializing_if = "ContextActivities::is_empty")]
    pub context_activities: ContextActivities,
    /// The version of the venue: the hash of the package that the visit is pinned to.
    pub revision: String,
    /// The software.
    pub platform: String,
    /// The language of the visit.
    pub language: String,
    /// What xAPI has no field for.
    pub extensions: Extensions,
}

/// What an activity is part of, and what a statement follows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ContextActivities {
    /// Directly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parent: Vec<Activity>,
    /// Further up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grouping: Vec<Activity>,
    /// The version of [`profile`] that the statement follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Activity>,
}

impl ContextActivities {
    fn is_empty(&self) -> bool {
        self.parent.is_empty() && self.grouping.is_empty() && self.category.is_empty()
    }
}
