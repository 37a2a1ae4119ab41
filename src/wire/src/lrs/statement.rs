//! Statements as they are submitted: read, checked and brought into the form they are kept in.

use uuid::Uuid;

use super::{
    Flaw, Json, XapiVersion, check, flaw::Spot, mentions, moment::Moment, same::same, value::uuid,
};

/// The verb of statements that take another one back.
pub const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";

/// A statement that somebody submitted. What a record store says itself of a statement (`stored`,
/// `authority`, `version`) is not in its JSON.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its id, if it has one.
    pub id: Option<Uuid>,
    /// The version of xAPI that it says it is of.
    pub version: String,
    json: Json,
    /// Whether its timestamp is ours and not the sender's.
    is_dated_here: bool,
}

impl Submitted {
    /// Reads one statement, or an array of them: the body of a POST.
    pub fn all(body: &[u8], version: XapiVersion) -> Result<Vec<Self>, Flaw> {
        let root = Spot::Root("");
        match Json::read(body).map_err(|error| root.flaw(error.to_string()))? {
            Json::List(items) => {
                let read = |(n, item)| Self::checked(item, &root.item(n), version);
                items.into_iter().enumerate().map(read).collect()
            }
            one => Ok(vec![Self::checked(one, &root, version)?]),
        }
    }

    /// Reads exactly one statement: the body of a PUT.
    pub fn one(body: &[u8], version: XapiVersion) -> Result<Self, Flaw> {
        let root = Spot::Root("");
        let json = Json::read(body).map_err(|error| root.flaw(error.to_string()))?;
        Self::checked(json, &root, version)
    }

    fn checked(mut json: Json, at: &Spot<'_>, version: XapiVersion) -> Result<Self, Flaw> {
        check::statement(&json, at, version)?;
        bring_into_form(&mut json, version);
        if let Some(Json::Object(sub)) = json.get_mut(&["object"])
            && sub.get("objectType").and_then(Json::as_text) == Some("SubStatement")
        {
            let mut object = Json::Object(std::mem::take(sub));
            bring_into_form(&mut object, version);
            if let Some(members) = json.members_mut() {
                members.set("object", object);
            }
        }
        let named = json.text_at(&["version"]);
        let named = named.unwrap_or(version.of_silent_statements()).to_owned();
        let id = json.text_at(&["id"]).and_then(uuid);
        if let Some(members) = json.members_mut() {
            for name in ["stored", "authority", "version"] {
                members.remove(name);
            }
        }
        let mut submitted = Self {
            id: None,
            version: named,
            json,
            is_dated_here: false,
        };
        if let Some(id) = id {
            submitted.set_id(id);
        }
        Ok(submitted)
    }

    /// Gives it an id.
    pub fn set_id(&mut self, id: Uuid) {
        self.id = Some(id);
        if let Some(members) = self.json.members_mut() {
            members.set("id", Json::text(id.to_string()));
        }
    }

    /// Gives it the time at which it was stored, unless it says itself when it happened.
    pub fn set_timestamp(&mut self, stored: Moment) {
        if let Some(members) = self.json.members_mut()
            && members.get("timestamp").is_none()
        {
            members.set("timestamp", Json::text(stored.to_string()));
            self.is_dated_here = true;
        }
    }

    /// Whether it says the same as a statement that is stored.
    #[must_use]
    pub fn is_same_as(&self, stored: &Json, version: XapiVersion) -> bool {
        let mut sent = self.json.clone();
        if let Some(members) = sent.members_mut()
            && self.is_dated_here
        {
            members.remove("timestamp");
        }
        same(stored, &sent, version)
    }

    /// The statement.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }
}

/// Makes arrays of single context activities, and in xAPI 2.0 UTC of every timestamp.
fn bring_into_form(json: &mut Json, version: XapiVersion) {
    if let Some(Json::Object(kinds)) = json.get_mut(&["context", "contextActivities"]) {
        for activities in kinds.values_mut() {
            if matches!(activities, Json::Object(_)) {
                *activities = Json::List(vec![std::mem::replace(activities, Json::Null)]);
            }
        }
    }
    if version == XapiVersion::Two
        && let Some(timestamp) = json.get_mut(&["timestamp"])
        && let Some(text) = timestamp.as_text()
        && !text.ends_with(['Z', 'z'])
        && let Some(moment) = Moment::read(text)
    {
        *timestamp = Json::text(moment.to_string());
    }
}

/// Whether a statement takes another one back.
#[must_use]
pub fn is_voiding(statement: &Json) -> bool {
    statement.text_at(&["verb", "id"]) == Some(VOIDED) && mentions(statement).target.is_some()
}

/// What a statement and its sub-statement say of their attachments.
pub fn attachments(statement: &Json) -> impl Iterator<Item = &Json> {
    let of = |path: &[&str]| statement.get(path).map_or(&[][..], Json::items).iter();
    let sub = if statement.text_at(&["object", "objectType"]) == Some("SubStatement") {
        of(&["object", "attachments"])
    } else {
        [].iter()
    };
    of(&["attachments"]).chain(sub)
}
