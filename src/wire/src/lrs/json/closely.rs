//! JSON that is read level by level: slower, but of whatever numbers, and it is told what is wrong.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{DEPTH, Json, JsonError, Members, Names};

/// Reads a whole text.
pub(super) fn read(text: &[u8]) -> Result<Json, JsonError> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(|e| JsonError(e.to_string()))?;
    of(raw, 0)
}

fn of(raw: &RawValue, depth: usize) -> Result<Json, JsonError> {
    let wrong = |error: serde_json::Error| JsonError(error.to_string());
    let text = raw.get();
    if depth > DEPTH {
        return Err(JsonError(format!("it is nested deeper than {DEPTH}")));
    }
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Raws(members) = serde_json::from_str(text).map_err(wrong)?;
            let mut read = Vec::with_capacity(members.len());
            for (name, raw) in members {
                read.push((name, of(raw, depth + 1)?));
            }
            Json::Object(Members(read))
        }
        Some(b'[') => {
            let raws: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
            let read = raws.into_iter().map(|raw| of(raw, depth + 1));
            Json::List(read.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Json::Text(serde_json::from_str(text).map_err(wrong)?),
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') => Json::Null,
        _ => Json::Number(text.to_owned()),
    })
}

/// An object whose values have not been looked into.
struct Raws<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Raws<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Raws<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raws<'de>, A::Error> {
                let (mut members, mut names) = (Vec::new(), Names::default());
                while let Some((name, value)) = map.next_entry::<String, _>()? {
                    names.add(&name, &members)?;
                    members.push((name, value));
                }
                Ok(Raws(members))
            }
        }
        from.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::straight, *};

    /// Texts of JSON, as people and machines write it.
    fn texts() -> impl Strategy<Value = String> {
        let strings = || r#""([a-z0-9\[{:,. -]|\\["\\/nt]|\\u00e9|\\u002d|é|中)*""#;
        let numbers = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?";
        let words = prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned);
        let leaves = prop_oneof![strings(), numbers, words];
        leaves.prop_recursive(6, 60, 6, move |inner| {
            let lists = prop::collection::vec(inner.clone(), 0..6);
            let members = prop::collection::btree_map(strings(), inner, 0..6);
            let objects = members.prop_map(|members| {
                let members = members.into_iter();
                let members: Vec<_> = members.map(|(name, it)| format!("{name} :{it}")).collect();
                format!("{{ {} }}", members.join(","))
            });
            prop_oneof![
                lists.prop_map(|items| format!("[{}]", items.join(", "))),
                objects
            ]
        })
    }

    proptest! {
        #[test]
        fn in_one_go_the_same_is_read(text in texts()) {
            match (straight::read(&text), read(text.as_bytes())) {
                (Some(straight), Ok(closely)) => {
                    prop_assert_eq!(straight.to_string(), closely.to_string());
                }
                // Two ways to write the same name.
                (None, Err(_)) => {}
                (straight, closely) => prop_assert!(false, "{:?}, {:?}", straight, closely),
            }
        }
    }

    #[test]
    fn a_number_that_nobody_can_reckon_with_is_kept() {
        assert!(straight::read("[1e999]").is_none());
        let read = Json::read(b"[1e999]").expect("it parses");
        assert_eq!(read.to_string(), "[1e999]");
    }
}
