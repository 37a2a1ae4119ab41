//! JSON as it was sent: members in their order, numbers digit by digit.

mod closely;
mod straight;

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use serde::de::Error;

/// How deep JSON may be nested. Statements need about ten levels.
const DEPTH: usize = 64;

/// From so many members on, an object is looked through by a table of its names: whoever sends a
/// million of them must not have each held against all others.
const MANY: usize = 16;

/// A JSON value. Two objects are equal if their members are, in whatever order; two numbers if they
/// have the same value.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Members),
}

/// The members of an object in the order in which they were sent; no name occurs twice.
#[derive(Debug, Clone, Default)]
pub struct Members(Vec<(String, Json)>);

/// Why a text is not the JSON that is taken here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the JSON does not parse: {0}")]
pub struct JsonError(String);

impl Json {
    /// Reads a whole text.
    pub fn read(text: &[u8]) -> Result<Self, JsonError> {
        match str::from_utf8(text).ok().and_then(straight::read) {
            Some(read) => Ok(read),
            None => closely::read(text),
        }
    }

    fn write(&self, to: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        match self {
            Self::Null => to.extend(b"null"),
            Self::Bool(is) => to.extend(if *is { &b"true"[..] } else { b"false" }),
            Self::Number(digits) => to.extend(digits.as_bytes()),
            Self::Text(text) => serde_json::to_writer(to, text)?,
            Self::List(items) => {
                to.push(b'[');
                for (n, item) in items.iter().enumerate() {
                    to.extend(&b","[..usize::from(n > 0)]);
                    item.write(to)?;
                }
                to.push(b']');
            }
            Self::Object(members) => {
                to.push(b'{');
                for (n, (name, value)) in members.iter().enumerate() {
                    to.extend(&b","[..usize::from(n > 0)]);
                    serde_json::to_writer(&mut *to, name)?;
                    to.push(b':');
                    value.write(to)?;
                }
                to.push(b'}');
            }
        }
        Ok(())
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An object with these members.
    #[must_use]
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn members(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn members_mut(&mut self) -> Option<&mut Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items; none if it is no array.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The items, to be changed; none if it is no array.
    pub fn items_mut(&mut self) -> &mut [Self] {
        match self {
            Self::List(items) => items,
            _ => &mut [],
        }
    }

    /// What stands at the end of a path of names, if every step is there.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |at, name| at.members()?.get(name))
    }

    /// The string at the end of a path of names.
    #[must_use]
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.as_text()
    }

    /// What stands at the end of a path of names, to be changed.
    pub fn get_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter()
            .try_fold(self, |at, name| at.members_mut()?.get_mut(name))
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => {
                a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Handed on piece by piece, it would take three times as long.
        let mut written = Vec::new();
        self.write(&mut written).map_err(|_| fmt::Error)?;
        f.write_str(str::from_utf8(&written).map_err(|_| fmt::Error)?)
    }
}

