//! Everything known of an agent, under xAPI's name for it: a Person.

use super::Json;

/// The Person that an agent is, with every name that statements gave it.
#[must_use]
pub fn person(agent: &Json, names: Vec<String>) -> Json {
    let list = |value: Json| Json::List(vec![value]);
    let mut person = Json::object([("objectType", Json::text("Person"))]);
    if let (Some(members), Some(agent)) = (person.members_mut(), agent.members()) {
        let names: Vec<_> = names.into_iter().map(Json::Text).collect();
        if !names.is_empty() {
            members.set("name", Json::List(names));
        }
        for kind in ["mbox", "mbox_sha1sum", "openid", "account"] {
            if let Some(value) = agent.get(kind) {
                members.set(kind, list(value.clone()));
            }
        }
    }
    person
}
