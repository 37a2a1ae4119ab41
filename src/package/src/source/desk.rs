//! What reading a package gathers on its way: findings, texts, citations, and which files are used.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    files::is_inside,
    finding::{Code, Finding, Pointer},
    published::Texts,
    source::nearest::nearest_path,
};

/// The reader's desk: the files on it, and the notes taken while going through them.
#[derive(Default)]
pub(super) struct Desk {
    /// Every file of the package, those left unread because of their size included.
    pub(super) listed: BTreeMap<String, u64>,
    /// What has been read.
    pub(super) contents: BTreeMap<String, Vec<u8>>,
    /// Files that something names.
    pub(super) used: BTreeSet<String>,
    /// The venue's languages; empty while they are not known.
    pub(super) languages: Vec<String>,
    /// Texts by language and key.
    pub(super) texts: BTreeMap<String, Texts>,
    /// Source ids by what cites them.
    pub(super) cites: BTreeMap<String, Vec<String>>,
    /// Each citation with its place.
    pub(super) cited_at: Vec<(String, Pointer)>,
    /// Languages that texts are in and the venue does not list: the first place, and how many.
    pub(super) undeclared: BTreeMap<String, (Pointer, usize)>,
    /// Whether something could not be read, so that what it would have named is not known.
    pub(super) blind: bool,
    /// What has been found.
    pub(super) findings: Vec<Finding>,
}

impl Desk {
    /// Notes a finding.
    pub(super) fn find(&mut self, code: Code, at: Pointer, message: impl Into<String>) {
        self.findings.push(Finding::new(code, at, message));
    }

    /// Notes a finding with a hint.
    pub(super) fn find_with_hint(
        &mut self,
        code: Code,
        at: Pointer,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        let finding = Finding::new(code, at, message).with_hint(hint);
        self.findings.push(finding);
    }

    /// The text of a file that every package of this shape has.
    pub(super) fn text_of(&mut self, path: &str) -> Option<String> {
        self.used.insert(path.to_owned());
        let Some(bytes) = self.contents.get(path) else {
            // A file that is listed but was not read has a finding of its own already.
            if !self.listed.contains_key(path) {
                let message = format!("there is no file {path:?}");
                let hint = nearest_path(path, self.listed.keys());
                self.find_with_hint(Code::FileMissing, Pointer::file(path), message, hint);
            }
            return None;
        };
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
            Err(cause) => {
                let valid = String::from_utf8_lossy(&bytes[..cause.valid_up_to()]).into_owned();
                let at = Pointer::offset(path, &valid, valid.len());
                self.find_with_hint(
                    Code::TextBroken,
                    at,
                    "the file is not UTF-8",
                    "save it with the encoding UTF-8".to_owned(),
                );
                None
            }
        }
    }

    /// Parses a TOML file of the package.
    pub(super) fn toml(&mut self, path: &str) -> Option<toml::Table> {
        let Some(text) = self.text_of(path) else {
            self.blind = true;
            return None;
        };
        match text.parse::<toml::Table>() {
            Ok(table) => Some(table),
            Err(cause) => {
                let at = match cause.span() {
                    Some(span) => Pointer::offset(path, &text, span.start),
                    None => Pointer::file(path),
                };
                let why = cause.message().trim().replace('\n', ", ");
                let message = format!("the file does not parse: {why}");
                self.find(Code::TomlBroken, at, message);
                self.blind = true;
                None
            }
        }
    }

    /// Takes note that `at` names the file `path`, and says whether it is there.
    pub(super) fn names_file(&mut self, at: &Pointer, path: &str, endings: &[&str]) -> bool {
        if !is_inside(path) {
            let message = format!("the path {path:?} leaves the package");
            self.find_with_hint(
                Code::PathEscapes,
                at.clone(),
                message,
                "write it from the package's folder on, with \"/\" between the parts".to_owned(),
            );
            return false;
        }
        self.used.insert(path.to_owned());
        if !self.listed.contains_key(path) {
            let hint = nearest_path(path, self.listed.keys());
            let message = format!("there is no file {path:?}");
            self.find_with_hint(Code::FileMissing, at.clone(), message, hint);
            return false;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if !endings.contains(&ending) {
            let message = format!("{path:?} does not end in {}", one_of(endings));
            self.find(Code::MediaUnknown, at.clone(), message);
            return false;
        }
        true
    }

    /// Files of `folder` (with its `/`) that end in `.toml`, each with its stem.
    pub(super) fn toml_files(&self, folder: &str) -> Vec<(String, String)> {
        let inside = self.listed.keys().filter_map(|path| {
            let stem = path.strip_prefix(folder)?.strip_suffix(".toml")?;
            (!stem.contains('/')).then(|| (path.clone(), stem.to_owned()))
        });
        inside.collect()
    }

    /// Keeps a text.
    pub(super) fn keep(&mut self, language: &str, key: &str, text: String) {
        let texts = self.texts.entry(language.to_owned()).or_default();
        texts.insert(key.to_owned(), text);
    }

    /// A text that was kept.
    pub(super) fn kept(&self, language: &str, key: &str) -> Option<&str> {
        Some(self.texts.get(language)?.get(key)?.as_str())
    }

    /// Notes that `who` (`stop.table`) cites a source.
    pub(super) fn cite(&mut self, who: &str, source: &str, at: Pointer) {
        let cites = self.cites.entry(who.to_owned()).or_default();
        if !cites.iter().any(|cited| cited == source) {
            cites.push(source.to_owned());
        }
        self.cited_at.push((source.to_owned(), at));
    }
}

/// `"a", "b" or "c"`.
pub(super) fn one_of<T: AsRef<str>>(choices: &[T]) -> String {
    let quoted: Vec<_> = choices
        .iter()
        .map(|c| format!("{:?}", c.as_ref()))
        .collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
