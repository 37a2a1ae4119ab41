//! What is wrong with something that was sent, and where.

use std::fmt;

/// What is wrong, and where: `/actor/mbox: …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Flaw {
    /// A JSON pointer into what was sent, or the name of a parameter or a header.
    pub at: String,
    /// What is wrong with it, in a sentence without its subject.
    pub what: String,
}

impl Flaw {
    /// A flaw of a parameter, a header or a part.
    pub fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            what: what.into(),
        }
    }
}

/// A place in a JSON value; printed as a pointer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spot<'a> {
    /// The whole.
    Root(&'a str),
    /// A member.
    Member(&'a Spot<'a>, &'a str),
    /// An item.
    Item(&'a Spot<'a>, usize),
}

impl<'a> Spot<'a> {
    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(super) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }

    pub(super) fn flaw(&self, what: impl Into<String>) -> Flaw {
        let at = self.to_string();
        let at = if at.is_empty() { "/".to_owned() } else { at };
        Flaw::new(at, what)
    }
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Member(up, name) => {
                write!(f, "{up}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(up, index) => write!(f, "{up}/{index}"),
        }
    }
}

/// As much of a value as fits in a sentence.
pub(super) fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    format!("{short:?}")
}
