//! Names of things in a venue: kebab-case, and equal to the stem of the file that defines them.

use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id: use 1 to 64 of a-z, 0-9 and single hyphens between them")]
pub struct IdError {
    /// The text that was given.
    pub text: String,
}

/// Whether `text` is kebab-case: 1 to 64 of `a-z`, `0-9`, and single hyphens inside.
fn is_kebab(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as it is written in files and addresses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                if is_kebab(&text) { Ok(Self(text)) } else { Err(IdError { text }) }
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A venue: one package, one tour.
    VenueId;
    /// A room: one scene that is loaded at once.
    RoomId;
    /// A place on the route where there is something to see and to understand.
    StopId;
    /// A thing that can be looked at closely.
    ArtifactId;
    /// A set of questions asked at a stop.
    CheckpointId;
    /// One question of a checkpoint's pool.
    QuestionId;
    /// One choice of a question, or one of the things to be matched or ordered.
    OptionId;
}
