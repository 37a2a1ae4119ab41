//! Documents: what a POST does to one that is there already, and what is known of an activity once
//! another statement defines it.

use super::Json;

/// Why two documents cannot be made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Merge {
    /// One of the two is not said to be JSON.
    #[error("a document can only be merged if both are application/json; use PUT to replace it")]
    NotJson,
    /// What is there is no object.
    #[error("the document that is there is no JSON object; use PUT to replace it")]
    OldNoObject,
    /// What was sent is no object.
    #[error("the document that was sent is no JSON object")]
    NewNoObject,
}

/// The members of `old` with those of `new` in their places or at the end. Only the outermost
/// members are merged.
pub fn merged(old: &[u8], new: &[u8]) -> Result<Vec<u8>, Merge> {
    let Ok(Json::Object(new)) = Json::read(new) else {
        return Err(Merge::NewNoObject);
    };
    let Ok(Json::Object(mut old)) = Json::read(old) else {
        return Err(Merge::OldNoObject);
    };
    old.set_all(&new);
    Ok(Json::Object(old).to_string().into_bytes())
}

/// What is known of an activity once a statement has defined it: words of other languages and other
/// extensions stay, everything else is what was told last.
#[must_use]
pub fn defined(known: Option<&Json>, told: &Json) -> Json {
    let (Some(Json::Object(known)), Json::Object(told)) = (known, told) else {
        return told.clone();
    };
    let mut now = known.clone();
    for (name, value) in told.iter() {
        let grows = ["name", "description", "extensions"].contains(&name.as_str());
        match (now.get_mut(name), value) {
            (Some(Json::Object(there)), Json::Object(new)) if grows => there.set_all(new),
            _ => now.set(name, value.clone()),
        }
    }
    Json::Object(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_grows_by_languages() {
        let json = |text: &str| Json::read(text.as_bytes()).expect("it parses");
        let known = json(r#"{"name":{"en":"a"},"type":"http://t/1"}"#);
        let told = json(r#"{"name":{"zh-Hans":"b"},"type":"http://t/2"}"#);
        let now = json(r#"{"name":{"en":"a","zh-Hans":"b"},"type":"http://t/2"}"#);
        assert_eq!(defined(Some(&known), &told), now);
        assert_eq!(defined(None, &told), told);
    }

    #[test]
    fn members_are_replaced_whole_and_the_rest_stays() {
        let made = merged(br#"{"a":{"x":1},"b":2}"#, br#"{"a":{"y":3},"c":[]}"#).expect("objects");
        assert_eq!(
            String::from_utf8_lossy(&made),
            r#"{"a":{"y":3},"b":2,"c":[]}"#
        );
        assert_eq!(merged(b"[]", b"{}"), Err(Merge::OldNoObject));
        assert_eq!(merged(b"{}", b"[]"), Err(Merge::NewNoObject));
        assert_eq!(merged(b"{}", b"{"), Err(Merge::NewNoObject));
    }
}
