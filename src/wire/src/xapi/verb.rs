//! The verbs, their IRIs and how people read them.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// What a visitor did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// Its IRI in ADL's vocabulary.
    pub id: String,
    /// How people read it, by language.
    pub display: BTreeMap<String, String>,
}

/// The verbs that visits use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verbs {
    pub(super) initialized: Verb,
    pub(super) experienced: Verb,
    pub(super) answered: Verb,
    pub(super) progressed: Verb,
    pub(super) completed: Verb,
    pub(super) passed: Verb,
    pub(super) failed: Verb,
    pub(super) terminated: Verb,
}

pub(super) static VERBS: LazyLock<Verbs> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../verbs.json")).expect("verbs.json was read by a test")
});

/// The verbs of statements that tell of single steps, by their IRIs. What a visit has come to is
/// told by others.
#[must_use]
pub fn evidence_verbs() -> [&'static str; 3] {
    let verbs = &*VERBS;
    [&verbs.experienced, &verbs.answered, &verbs.progressed].map(|verb| verb.id.as_str())
}

impl Verb {
    /// The last part of the IRI.
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_adls_and_can_be_read_in_both_languages() {
        let Verbs {
            initialized,
            experienced,
            answered,
            progressed,
            completed,
            passed,
            failed,
            terminated,
        } = &*VERBS;
        for (name, verb) in [
            ("initialized", initialized),
            ("experienced", experienced),
            ("answered", answered),
            ("progressed", progressed),
            ("completed", completed),
            ("passed", passed),
            ("failed", failed),
            ("terminated", terminated),
        ] {
            assert_eq!(verb.id, format!("http://adlnet.gov/expapi/verbs/{name}"));
            assert_eq!(verb.name(), name);
            assert!(verb.display.keys().eq(["en", "zh-Hans"]), "{name}");
        }
    }
}
