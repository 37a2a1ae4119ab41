//! The xAPI profile that the statements of visits follow: what they mean, for whoever reads them.
//!
//! The document is written by hand and held against what is really told by this crate's tests, so
//! that neither changes without the other.

use super::{Activity, Definition, activity_type};

/// The profile, whichever version of it.
pub const IRI: &str = "https://w3id.org/xinghuo/visits";

/// The version that statements follow; they bear it as their category. What a template or a pattern
/// asks for never changes under one version.
pub const VERSION: &str = "https://w3id.org/xinghuo/visits/v1";

/// The media type of [`DOCUMENT`].
pub const MEDIA_TYPE: &str = "application/ld+json";

/// The document: JSON-LD as the xAPI Profile specification lays it out.
pub const DOCUMENT: &str = include_str!("profile.jsonld");

/// The version as an activity, by which statements that follow it are found.
pub(super) fn category() -> Activity {
    Activity {
        id: VERSION.to_owned(),
        definition: Definition {
            kind: activity_type::PROFILE.to_owned(),
            ..Definition::default()
        },
    }
}
