//! Texts in every language, the files and the sources that a table names.

use std::collections::BTreeMap;

use toml::Value;

use super::Fields;
use crate::{
    finding::Code,
    source::{nearest::nearest, words::columns},
};

impl Fields<'_> {
    /// A text in every language of the venue, kept under `text_key`.
    ///
    /// It should not be wider than `limit` columns, of which a Chinese character takes two.
    pub(in crate::source) fn words(&mut self, key: &str, text_key: &str, limit: usize) {
        if let Some(value) = self.required(key) {
            self.keep_words(key, value, text_key, limit);
        }
    }

    /// The same for a text that may be absent altogether; says whether it is there.
    pub(in crate::source) fn optional_words(
        &mut self,
        key: &str,
        text_key: &str,
        limit: usize,
    ) -> bool {
        let value = self.value(key);
        value
            .map(|value| self.keep_words(key, value, text_key, limit))
            .is_some()
    }

    fn keep_words(&mut self, key: &str, value: Value, text_key: &str, limit: usize) {
        let table = match value {
            Value::Table(table) => table,
            value => {
                let kind = value.type_str();
                let message = format!("{key:?} is of the kind {kind}, not a text by language");
                let hint = format!("write {key} = {{ zh-Hans = \"…\", en = \"…\" }}");
                self.find_with_hint(Code::FieldWrong, key, message, hint);
                return;
            }
        };
        let languages = self.desk.languages.clone();
        let mut texts: BTreeMap<String, Value> = table.into_iter().collect();
        for language in &languages {
            let place = format!("{key}.{language}");
            let text = match texts.remove(language) {
                Some(Value::String(text)) => text.trim().to_owned(),
                Some(value) => {
                    self.wrong(&place, &value, "a text in quotes");
                    continue;
                }
                None => String::new(),
            };
            if text.is_empty() {
                let message = format!("{key:?} has no text in {language:?}");
                let hint = nearest(language, texts.keys());
                self.find_with_hint(Code::TextMissing, &place, message, hint);
                continue;
            }
            let width = columns(&text);
            if width > limit {
                let message = format!("{key:?} takes {width} columns; there is room for {limit}");
                self.find(Code::TextLong, &place, message);
            }
            self.desk.keep(language, text_key, text);
        }
        for language in texts.into_keys() {
            let at = self.at(&format!("{key}.{language}"));
            let (_, places) = self.desk.undeclared.entry(language).or_insert((at, 0));
            *places += 1;
        }
    }

    /// A file of the package that may be named, and whether it is there.
    pub(in crate::source) fn optional_file(
        &mut self,
        key: &str,
        endings: &[&str],
    ) -> Option<String> {
        let path = self.optional_string(key)?;
        let at = self.at(key);
        self.desk.names_file(&at, &path, endings).then_some(path)
    }

    /// A file of the package that must be named, and whether it is there.
    pub(in crate::source) fn file(&mut self, key: &str, endings: &[&str]) -> Option<String> {
        let path = self.string(key)?;
        let at = self.at(key);
        self.desk.names_file(&at, &path, endings).then_some(path)
    }

    /// The sources that `who` (`stop.table`) cites. `needed`: none at all is a finding.
    pub(in crate::source) fn cites(&mut self, who: &str, needed: bool) {
        let sources = self.strings("cites");
        if sources.is_empty() && needed {
            let message = format!("{who:?} cites no source");
            self.find(Code::Uncited, "cites", message);
        }
        for (key, source) in sources {
            let at = self.at(&key);
            self.desk.cite(who, &source, at);
        }
    }
}
