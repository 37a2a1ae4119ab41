//! Who somebody is: the one property that identifies an agent or a group.

use super::{Flaw, Json, check, flaw::Spot};

/// The identity of an agent or identified group as one text. Two are the same if and only if these
/// texts are equal. An anonymous group has none.
#[must_use]
pub fn identity(actor: &Json) -> Option<String> {
    for kind in ["mbox", "mbox_sha1sum", "openid"] {
        if let Some(text) = actor.text_at(&[kind]) {
            return Some(format!("{kind} {}", settled(kind, text)));
        }
    }
    let account = actor.get(&["account"])?;
    let (page, name) = (account.text_at(&["homePage"])?, account.text_at(&["name"])?);
    Some(identity_of(page, name))
}

/// The identity of whoever has an account. IRIs have no blanks, so the two texts stay apart.
#[must_use]
pub fn identity_of(home_page: &str, name: &str) -> String {
    format!("account {home_page} {name}")
}

/// An identifier in the one way of writing that it is compared in: the domain of an address and the
/// digits of a sum know no case.
pub(super) fn settled(kind: &str, text: &str) -> String {
    match kind {
        "mbox" => match text.rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
            None => text.to_owned(),
        },
        "mbox_sha1sum" => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    }
}

/// Reads the agent that a request names in a parameter.
pub fn agent_parameter(name: &str, text: &str) -> Result<Json, Flaw> {
    let json = Json::read(text.as_bytes()).map_err(|error| Flaw::new(name, error.to_string()))?;
    check::actor(&json, &Spot::Root(name))?;
    if identity(&json).is_none() {
        return Err(Flaw::new(
            name,
            "is a group that nothing identifies, so it cannot be looked for",
        ));
    }
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str) -> Option<String> {
        identity(&Json::read(text.as_bytes()).expect("it parses"))
    }

    #[test]
    fn somebody_is_recognised_whatever_they_are_called() {
        assert_eq!(
            who(r#"{"name":"A","mbox":"mailto:a@EXAMPLE.org"}"#),
            who(r#"{"objectType":"Agent","mbox":"mailto:a@example.org","name":"B"}"#)
        );
        assert_ne!(
            who(r#"{"mbox":"mailto:A@example.org"}"#),
            who(r#"{"mbox":"mailto:a@example.org"}"#)
        );
        assert_eq!(
            who(r#"{"account":{"name":"x y","homePage":"http://h"}}"#),
            Some("account http://h x y".into())
        );
        assert_eq!(who(r#"{"objectType":"Group","member":[]}"#), None);
    }

    #[test]
    fn a_parameter_is_held_to_what_statements_are() {
        let sentence = |text: &str| {
            let flaw = agent_parameter("agent", text).expect_err(text);
            flaw.to_string()
        };
        assert!(agent_parameter("agent", r#"{"mbox":"mailto:a@b.c"}"#).is_ok());
        assert!(sentence("{").starts_with("agent: the JSON does not parse"));
        assert!(sentence(r#"{"mbox":"a@b.c"}"#).starts_with("agent/mbox: "));
        let anonymous = r#"{"objectType":"Group","member":[{"mbox":"mailto:a@b.c"}]}"#;
        assert!(sentence(anonymous).contains("nothing identifies"));
    }
}
