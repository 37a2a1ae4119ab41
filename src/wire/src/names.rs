//! Names on the wire that are more than a string.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not the name that it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}")]
pub struct NameError {
    /// The text that was given, or its beginning.
    pub text: String,
    /// What it should be.
    pub what: &'static str,
}

impl NameError {
    fn new(text: &str, what: &'static str) -> Self {
        let text = text.chars().take(80).collect();
        Self { text, what }
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $what:literal if $test:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                if $test(&text) { Ok(Self(text)) } else { Err(NameError::new(&text, $what)) }
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// The hash of a package's public files: what a visit is pinned to.
    PackageHash: "a package hash: use 32 of 0-9 and a-f" if is_hash;
    /// A language as BCP 47 writes it, such as `zh-Hans`.
    LanguageTag: "a language tag: use subtags of 1 to 8 letters or digits, such as zh-Hans" if is_language;
    /// What somebody enters to join a lab or to take over a visit.
    Code: "a code: use six digits" if is_code;
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_hash(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let is_primary =
        |it: &str| (2..=8).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphabetic());
    let is_further =
        |it: &str| (1..=8).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphanumeric());
    text.len() <= 35 && subtags.next().is_some_and(is_primary) && subtags.all(is_further)
}

/// The secret that lets a browser write to its visit. It never shows itself in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Token {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_32_lower_hex_digits() {
        assert!(
            "0123456789abcdef0123456789abcdef"
                .parse::<PackageHash>()
                .is_ok()
        );
        for wrong in [
            "",
            "0123",
            "0123456789ABCDEF0123456789ABCDEF",
            "../../../../etc/passwd/aaaaaaaaa",
        ] {
            assert!(wrong.parse::<PackageHash>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn language_tags_have_subtags() {
        for right in ["en", "zh-Hans", "zh-Hans-CN", "sl-rozaj-biske-1994"] {
            assert!(right.parse::<LanguageTag>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "e",
            "zh_Hans",
            "zh-",
            "12",
            "en-waytoolong",
            "\u{4e2d}\u{6587}",
        ] {
            assert!(wrong.parse::<LanguageTag>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let token = Token::from("secret".to_owned());
        assert!(!format!("{token:?}").contains("secret"));
        assert_eq!(token.reveal(), "secret");
    }
}
