//! `sources.json`: the works that stops and questions cite, as CSL-JSON, and how they are printed.

mod format;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{desk::Desk, nearest::nearest};
use crate::{
    finding::{Code, Finding, Pointer, Severity},
    published::{Source, Sources},
};

/// Where the file is.
const PATH: &str = "sources.json";

/// What a reference is made of: the part of CSL-JSON that venues use.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Reference {
    author: Vec<Name>,
    editor: Vec<Name>,
    title: String,
    container_title: String,
    publisher: String,
    publisher_place: String,
    volume: Text,
    issue: Text,
    page: Text,
    issued: Date,
    #[serde(rename = "URL")]
    url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Name {
    family: String,
    given: String,
    literal: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Date {
    #[serde(rename = "date-parts")]
    parts: Vec<Vec<Text>>,
    literal: String,
    raw: String,
}

/// CSL-JSON writes numbers with or without quotes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Number(i64),
    Text(String),
}

impl Default for Text {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Text {
    fn print(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Reads the sources, if the file can be read; the references' texts are kept under `source.<id>`.
pub(super) fn read(desk: &mut Desk) -> Option<BTreeMap<String, Source>> {
    let text = desk.text_of(PATH)?;
    let entries: Vec<Value> = match serde_json::from_str(&text) {
        Ok(entries) => entries,
        Err(cause) => {
            let at = Pointer {
                path: PATH.into(),
                place: Some(crate::Place::Line(cause.line(), cause.column().max(1))),
            };
            let cause = cause.to_string();
            let why = cause.split(" at line ").next().unwrap_or_default();
            let message = format!("the file is not a list of sources: {why}");
            desk.find(Code::JsonBroken, at, message);
            return None;
        }
    };
    let mut sources = BTreeMap::new();
    for (n, entry) in entries.into_iter().enumerate() {
        let Some((id, reference)) = one(desk, n, entry) else {
            continue;
        };
        if sources.contains_key(&id) {
            let message = format!("the source {id:?} is there twice");
            desk.find(
                Code::IdDuplicate,
                Pointer::key(PATH, format!("[{n}].id")),
                message,
            );
            continue;
        }
        let url = (!reference.url.is_empty()).then(|| reference.url.clone());
        let secure = url.filter(|url| url.starts_with("https://"));
        if !reference.url.is_empty() && secure.is_none() {
            let at = Pointer::key(PATH, format!("[{n}].URL"));
            let message = format!(
                "the source {id:?} is at {:?}, which is printed but not linked",
                reference.url
            );
            let finding = Finding::new(Code::LinkInsecure, at, message);
            desk.findings.push(finding.with_severity(Severity::Warning));
        }
        let languages = desk.languages.clone().into_iter();
        let text: BTreeMap<_, _> = languages
            .map(|language| {
                let printed = format::print(&reference, &language);
                desk.keep(&language, &format!("source.{id}"), printed.clone());
                (language, printed)
            })
            .collect();
        sources.insert(id, Source { text, url: secure });
    }
    Some(sources)
}

fn one(desk: &mut Desk, n: usize, entry: Value) -> Option<(String, Reference)> {
    let at = |key: &str| Pointer::key(PATH, format!("[{n}]{key}"));
    let id = match entry.get("id").and_then(Value::as_str) {
        Some(id) if is_source_id(id) => id.to_owned(),
        _ => {
            let message = "the source has no id of a-z, A-Z, 0-9, \".\", \"_\" and \"-\"";
            desk.find(Code::IdWrong, at(".id"), message);
            return None;
        }
    };
    let reference: Reference = match serde_json::from_value(entry) {
        Ok(reference) => reference,
        Err(cause) => {
            let message = format!("the source {id:?} is not CSL-JSON: {cause}");
            desk.find(Code::SourceWrong, at(""), message);
            return None;
        }
    };
    if reference.title.trim().is_empty() {
        let message = format!("the source {id:?} has no title");
        desk.find(Code::SourceWrong, at(".title"), message);
    }
    Some((id, reference))
}

fn is_source_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Holds the citations against the sources, once everything has been read.
pub(super) fn check(desk: &mut Desk, sources: BTreeMap<String, Source>) -> Sources {
    for (source, at) in std::mem::take(&mut desk.cited_at) {
        if !sources.contains_key(&source) {
            let message = format!("the source {source:?} is cited, which {PATH} does not have");
            let hint = nearest(&source, sources.keys());
            desk.find_with_hint(Code::SourceUnknown, at, message, hint);
        }
    }
    for id in sources.keys() {
        if !desk.cites.values().flatten().any(|cited| cited == id) {
            let message = format!("the source {id:?} is never cited");
            desk.find(Code::SourceUncited, Pointer::file(PATH), message);
        }
    }
    Sources {
        sources,
        cites: desk.cites.clone(),
    }
}
