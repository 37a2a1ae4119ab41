//! What is to be asked of a record store, and for how long.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A plan, as it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Plan {
    /// Host and port.
    pub(crate) address: String,
    /// The path of the resource `statements`.
    pub(crate) path: String,
    /// Headers of every request.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) clients: usize,
    /// For how long what comes back is not counted.
    pub(crate) warm_millis: u64,
    /// For how long it is, after that.
    pub(crate) millis: u64,
    /// Statements and visits of different seeds are different.
    pub(crate) seed: u64,
    /// The statements of one visit, as our server makes them.
    pub(crate) statements: Vec<serde_json::Value>,
    pub(crate) work: Work,
}

/// What is asked again and again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) enum Work {
    /// Store the next statements, so many at once, from the one with that number on.
    #[serde(rename_all = "camelCase")]
    Write {
        batch: u64,
        #[serde(default)]
        from: u64,
        /// End once all below this number are stored, however long it takes.
        #[serde(default)]
        until: Option<u64>,
    },
    /// Ask for what some statement of the first `of` has.
    #[serde(rename_all = "camelCase")]
    Read {
        /// What follows the path, with `{id}`, `{registration}` and `{agent}` of that statement.
        query: String,
        of: u64,
        /// How many statements each answer must hold at least: who answers nothing is not fast.
        least: usize,
    },
}
