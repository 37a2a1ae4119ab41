//! A TOML table read field by field: every field that is wrong is a finding, and reading goes on.

mod numbers;
mod tables;
mod texts;

use std::{fmt::Display, str::FromStr};

use toml::{Table, Value};

use super::{
    desk::{Desk, one_of},
    nearest::nearest,
};
use crate::finding::{Code, Pointer};

/// A table of a TOML file, of which fields are taken one after the other.
pub(super) struct Fields<'a> {
    pub(super) desk: &'a mut Desk,
    path: &'a str,
    /// Where in the file the table is: empty, or `questions[2].`.
    place: String,
    table: Table,
    asked: Vec<String>,
}

impl Fields<'_> {
    /// Reads the file at `path` with `read`; fields that it does not ask for are findings.
    pub(super) fn of_file<T>(
        desk: &mut Desk,
        path: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let table = desk.toml(path)?;
        Some(Fields::of_table(desk, path, String::new(), table, read))
    }

    fn of_table<T>(
        desk: &mut Desk,
        path: &str,
        place: String,
        table: Table,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> T {
        let mut fields = Fields {
            desk,
            path,
            place,
            table,
            asked: Vec::new(),
        };
        let read = read(&mut fields);
        let unknown: Vec<_> = fields.table.keys().cloned().collect();
        for key in unknown {
            let hint = nearest(&key, &fields.asked);
            let message = format!("the field {key:?} means nothing here");
            fields.find_with_hint(Code::FieldUnknown, &key, message, hint);
        }
        read
    }

    /// The place of a field.
    pub(super) fn at(&self, key: &str) -> Pointer {
        Pointer::key(self.path, format!("{}{key}", self.place))
    }

    /// Notes a finding about a field.
    pub(super) fn find(&mut self, code: Code, key: &str, message: impl Into<String>) {
        let at = self.at(key);
        self.desk.find(code, at, message);
    }

    /// Notes a finding about a field, with a hint.
    pub(super) fn find_with_hint(
        &mut self,
        code: Code,
        key: &str,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        let at = self.at(key);
        self.desk.find_with_hint(code, at, message, hint);
    }

    /// The names of all fields, for a table whose names are content.
    pub(super) fn names(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    /// A field as it is, or nothing.
    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        self.asked.push(key.to_owned());
        self.table.remove(key)
    }

    /// A field that must be there.
    fn required(&mut self, key: &str) -> Option<Value> {
        let value = self.value(key);
        if value.is_none() {
            let hint = nearest(key, self.table.keys());
            let message = format!("the field {key:?} is missing");
            self.find_with_hint(Code::FieldMissing, key, message, hint);
        }
        value
    }

    /// Notes that a field holds something else than it should.
    pub(super) fn wrong(&mut self, key: &str, value: &Value, should: &str) {
        let message = format!("{key:?} is of the kind {}, not {should}", value.type_str());
        self.find(Code::FieldWrong, key, message);
    }

    /// A text that must be there.
    pub(super) fn string(&mut self, key: &str) -> Option<String> {
        let value = self.required(key)?;
        self.as_string(key, value)
    }

    /// A text that may be there.
    pub(super) fn optional_string(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        self.as_string(key, value)
    }

    fn as_string(&mut self, key: &str, value: Value) -> Option<String> {
        match value {
            Value::String(text) if text.trim().is_empty() => {
                self.find(Code::FieldMissing, key, format!("{key:?} is empty"));
                None
            }
            Value::String(text) => Some(text),
            value => {
                self.wrong(key, &value, "a text in quotes");
                None
            }
        }
    }

    /// An id that must be there.
    pub(super) fn id<T: FromStr<Err: Display>>(&mut self, key: &str) -> Option<T> {
        let text = self.string(key)?;
        self.as_id(key, &text)
    }

    /// An id that may be there.
    pub(super) fn optional_id<T: FromStr<Err: Display>>(&mut self, key: &str) -> Option<T> {
        let text = self.optional_string(key)?;
        self.as_id(key, &text)
    }

    /// The id that `text`, found in the field `key`, is.
    pub(super) fn as_id<T: FromStr<Err: Display>>(&mut self, key: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(id) => Some(id),
            Err(cause) => {
                self.find(Code::IdWrong, key, cause.to_string());
                None
            }
        }
    }

    /// A list of texts, each with its place; empty when the field is absent.
    pub(super) fn strings(&mut self, key: &str) -> Vec<(String, String)> {
        let values = match self.value(key) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(value) => {
                self.wrong(key, &value, "a list of texts");
                return Vec::new();
            }
        };
        let mut texts = Vec::new();
        for (n, value) in values.into_iter().enumerate() {
            let key = format!("{key}[{n}]");
            if let Some(text) = self.as_string(&key, value) {
                texts.push((key, text));
            }
        }
        texts
    }

    /// A list of ids, each with its place; empty when the field is absent.
    pub(super) fn ids<T: FromStr<Err: Display>>(&mut self, key: &str) -> Vec<(String, T)> {
        let texts = self.strings(key);
        let ids = texts.into_iter().filter_map(|(key, text)| {
            let id = self.as_id(&key, &text)?;
            Some((key, id))
        });
        ids.collect()
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.string(key)?;
        self.as_choice(key, &text, choices)
    }

    /// The one of several words that `text`, found in the field `key`, is.
    pub(super) fn as_choice<T: Copy>(
        &mut self,
        key: &str,
        text: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*choice);
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        let message = format!("{text:?} is not {}", one_of(&words));
        let hint = nearest(text, words);
        self.find_with_hint(Code::FieldWrong, key, message, hint);
        None
    }
}
