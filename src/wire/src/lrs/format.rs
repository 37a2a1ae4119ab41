//! How much of a statement is shown: all of it, ids alone, or one language of what is known.

use std::collections::BTreeMap;

use super::{Json, Languages, Members};

/// How statements are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As they were sent.
    #[default]
    Exact,
    /// Only what identifies agents, verbs and activities.
    Ids,
    /// With what is known of activities, in one language.
    Canonical,
}

/// Leaves only what identifies agents, verbs and activities.
pub fn ids_only(statement: &mut Json) {
    walk(statement, &mut |part| match part {
        Part::Actor(actor) => identify(actor),
        Part::Verb(verb) => verb.retain(|name, _| name == "id"),
        Part::Activity(activity) => activity.retain(|name, _| name == "id"),
    });
}

fn identify(actor: &mut Members) {
    const KEPT: [&str; 5] = ["objectType", "mbox", "mbox_sha1sum", "openid", "account"];
    let is_identified = KEPT[1..].iter().any(|name| actor.get(name).is_some());
    actor.retain(|name, _| KEPT.contains(&name) || (name == "member" && !is_identified));
    for member in actor.get_mut("member").map_or(&mut [][..], Json::items_mut) {
        if let Some(member) = member.members_mut() {
            identify(member);
        }
    }
}

/// What is known of activities, and in which languages it is wanted.
#[derive(Debug, Clone, Default)]
pub struct Canonical {
    /// The languages of whoever reads.
    pub languages: Languages,
    /// Definitions by the IRIs of their activities.
    pub definitions: BTreeMap<String, Json>,
}

impl Canonical {
    /// Shows what is known of the statement's activities, in one language.
    pub fn show(&self, statement: &mut Json) {
        walk(statement, &mut |part| match part {
            Part::Actor(_) => {}
            Part::Verb(verb) => {
                if let Some(display) = verb.get_mut("display") {
                    self.languages.narrow(display);
                }
            }
            Part::Activity(activity) => {
                let known = activity.get("id").and_then(Json::as_text);
                if let Some(known) = known.and_then(|id| self.definitions.get(id)) {
                    activity.set("definition", known.clone());
                }
                if let Some(Json::Object(definition)) = activity.get_mut("definition") {
                    self.narrow(definition);
                }
            }
        });
    }

    fn narrow(&self, definition: &mut Members) {
        for name in ["name", "description"] {
            if let Some(map) = definition.get_mut(name) {
                self.languages.narrow(map);
            }
        }
        for name in ["choices", "scale", "source", "target", "steps"] {
            let components = definition.get_mut(name);
            for component in components.map_or(&mut [][..], Json::items_mut) {
                if let Some(map) = component.get_mut(&["description"]) {
                    self.languages.narrow(map);
                }
            }
        }
    }
}

/// A part of a statement that is shown in one way or another.
enum Part<'a> {
    Actor(&'a mut Members),
    Verb(&'a mut Members),
    Activity(&'a mut Members),
}

fn walk(statement: &mut Json, show: &mut impl FnMut(Part<'_>)) {
    for name in ["actor", "authority"] {
        if let Some(Json::Object(actor)) = statement.get_mut(&[name]) {
            show(Part::Actor(actor));
        }
    }
    if let Some(Json::Object(verb)) = statement.get_mut(&["verb"]) {
        show(Part::Verb(verb));
    }
    if let Some(object) = statement.get_mut(&["object"]) {
        let kind = object.text_at(&["objectType"]).map(str::to_owned);
        match (kind.as_deref(), object) {
            (Some("SubStatement"), sub) => walk(sub, show),
            (Some("Agent" | "Group"), Json::Object(actor)) => show(Part::Actor(actor)),
            (None | Some("Activity"), Json::Object(activity)) => show(Part::Activity(activity)),
            _ => {}
        }
    }
    for path in [["context", "instructor"], ["context", "team"]] {
        if let Some(Json::Object(actor)) = statement.get_mut(&path) {
            show(Part::Actor(actor));
        }
    }
    for (list, who) in [("contextAgents", "agent"), ("contextGroups", "group")] {
        let list = statement.get_mut(&["context", list]);
        for item in list.map_or(&mut [][..], Json::items_mut) {
            if let Some(Json::Object(actor)) = item.get_mut(&[who]) {
                show(Part::Actor(actor));
            }
        }
    }
    if let Some(Json::Object(kinds)) = statement.get_mut(&["context", "contextActivities"]) {
        for activities in kinds.values_mut() {
            for activity in activities.items_mut() {
                if let Some(activity) = activity.members_mut() {
                    show(Part::Activity(activity));
                }
            }
        }
    }
}
