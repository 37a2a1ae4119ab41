//! What a statement can be found by.

use super::{Json, agent::identity};

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An agent or identified group.
    Agent,
    /// An activity.
    Activity,
    /// A verb.
    Verb,
    /// A registration.
    Registration,
}

/// Something that a statement is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// What it is.
    pub kind: Kind,
    /// Its identity, IRI or UUID.
    pub name: String,
    /// Whether the statement is found by it only when related agents or activities are asked for.
    pub is_related: bool,
}

/// What a statement speaks of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mentions {
    /// What it is found by, each once.
    pub links: Vec<Link>,
    /// The activities that it defines: IRI and definition.
    pub definitions: Vec<(String, Json)>,
    /// The agents whom it names: identity and name.
    pub names: Vec<(String, String)>,
    /// The statement that is its object.
    pub target: Option<String>,
}

/// What a statement speaks of. It has been checked; its authority is not looked at.
#[must_use]
pub fn mentions(statement: &Json) -> Mentions {
    let mut found = Mentions::default();
    found.verb_and_registration(statement);
    found.said(statement, false);
    if statement.text_at(&["object", "objectType"]) == Some("StatementRef") {
        let id = statement.text_at(&["object", "id"]);
        found.target = id.map(str::to_ascii_lowercase);
    }
    found.links.sort_unstable();
    // What is found directly need not be found as related too: `false` comes first.
    found
        .links
        .dedup_by(|b, a| a.kind == b.kind && a.name == b.name);
    found.names.sort_unstable();
    found.names.dedup();
    found
}

impl Mentions {
    fn link(&mut self, kind: Kind, name: impl Into<String>, is_related: bool) {
        self.links.push(Link {
            kind,
            name: name.into(),
            is_related,
        });
    }

    fn verb_and_registration(&mut self, statement: &Json) {
        if let Some(verb) = statement.text_at(&["verb", "id"]) {
            self.link(Kind::Verb, verb, false);
        }
        if let Some(registration) = statement.text_at(&["context", "registration"]) {
            self.link(Kind::Registration, registration.to_ascii_lowercase(), false);
        }
    }

    /// What a statement says, or a sub-statement: all that is related only.
    fn said(&mut self, statement: &Json, is_related: bool) {
        if let Some(actor) = statement.get(&["actor"]) {
            self.actor(actor, is_related);
        }
        if let Some(object) = statement.get(&["object"]) {
            match object.text_at(&["objectType"]) {
                None | Some("Activity") => self.activity(object, is_related),
                Some("Agent" | "Group") => self.actor(object, is_related),
                Some("SubStatement") => self.said(object, true),
                Some(_) => {}
            }
        }
        if let Some(context) = statement.get(&["context"]) {
            self.context(context);
        }
    }

    fn context(&mut self, context: &Json) {
        for name in ["instructor", "team"] {
            if let Some(actor) = context.get(&[name]) {
                self.actor(actor, true);
            }
        }
        for (list, who) in [("contextAgents", "agent"), ("contextGroups", "group")] {
            for item in context.get(&[list]).map_or(&[][..], Json::items) {
                if let Some(actor) = item.get(&[who]) {
                    self.actor(actor, true);
                }
            }
        }
        for name in ["parent", "grouping", "category", "other"] {
            let activities = context.get(&["contextActivities", name]);
            for activity in activities.map_or(&[][..], Json::items) {
                self.activity(activity, true);
            }
        }
    }

    fn actor(&mut self, actor: &Json, is_related: bool) {
        if let Some(identity) = identity(actor) {
            if let Some(name) = actor.text_at(&["name"]) {
                self.names.push((identity.clone(), name.to_owned()));
            }
            self.link(Kind::Agent, identity, is_related);
        }
        for member in actor.get(&["member"]).map_or(&[][..], Json::items) {
            self.actor(member, is_related);
        }
    }

    fn activity(&mut self, activity: &Json, is_related: bool) {
        let Some(id) = activity.text_at(&["id"]) else {
            return;
        };
        if let Some(definition) = activity.get(&["definition"]) {
            self.definitions.push((id.to_owned(), definition.clone()));
        }
        self.link(Kind::Activity, id, is_related);
    }
}
