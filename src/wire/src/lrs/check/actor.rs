//! Agents and groups.

use super::fields;
use crate::lrs::{
    Json,
    flaw::{Flaw, Spot},
    value,
};

/// The properties that identify, each in its own way.
const IDENTIFIERS: [&str; 4] = ["mbox", "mbox_sha1sum", "openid", "account"];

/// An agent, or a group if it says so.
pub(in crate::lrs) fn actor(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    match json.get(&["objectType"]).map(Json::as_text) {
        None | Some(Some("Agent")) => agent(json, at),
        Some(Some("Group")) => group(json, at),
        Some(_) => Err(at
            .member("objectType")
            .flaw("is neither \"Agent\" nor \"Group\"")),
    }
}

pub(super) fn agent(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    if !matches!(json.text_at(&["objectType"]), None | Some("Agent")) {
        return Err(at.member("objectType").flaw("is not \"Agent\""));
    }
    let known = [
        "objectType",
        "name",
        "mbox",
        "mbox_sha1sum",
        "openid",
        "account",
    ];
    match identifiers(json, at, &known)? {
        1 => Ok(()),
        0 => Err(at.flaw("has none of mbox, mbox_sha1sum, openid and account")),
        _ => Err(at.flaw("has more than one of mbox, mbox_sha1sum, openid and account")),
    }
}

pub(super) fn group(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let known = [
        "objectType",
        "name",
        "member",
        "mbox",
        "mbox_sha1sum",
        "openid",
        "account",
    ];
    if json.text_at(&["objectType"]) != Some("Group") {
        return Err(at.member("objectType").flaw("is not \"Group\""));
    }
    let identifiers = identifiers(json, at, &known)?;
    let member = json.get(&["member"]);
    if let Some(member) = member {
        value::list(member, &at.member("member"), agent)?;
    }
    let has_members = member.is_some_and(|member| !member.items().is_empty());
    match identifiers {
        0 if !has_members => {
            Err(at.flaw("is a group with neither an identifier nor a single member"))
        }
        0 | 1 => Ok(()),
        _ => Err(at.flaw("has more than one of mbox, mbox_sha1sum, openid and account")),
    }
}

/// Who vouches: an agent, or a group of exactly two, an application and a user.
pub(super) fn authority(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    actor(json, at)?;
    if json.text_at(&["objectType"]) != Some("Group") {
        return Ok(());
    }
    let is_pair = json
        .get(&["member"])
        .is_some_and(|member| member.items().len() == 2);
    let is_anonymous = IDENTIFIERS.iter().all(|name| json.get(&[name]).is_none());
    if is_pair && is_anonymous {
        Ok(())
    } else {
        Err(at.flaw("is a group, but not one of two members and without an identifier"))
    }
}

/// Checks an agent or group and counts its identifiers.
fn identifiers(json: &Json, at: &Spot<'_>, known: &[&str]) -> Result<usize, Flaw> {
    let fields = fields(json, at, known)?
        .may("objectType", value::string)?
        .may("name", value::string)?
        .may("mbox", value::mail)?
        .may("mbox_sha1sum", value::sha1)?
        .may("openid", value::iri)?
        .may("account", account)?;
    Ok(IDENTIFIERS.iter().filter(|name| fields.has(name)).count())
}

fn account(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    fields(json, at, &["homePage", "name"])?
        .must("homePage", value::iri)?
        .must("name", value::string)
        .map(drop)
}
