//! The versions that two sides must agree on.

/// The interface for visits; the path begins with it.
pub const API_PATH: &str = "/api/v1";

/// The xAPI version that statements are written for, as `X-Experience-API-Version` says it.
///
/// They are valid in 1.0.3 too: nothing of what 2.0 added is used.
pub const XAPI: &str = "2.0.0";

/// The version of the text by which visitors consent to being recorded. The page has the words; when
/// what they say changes, this grows, and visitors are asked again.
pub const CONSENT: u32 = 1;
