//! What a credential is good for.

use std::{fmt, str::FromStr};

/// One thing that a credential is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, utoipa::ToSchema)]
pub enum Scope {
    /// Store statements; void those that it stored.
    #[schema(rename = "statements/write")]
    StatementsWrite,
    /// Read every statement.
    #[schema(rename = "statements/read")]
    StatementsRead,
    /// Read the statements that it stored.
    #[schema(rename = "statements/read/mine")]
    StatementsReadMine,
    /// Read and write State documents.
    #[schema(rename = "state")]
    State,
    /// Read and write Activity and Agent Profile documents.
    #[schema(rename = "profile")]
    Profile,
    /// Everything, also voiding what others stored.
    #[schema(rename = "all")]
    All,
}

const NAMES: [(Scope, &str); 6] = [
    (Scope::StatementsWrite, "statements/write"),
    (Scope::StatementsRead, "statements/read"),
    (Scope::StatementsReadMine, "statements/read/mine"),
    (Scope::State, "state"),
    (Scope::Profile, "profile"),
    (Scope::All, "all"),
];

/// Why a text names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is none of the scopes statements/write, statements/read, statements/read/mine, state, profile and all"
)]
pub struct ScopeError {
    text: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(scope, _)| scope == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for Scope {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let named = NAMES.iter().find(|(_, name)| *name == text);
        named
            .map(|(scope, _)| *scope)
            .ok_or_else(|| ScopeError { text: text.into() })
    }
}

/// Everything that a credential is good for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Scopes(Vec<Scope>);

impl Scopes {
    pub(super) fn new(mut scopes: Vec<Scope>) -> Self {
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Whether it is good for this.
    pub(super) fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::All) || self.0.contains(&scope)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(Scope::to_string).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let scopes = text.split_ascii_whitespace().map(str::parse);
        Ok(Self::new(scopes.collect::<Result<_, _>>()?))
    }
}
