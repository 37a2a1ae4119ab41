//! What a person may see and say about what is kept of their visit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use xinghuo_tour::VenueId;

use crate::{LanguageTag, PackageHash, Record, Timestamp, VisitKept, xapi::Statement};

/// How many characters an objection may have.
pub const MAX_OBJECTION_CHARS: usize = 1_000;
/// How large the body of an objection may be: each of its characters may take four bytes.
pub const MAX_OBJECTION_BYTES: usize = 8 * 1024;
/// How many objections a visit may have.
pub const MAX_OBJECTIONS: u32 = 20;
/// How many entries of the access log are told at once, the newest of them.
pub const MAX_ACCESSES_TOLD: u32 = 200;

/// The answer to `GET /notice`: what belongs to the text of consent and differs between deployments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The version of the text that visitors agree to now.
    pub consent: u32,
    /// Days for which evidence is kept.
    pub keep_evidence: u32,
    /// Days for which records are kept.
    pub keep_records: u32,
    /// Days for which entries of the access log are kept.
    pub keep_accesses: u32,
    /// Who is responsible, and how to reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<String>,
}

/// `PUT /visits/{visit}/consent`: the visitor agrees to being recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiveConsent {
    /// The version of the text that the visitor agreed to: [`CONSENT`](crate::version::CONSENT).
    pub version: u32,
}

/// `PUT /visits/{visit}/language`: the visitor corrects the language that the visit is told in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectLanguage {
    /// One of the venue's.
    pub language: LanguageTag,
}

/// `POST /visits/{visit}/objections`: what the visitor holds to be wrong, for people to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RaiseObjection {
    /// The visitor's own words, up to [`MAX_OBJECTION_CHARS`].
    pub text: String,
}

/// What a visitor agreed to, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentKept {
    /// The version of the text.
    pub version: u32,
    /// When the visitor agreed.
    pub given: Timestamp,
    /// When the visitor withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Timestamp>,
}

/// An objection, and what a person answered to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectionKept {
    /// Its number within the visit, from 1.
    pub number: u32,
    /// When it was raised.
    pub at: Timestamp,
    /// The visitor's words.
    pub text: String,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// What was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $($(#[$of:meta])* $variant:ident $code:literal,)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// The code that is stored and sent.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What a code stands for.
            #[must_use]
            pub fn of(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

codes! {
    /// Who had to do with a person's records.
    Who:
        /// The visitor, by the visit's own token.
        Visitor "visitor",
        /// Another system, by its credential.
        Credential "credential",
        /// Somebody of the staff, by their account.
        Account "account",
        /// Whoever runs the server, on its command line.
        Operator "operator",
        /// The server by itself.
        Server "server",;
    /// What was done with a person's records.
    Deed:
        /// They were looked at.
        Read "read",
        /// They were taken out as a file.
        Export "export",
        /// A query of the record store found some of them.
        Query "query",
        /// Something of them was corrected.
        Correct "correct",
        /// Another system added a statement to them, or voided one.
        Add "add",
        /// They were passed on to another system.
        Forward "forward",
        /// Consent to record was given.
        Consent "consent",
        /// Consent to record was withdrawn.
        Withdraw "withdraw",
        /// An objection was raised.
        Object "object",
        /// An objection was answered.
        Answer "answer",
        /// Their use was limited.
        Limit "limit",
        /// That was lifted.
        Lift "lift",
        /// All of them were erased.
        Erase "erase",
        /// Those whose time was over were deleted.
        Expire "expire",;
}

/// One entry of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// By what name, as it was then: a credential's label, an account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What.
    pub what: Deed,
}

/// When what is kept goes by itself, if the visit is not added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Goes {
    /// The log of actions, the verdicts, and the statements on single steps. None if they are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Timestamp>,
    /// Everything else of the visit.
    pub records: Timestamp,
    /// After how many days an entry of the access log goes.
    pub accesses_days: u32,
}

/// A session of a visit that a learning system launched, as far as it tells of the learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchKept {
    /// Where the system is told of the visit.
    pub system: String,
    /// How the system names the learner: an xAPI agent.
    pub learner: Value,
    /// When the session began.
    pub began: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

/// What one table of the database holds of a visit, with what the register of processing says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredTable {
    /// The table's name.
    pub table: String,
    /// What it is for, by language.
    pub purpose: BTreeMap<String, String>,
    /// What each column holds, by language.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
    /// The rows about the visit, by column.
    pub rows: Vec<Map<String, Value>>,
}

/// The answer to `GET /visits/{visit}/stored`: every row about a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllStored {
    /// Table by table.
    pub tables: Vec<StoredTable>,
}

/// The answer to `GET /visits/{visit}/held`: what is kept of a visit, for how long, and who looked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// The visit's number.
    pub visit: Uuid,
    /// The venue.
    pub venue: VenueId,
    /// The version that the visit is pinned to.
    pub package: PackageHash,
    /// The language that the visit is told in.
    pub language: LanguageTag,
    /// When the visit began.
    pub created: Timestamp,
    /// When it was last added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<Timestamp>,
    /// What the visitor agreed to, the newest last.
    pub consents: Vec<ConsentKept>,
    /// How many entries the log has.
    pub entries: u32,
    /// How many answers were marked by the server.
    pub verdicts: u32,
    /// How many xAPI statements tell of the visit.
    pub statements: u32,
    /// How many documents other systems keep about the visit.
    pub documents: u32,
    /// What the visit has come to.
    pub record: Record,
    /// When the evidence went, if its time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_gone: Option<Timestamp>,
    /// Since when its use is limited, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<Timestamp>,
    /// When the rest goes.
    pub goes: Goes,
    /// The sessions that a learning system launched, the newest last.
    pub launches: Vec<LaunchKept>,
    /// What the visitor objected to.
    pub objections: Vec<ObjectionKept>,
    /// Who had to do with it, the newest first; the newest [`MAX_ACCESSES_TOLD`].
    pub accesses: Vec<Access>,
    /// How many entries of the access log are about the visit.
    pub accesses_in_all: u32,
}

/// The answer to `GET /visits/{visit}/export`: everything, in one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// What is kept about the visit.
    pub held: Held,
    /// The visit itself: its log, and what the server said of the answers.
    pub visit: VisitKept,
    /// Its xAPI statements.
    pub statements: Vec<Statement>,
    /// Every row about the visit, what other systems stored about it included.
    pub stored: Vec<StoredTable>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_is_sent_and_are_read_back() {
        for deed in [Deed::Read, Deed::Limit, Deed::Lift, Deed::Expire] {
            assert_eq!(Deed::of(deed.code()), Some(deed));
            assert_eq!(serde_json::to_value(deed).unwrap(), deed.code());
        }
        for who in [Who::Visitor, Who::Credential, Who::Account, Who::Server] {
            assert_eq!(Who::of(who.code()), Some(who));
            assert_eq!(serde_json::to_value(who).unwrap(), who.code());
        }
        assert_eq!(Who::of("somebody"), None);
    }
}
