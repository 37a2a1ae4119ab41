//! Why a model cannot be loaded.

use std::fmt;

use crate::finding::Code;

/// One reason why a model cannot be loaded. It prints as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code of the finding that it is to a curator.
    pub code: Code,
    /// What is wrong, and with which part of the model.
    pub message: String,
    /// What the curator can do about it.
    pub hint: Option<&'static str>,
}

pub(super) type Problems = Vec<Problem>;

/// For what no exporter writes: it happened to the file later, or the exporter is at fault.
pub(super) const EXPORT_AGAIN: &str =
    "export the model again, and look at it with a glTF validator";
/// For what is more than a visitor's device holds.
pub(super) const MAKE_SMALLER: &str =
    "leave out what nobody sees, join meshes, or split the room in two";

impl Problem {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
        }
    }

    /// The model contradicts itself.
    pub(super) fn broken(message: impl Into<String>) -> Self {
        Self::new(Code::ModelBroken, message).with_hint(EXPORT_AGAIN)
    }

    /// The model is more than a visitor's device holds.
    pub(super) fn huge(message: impl Into<String>) -> Self {
        Self::new(Code::MediaHuge, message).with_hint(MAKE_SMALLER)
    }

    pub(super) fn with_hint(self, hint: &'static str) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
