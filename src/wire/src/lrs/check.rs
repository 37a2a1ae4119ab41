//! What a statement must look like: every property, wherever it stands.

mod activity;
mod actor;
mod attachment;
mod context;
mod result;

pub(super) use actor::actor;

use super::{
    Json, Members, VOIDED, XapiVersion,
    flaw::{Flaw, Spot},
    value,
};

/// An object whose members are all known and none of which is null.
#[derive(Clone, Copy)]
struct Fields<'a> {
    members: &'a Members,
    at: &'a Spot<'a>,
}

fn fields<'a>(json: &'a Json, at: &'a Spot<'a>, known: &[&str]) -> Result<Fields<'a>, Flaw> {
    let members = json.members().ok_or_else(|| at.flaw("is not an object"))?;
    for (name, value) in members.iter() {
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(at.member(name).flaw(format!(
                "is no property of this object; it may have {known}"
            )));
        }
        if matches!(value, Json::Null) {
            return Err(at.member(name).flaw("is null; leave it out instead"));
        }
    }
    Ok(Fields { members, at })
}

impl<'a> Fields<'a> {
    fn may(
        self,
        name: &str,
        fits: impl Fn(&'a Json, &Spot<'_>) -> Result<(), Flaw>,
    ) -> Result<Self, Flaw> {
        match self.members.get(name) {
            None => Ok(self),
            Some(value) => fits(value, &self.at.member(name)).map(|()| self),
        }
    }

    fn must(
        self,
        name: &str,
        fits: impl Fn(&'a Json, &Spot<'_>) -> Result<(), Flaw>,
    ) -> Result<Self, Flaw> {
        if self.members.get(name).is_none() {
            return Err(self.at.member(name).flaw("is missing"));
        }
        self.may(name, fits)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.members.get(name)?.as_text()
    }

    fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some()
    }
}

/// Checks a whole statement.
pub(super) fn statement(json: &Json, at: &Spot<'_>, version: XapiVersion) -> Result<(), Flaw> {
    const KNOWN: &[&str] = &[
        "id",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "stored",
        "authority",
        "version",
        "attachments",
    ];
    let fields = fields(json, at, KNOWN)?
        .may("id", value::id)?
        .may("stored", value::moment)?
        .may("authority", actor::authority)?
        .may("version", |json, at| named_version(json, at, version))?;
    said(fields, version, true)
}

/// What a statement and a sub-statement have in common.
fn said(fields: Fields<'_>, version: XapiVersion, is_whole: bool) -> Result<(), Flaw> {
    fields
        .must("actor", actor)?
        .must("verb", verb)?
        .must("object", |json, at| object(json, at, version, is_whole))?
        .may("result", result::result)?
        .may("context", |json, at| context::context(json, at, version))?
        .may("timestamp", value::moment)?
        .may("attachments", |json, at| {
            value::list(json, at, attachment::attachment)
        })?;
    let object = fields.members.get("object");
    let kind = object.and_then(|object| object.text_at(&["objectType"]));
    let verb = fields
        .members
        .get("verb")
        .and_then(|verb| verb.text_at(&["id"]));
    if verb == Some(VOIDED) && kind != Some("StatementRef") {
        let at = fields.at.member("object");
        return Err(at.flaw("must be a StatementRef, since the verb is \"voided\""));
    }
    if !matches!(kind, None | Some("Activity"))
        && let Some(context) = fields.members.get("context")
    {
        for name in ["revision", "platform"] {
            if context.get(&[name]).is_some() {
                let context = fields.at.member("context");
                let at = context.member(name);
                return Err(at.flaw("may be given only where the object is an Activity"));
            }
        }
    }
    Ok(())
}

fn verb(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    fields(json, at, &["id", "display"])?
        .must("id", value::iri)?
        .may("display", value::language_map)
        .map(drop)
}

fn object(json: &Json, at: &Spot<'_>, version: XapiVersion, is_whole: bool) -> Result<(), Flaw> {
    let kind = json.get(&["objectType"]).map(Json::as_text);
    match kind {
        None | Some(Some("Activity")) => activity::activity(json, at),
        Some(Some("Agent" | "Group")) => actor(json, at),
        Some(Some("StatementRef")) => context::reference(json, at),
        Some(Some("SubStatement")) if is_whole => sub_statement(json, at, version),
        Some(Some("SubStatement")) => Err(at.flaw("is a SubStatement within a SubStatement")),
        Some(_) => Err(at.member("objectType").flaw(
            "is none of \"Activity\", \"Agent\", \"Group\", \"StatementRef\", \"SubStatement\"",
        )),
    }
}

fn sub_statement(json: &Json, at: &Spot<'_>, version: XapiVersion) -> Result<(), Flaw> {
    const KNOWN: &[&str] = &[
        "objectType",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "attachments",
    ];
    said(fields(json, at, KNOWN)?, version, false)
}

fn named_version(json: &Json, at: &Spot<'_>, spoken: XapiVersion) -> Result<(), Flaw> {
    let text = value::text(json, at)?;
    match (XapiVersion::named(text), spoken) {
        (Some(XapiVersion::Two), XapiVersion::One) => {
            Err(at.flaw("is 2.0, but the request speaks 1.0"))
        }
        (Some(_), _) => Ok(()),
        (None, _) => Err(at.flaw("is neither a version 1.0.x nor 2.0.x")),
    }
}
