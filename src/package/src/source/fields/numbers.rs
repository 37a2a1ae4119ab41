//! Numbers, and yes or no.

use std::ops::RangeInclusive;

use toml::Value;

use super::Fields;
use crate::finding::Code;

impl Fields<'_> {
    /// A number; `default` when the field is absent or wrong.
    pub(in crate::source) fn number(
        &mut self,
        key: &str,
        default: f32,
        range: RangeInclusive<f32>,
    ) -> f32 {
        let number = match self.value(key) {
            None => return default,
            Some(Value::Float(number)) => number as f32,
            Some(Value::Integer(number)) => number as f32,
            Some(value) => {
                self.wrong(key, &value, "a number");
                return default;
            }
        };
        if range.contains(&number) {
            return number;
        }
        let (from, to) = range.into_inner();
        let message = format!("{key:?} is {number}, not between {from} and {to}");
        self.find(Code::NumberWrong, key, message);
        default
    }

    /// A number that may be there.
    pub(in crate::source) fn optional_number(
        &mut self,
        key: &str,
        range: RangeInclusive<f32>,
    ) -> Option<f32> {
        let is_there = self.table.contains_key(key);
        let number = self.number(key, *range.start(), range);
        is_there.then_some(number)
    }

    /// A whole number; `default` when the field is absent or wrong.
    pub(in crate::source) fn count(
        &mut self,
        key: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> u32 {
        let number = match self.value(key) {
            None => return default,
            Some(Value::Integer(number)) => number,
            Some(value) => {
                self.wrong(key, &value, "a whole number");
                return default;
            }
        };
        if let Some(number) = u32::try_from(number).ok().filter(|n| range.contains(n)) {
            return number;
        }
        let (from, to) = range.into_inner();
        let message = format!("{key:?} is {number}, not between {from} and {to}");
        self.find(Code::NumberWrong, key, message);
        default
    }

    /// Yes or no; `default` when the field is absent or wrong.
    pub(in crate::source) fn flag(&mut self, key: &str, default: bool) -> bool {
        match self.value(key) {
            None => default,
            Some(Value::Boolean(flag)) => flag,
            Some(value) => {
                self.wrong(key, &value, "true or false");
                default
            }
        }
    }
}
