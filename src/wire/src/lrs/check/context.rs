//! Contexts and references to other statements.

use super::{
    activity::activity,
    actor::{actor, agent, group},
    fields,
};
use crate::lrs::{
    Json, XapiVersion,
    flaw::{Flaw, Spot},
    value,
};

pub(super) fn context(json: &Json, at: &Spot<'_>, version: XapiVersion) -> Result<(), Flaw> {
    let mut known = vec![
        "registration",
        "instructor",
        "team",
        "contextActivities",
        "revision",
        "platform",
        "language",
        "statement",
        "extensions",
    ];
    if version == XapiVersion::Two {
        known.extend(["contextAgents", "contextGroups"]);
    }
    fields(json, at, &known)?
        .may("registration", value::id)?
        .may("instructor", actor)?
        .may("team", group)?
        .may("contextActivities", activities)?
        .may("revision", value::string)?
        .may("platform", value::string)?
        .may("language", value::language)?
        .may("statement", reference)?
        .may("extensions", value::extensions)?
        .may("contextAgents", |json, at| {
            value::list(json, at, |json, at| {
                relevant(json, at, "contextAgent", "agent", agent)
            })
        })?
        .may("contextGroups", |json, at| {
            value::list(json, at, |json, at| {
                relevant(json, at, "contextGroup", "group", group)
            })
        })
        .map(drop)
}

/// One activity, which 1.0 had before arrays, or an array of them.
fn activities(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let known = ["parent", "grouping", "category", "other"];
    let fields = fields(json, at, &known)?;
    for name in known {
        fields.may(name, |json, at| match json {
            Json::List(_) => value::list(json, at, activity),
            one => activity(one, at),
        })?;
    }
    Ok(())
}

/// Somebody who is part of the context, and in what ways.
fn relevant(
    json: &Json,
    at: &Spot<'_>,
    kind: &str,
    who: &str,
    fits: impl Fn(&Json, &Spot<'_>) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    let fields = fields(json, at, &["objectType", who, "relevantTypes"])?
        .must("objectType", value::string)?
        .must(who, fits)?
        .may("relevantTypes", |json, at| {
            value::list(json, at, value::iri)?;
            if json.items().is_empty() {
                return Err(at.flaw("is empty; leave it out instead"));
            }
            Ok(())
        })?;
    if fields.text("objectType") == Some(kind) {
        Ok(())
    } else {
        Err(at.member("objectType").flaw(format!("is not {kind:?}")))
    }
}

pub(super) fn reference(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let fields = fields(json, at, &["objectType", "id"])?
        .must("objectType", value::string)?
        .must("id", value::id)?;
    if fields.text("objectType") == Some("StatementRef") {
        Ok(())
    } else {
        Err(at.member("objectType").flaw("is not \"StatementRef\""))
    }
}