impl Members {
    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.iter().find(|(it, _)| it == name).map(|(_, it)| it)
    }

    /// The value of that name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let mut members = self.0.iter_mut();
        members.find(|(it, _)| it == name).map(|(_, it)| it)
    }

    /// Puts a value in the place of the one of that name, or at the end.
    pub fn set(&mut self, name: &str, value: Json) {
        match self.get_mut(name) {
            Some(there) => *there = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Puts every value in the place of the one of its name, or at the end.
    pub fn set_all(&mut self, values: &Self) {
        let mut places: HashMap<String, usize> = (0..)
            .zip(&self.0)
            .map(|(at, (name, _))| (name.clone(), at))
            .collect();
        for (name, value) in values.iter() {
            if let Some(at) = places.get(name) {
                self.0[*at].1 = value.clone();
            } else {
                places.insert(name.clone(), self.0.len());
                self.0.push((name.clone(), value.clone()));
            }
        }
    }

    /// Takes the value of that name out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.0.iter().position(|(it, _)| it == name)?;
        Some(self.0.remove(at).1)
    }

    /// Keeps the members that fit.
    pub fn retain(&mut self, fits: impl Fn(&str, &Json) -> bool) {
        self.0.retain(|(name, value)| fits(name, value));
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = &(String, Json)> {
        self.0.iter()
    }

    /// Values in their order, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[(String, Json); N]> for Members {
    fn from(members: [(String, Json); N]) -> Self {
        Self(members.into())
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        if self.0.len() != other.0.len() {
            return false;
        }
        if self.0.len() < MANY {
            let mut members = self.iter();
            return members.all(|(name, value)| other.get(name) == Some(value));
        }
        let others: HashMap<_, _> = other.iter().map(|it| (&it.0, &it.1)).collect();
        let mut members = self.iter();
        members.all(|(name, value)| others.get(name) == Some(&value))
    }
}

/// The names of an object's members, once there are many.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// Adds the name of the member that follows these, which none of them has.
    fn add<T, E: Error>(&mut self, name: &str, members: &[(String, T)]) -> Result<(), E> {
        let is_there = if members.len() < MANY {
            members.iter().any(|(other, _)| other == name)
        } else {
            if self.0.is_empty() {
                self.0.extend(members.iter().map(|(name, _)| name.clone()));
            }
            !self.0.insert(name.to_owned())
        };
        if is_there {
            return Err(E::custom(format!("the name {name:?} occurs twice")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json {
        Json::read(text.as_bytes()).expect("it parses")
    }

    #[test]
    fn what_was_sent_comes_back_as_it_was() {
        let text =
            r#"{"z":1.50,"a":[1e2,-0.1,12345678901234567890123],"é":"\n\"","n":null,"t":true}"#;
        assert_eq!(read(text).to_string(), text);
        assert_eq!(read(" { \"a\" : [ ] } ").to_string(), r#"{"a":[]}"#);
    }

    #[test]
    fn order_and_notation_make_no_difference() {
        assert_eq!(read(r#"{"a":1,"b":2}"#), read(r#"{"b":2.0,"a":1e0}"#));
        assert_ne!(read(r#"{"a":1}"#), read(r#"{"a":1,"b":2}"#));
        assert_ne!(read("[1,2]"), read("[2,1]"));
        assert_ne!(read("\"1\""), read("1"));
    }

    #[test]
    fn a_name_twice_is_found_among_many() {
        for many in [MANY - 1, MANY, 2 * MANY] {
            let members: Vec<_> = (0..many).map(|n| format!("\"{n}\":{n}")).collect();
            for twice in 0..many {
                let text = format!("{{{},\"{twice}\":0}}", members.join(","));
                assert!(Json::read(text.as_bytes()).is_err(), "{text}");
            }
            let mut back = members.clone();
            back.reverse();
            let [there, back] = [members, back].map(|it| read(&format!("{{{}}}", it.join(","))));
            assert_eq!(there, back);
        }
    }

    #[test]
    fn many_names_are_read_compared_and_merged_at_once() {
        let members: Vec<_> = (0..300_000).map(|n| format!("\"{n}\":{n}")).collect();
        let text = format!("{{{}}}", members.join(","));
        let begun = std::time::Instant::now();
        let (a, b) = (read(&text), read(&text));
        assert_eq!(a, b);
        let mut both = Members::default();
        both.set_all(a.members().expect("an object"));
        both.set_all(b.members().expect("an object"));
        assert_eq!(Json::Object(both), a);
        // Each name against each other would take minutes.
        assert!(begun.elapsed() < std::time::Duration::from_secs(20));
    }

    #[test]
    fn a_name_twice_and_bottomless_nesting_are_refused() {
        let twice = Json::read(br#"{"a":{"b":1,"b":1}}"#).expect_err("twice");
        assert!(twice.to_string().contains("\"b\" occurs twice"), "{twice}");
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(Json::read(deep.as_bytes()).is_err());
        for wrong in ["", "{", "{'a':1}", "{\"a\":1}x", "01", "nul", "\u{feff}{}"] {
            assert!(Json::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(Json::read(b"\"\xff\"").is_err());
    }
}
