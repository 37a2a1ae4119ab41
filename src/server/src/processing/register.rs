//! The register of what is kept: it lies beside the migrations, and what it says of a person is what
//! their page shows, what their export holds and what an erasure must take.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

const REGISTER: &str = include_str!("../../migrations/processing.json");

/// The register, which a test reads too.
pub(crate) static KEPT: LazyLock<Result<Register, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(REGISTER));

/// Words by language.
pub(crate) type Said = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Register {
    pub(super) words: BTreeMap<String, Said>,
    pub(super) classes: BTreeMap<String, Class>,
    pub(super) bases: BTreeMap<String, Said>,
    pub(crate) tables: BTreeMap<String, Table>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    pub(super) name: Said,
    pub(super) keep: Said,
    /// The same where a period was given, if one may be.
    #[serde(default)]
    pub(super) keep_for: Option<Said>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(super) class: String,
    pub(super) basis: String,
    pub(crate) purpose: Said,
    /// How the rows about one person are found; none if no row is about a visitor.
    pub(crate) person: Option<Person>,
    pub(crate) columns: BTreeMap<String, Said>,
}

/// What of a table is about one person.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// A condition in SQL, in which `{visit}` is the visit's number, `{subject}` what the access log
    /// calls it, `{statements}` where its statements are, and `{terms}` what they are found by.
    pub(crate) found_by: String,
    /// Columns that the person is not told, and why.
    #[serde(default)]
    pub(crate) withheld: BTreeMap<String, Said>,
    /// Why it stays after an erasure, if it does.
    #[serde(default)]
    pub(crate) stays: Option<Said>,
}

/// Terms that are the visit's own identity, by which other systems may have told of it.
const TERMS: &str = "select l.term from statements s join links l on l.position = s.position
    join terms t on t.key = l.term
    where s.visit = {visit} and l.reach = 0 and t.kind = 0 and t.name like 'account % ' || {visit}
    union select l.term from limited_links l join terms t on t.key = l.term
    where l.aside_for = {visit} and l.reach = 0 and t.kind = 0
        and t.name like 'account % ' || {visit}";

/// The visit's statements, and those of others whose agent it is.
const STATEMENTS: &str = "select position from statements where visit = {visit}
    union select position from links where reach = 0 and term in ({terms})
    union select position from limited_statements where aside_for = {visit}";

impl Person {
    /// The condition with nothing left in it but `{visit}` and `{subject}`.
    pub(crate) fn condition(&self) -> String {
        self.found_by
            .replace("{statements}", STATEMENTS)
            .replace("{terms}", TERMS)
    }
}
