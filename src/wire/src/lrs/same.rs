//! Whether two statements are one and the same, as xAPI compares them.

use super::{
    Json, Members, XapiVersion, agent::settled as settled_identifier, moment::Moment,
    span::to_hundredths,
};

/// Whether two statements say the same: apart from what a record store adds, from when they
/// happened if only one says so, from what words stand for verbs and activities, and from
/// attachments.
#[must_use]
pub fn same(a: &Json, b: &Json, version: XapiVersion) -> bool {
    let when = |statement: &Json| {
        let text = statement.text_at(&["timestamp"])?;
        Moment::read(text)
    };
    let moments_differ = matches!((when(a), when(b)), (Some(a), Some(b)) if a != b);
    !moments_differ && settled(a, version) == settled(b, version)
}

/// The part of a statement that is compared, in one way of writing.
#[must_use]
pub fn settled(statement: &Json, version: XapiVersion) -> Json {
    let mut settled = statement.clone();
    if let Some(members) = settled.members_mut() {
        for assigned in [
            "id",
            "authority",
            "stored",
            "timestamp",
            "version",
            "attachments",
        ] {
            members.remove(assigned);
        }
        said(members, version);
    }
    settled
}

fn said(members: &mut Members, version: XapiVersion) {
    if let Some(it) = members.get_mut("actor") {
        actor(it);
    }
    if let Some(Json::Object(verb)) = members.get_mut("verb") {
        verb.remove("display");
    }
    if let Some(it) = members.get_mut("object") {
        object(it, version);
    }
    if let Some(Json::Object(result)) = members.get_mut("result")
        && let Some(Json::Text(duration)) = result.get_mut("duration")
        && version == XapiVersion::Two
    {
        *duration = to_hundredths(duration);
    }
    if let Some(Json::Object(it)) = members.get_mut("context") {
        context(it);
    }
}

fn object(object: &mut Json, version: XapiVersion) {
    let Some(members) = object.members_mut() else {
        return;
    };
    match members.get("objectType").and_then(Json::as_text) {
        None | Some("Activity") => activity(object),
        // An object that is an agent has to say so, and goes on saying it.
        Some("Agent" | "Group") => who(members),
        Some("SubStatement") => {
            members.remove("attachments");
            if let Some(Json::Text(at)) = members.get_mut("timestamp")
                && let Some(moment) = Moment::read(at)
            {
                *at = moment.to_string();
            }
            said(members, version);
        }
        Some(_) => lower(members, "id"),
    }
}

fn activity(activity: &mut Json) {
    if let Some(members) = activity.members_mut() {
        members.retain(|name, _| name == "id");
    }
}

fn actor(actor: &mut Json) {
    let Some(members) = actor.members_mut() else {
        return;
    };
    if members.get("objectType").and_then(Json::as_text) != Some("Group") {
        members.remove("objectType");
    }
    who(members);
}

fn who(members: &mut Members) {
    for kind in ["mbox", "mbox_sha1sum"] {
        if let Some(Json::Text(text)) = members.get_mut(kind) {
            *text = settled_identifier(kind, text);
        }
    }
    if let Some(Json::List(member)) = members.get_mut("member") {
        member.iter_mut().for_each(actor);
        member.sort_by_cached_key(Json::to_string);
    }
}

fn context(context: &mut Members) {
    lower(context, "registration");
    for name in ["instructor", "team"] {
        if let Some(it) = context.get_mut(name) {
            actor(it);
        }
    }
    if let Some(Json::Object(reference)) = context.get_mut("statement") {
        lower(reference, "id");
    }
    if let Some(Json::Object(kinds)) = context.get_mut("contextActivities") {
        for activities in kinds.values_mut() {
            match activities {
                Json::List(list) => list.iter_mut().for_each(activity),
                one => {
                    activity(one);
                    *one = Json::List(vec![one.clone()]);
                }
            }
        }
    }
    for (list, who) in [("contextAgents", "agent"), ("contextGroups", "group")] {
        for item in context.get_mut(list).map_or(&mut [][..], Json::items_mut) {
            if let Some(it) = item.get_mut(&[who]) {
                actor(it);
            }
        }
    }
}

fn lower(members: &mut Members, name: &str) {
    if let Some(Json::Text(id)) = members.get_mut(name) {
        id.make_ascii_lowercase();
    }
}
