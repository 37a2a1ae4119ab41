//! Findings: what is wrong with a package, where, and what to do about it.

mod code;

use std::fmt;

use serde::{Serialize, Serializer};

pub use code::Code;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The package cannot be published.
    Error,
    /// The package can be published, but a visitor will notice.
    Warning,
    /// Something that the curator may have meant otherwise.
    Hint,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        })
    }
}

/// Where in a file something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Line and column, both from 1.
    Line(usize, usize),
    /// A dotted TOML key such as `questions[2].hint.en`, or a JSON pointer's like.
    Key(String),
}

/// Where in a package something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    /// The file, by its path in the package.
    pub path: String,
    /// The place in it, if it is narrower than the file.
    pub place: Option<Place>,
}

impl Pointer {
    /// A whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            place: None,
        }
    }

    /// A key in a file.
    pub fn key(path: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            place: Some(Place::Key(key.into())),
        }
    }

    /// The line and column of the byte at `offset` of `text`.
    pub fn offset(path: impl Into<String>, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self {
            path: path.into(),
            place: Some(Place::Line(line, column)),
        }
    }
}

/// A place prints as `stops/table.toml:3:14` or `stops/table.toml:artifact.name.en`. A key of the
/// file's top level does not print: the finding's sentence speaks of it.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match &self.place {
            Some(Place::Line(line, column)) => write!(f, ":{line}:{column}"),
            Some(Place::Key(key)) if key.contains(['.', '[']) => write!(f, ":{key}"),
            Some(Place::Key(_)) | None => Ok(()),
        }
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            path: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            key: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            line: Option<usize>,
            #[serde(skip_serializing_if = "Option::is_none")]
            column: Option<usize>,
        }
        let mut flat = Flat {
            path: &self.path,
            key: None,
            line: None,
            column: None,
        };
        match &self.place {
            Some(Place::Key(key)) => flat.key = Some(key),
            Some(Place::Line(line, column)) => {
                (flat.line, flat.column) = (Some(*line), Some(*column));
            }
            None => {}
        }
        flat.serialize(serializer)
    }
}

/// One thing that is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What kind of thing it is.
    pub code: Code,
    /// Where it is.
    #[serde(rename = "at")]
    pub pointer: Pointer,
    /// What is wrong: a sentence without its full stop, the variable parts quoted.
    pub message: String,
    /// What to do about it: a sentence without its full stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    /// A finding of the severity that its code usually has.
    pub fn new(code: Code, pointer: Pointer, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            pointer,
            message: message.into(),
            hint: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Option<String>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// `error STOP_UNPLACED stops/oil-lamp.toml — stop "oil-lamp" names …. Hint: nearest is "lamp_1".`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            severity,
            code,
            pointer,
            message,
            hint,
        } = self;
        write!(f, "{severity} {code} {pointer} — {message}.")?;
        match hint {
            Some(hint) => write!(f, " Hint: {hint}."),
            None => Ok(()),
        }
    }
}
