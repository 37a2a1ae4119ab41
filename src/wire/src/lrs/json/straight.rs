//! JSON that is read in one go. The numbers are taken from the text afterwards, digit by digit.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{DEPTH, Json, Members, Names};

/// Reads a whole text; tells nothing of one that has to be looked at more closely, such as one that is
/// wrong or has a number that is larger than all that can be reckoned with.
pub(super) fn read(text: &str) -> Option<Json> {
    let mut from = serde_json::Deserializer::from_str(text);
    let mut json = At { depth: 0 }.deserialize(&mut from).ok()?;
    from.end().ok()?;
    number(&mut json, &mut numbers(text))?;
    Some(json)
}

/// A value so many levels below the top.
#[derive(Clone, Copy)]
struct At {
    depth: usize,
}

impl At {
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH {
            return Err(E::custom("nested too deep"));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for At {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Json, E> {
        Ok(Json::Bool(is))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number(String::new()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number(String::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(String::new()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(below)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let below = self.below()?;
        let (mut members, mut names) = (Vec::new(), Names::default());
        while let Some(name) = map.next_key::<String>()? {
            names.add(&name, &members)?;
            members.push((name, map.next_value_seed(below)?));
        }
        Ok(Json::Object(Members(members)))
    }
}

/// Gives the numbers of a value their digits, in the order of the text.
fn number<'a>(json: &mut Json, digits: &mut impl Iterator<Item = &'a str>) -> Option<()> {
    match json {
        Json::Number(number) => digits.next()?.clone_into(number),
        Json::List(items) => items.iter_mut().try_for_each(|it| number(it, digits))?,
        Json::Object(members) => members.values_mut().try_for_each(|it| number(it, digits))?,
        Json::Null | Json::Bool(_) | Json::Text(_) => {}
    }
    Some(())
}

/// The numbers of a text that has been seen to be JSON, as they are written.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(|it: char| it == '"' || it == '-' || it.is_ascii_digit())?;
            rest = &rest[at..];
            if let Some(inside) = rest.strip_prefix('"') {
                rest = after_string(inside)?;
                continue;
            }
            let end = rest.find(|it: char| !matches!(it, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
            let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            return Some(number);
        }
    })
}

/// What follows a string of which the first quotation mark has been read.
fn after_string(mut inside: &str) -> Option<&str> {
    loop {
        let at = inside.find(['"', '\\'])?;
        let (is_end, length) = (inside.as_bytes()[at] == b'"', at + 1);
        inside = inside.get(length..)?;
        if is_end {
            return Some(inside);
        }
        // Whatever is escaped does not end it.
        inside = inside.get(1..)?;
    }
}
