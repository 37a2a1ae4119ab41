//! What a learning record store is sent and answers: xAPI 1.0.3 and 2.0 (IEEE 9274.1.1), without
//! the network and without the store.
//!
//! A statement that others send is kept as they sent it ([`Json`]), so it is checked, compared,
//! searched and shown as a tree rather than as a type of ours. [`crate::xapi`] has the statements
//! that we make ourselves.

mod agent;
mod check;
mod document;
mod flaw;
mod format;
mod json;
mod language;
mod link;
mod moment;
pub mod multipart;
mod person;
mod query;
mod same;
mod signature;
mod span;
mod statement;
mod value;
mod version;

pub use agent::{agent_parameter, identity, identity_of};
pub use document::{Merge, defined, merged};
pub use flaw::Flaw;
pub use format::{Canonical, Format, ids_only};
pub use json::{Json, JsonError, Members};
pub use language::Languages;
pub use link::{Kind, Link, Mentions, mentions};
pub use moment::Moment;
pub use person::person;
pub use query::{Filter, Parameters, StatementQuery};
pub use same::{same, settled};
pub use signature::{Signature, is_signature, signed};
pub use statement::{Submitted, VOIDED, attachments, is_voiding};
pub use value::{is_iri, uuid};
pub use version::XapiVersion;
