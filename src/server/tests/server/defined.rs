//! The rules that cmi5 has for the statements that it defines itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::system::Session;

const MASTERY: &str = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
const CMI5: &str = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
pub(crate) const MOVE_ON: &str = "https://w3id.org/xapi/cmi5/context/categories/moveon";

/// The rule that a statement of those that cmi5 defines breaks, if any; `in_registration` are the verbs
/// that were told in any session.
pub(crate) fn breach_of_defined(
    statement: &Value,
    activity: &str,
    session: &Session,
    in_registration: &[String],
) -> Option<&'static str> {
    let verb = verb(Some(statement));
    let is = |what: &str| verb == what;
    let ever = |what: &str| in_registration.iter().any(|it| it == what);
    let happened: BTreeSet<_> = session.told.iter().map(|it| self::verb(Some(it))).collect();
    let (result, context) = (&statement["result"], &statement["context"]);
    if statement["object"]["id"] != json!(activity) {
        return Some("9.4 the object is not the unit");
    }
    if happened.contains(&verb) {
        return Some("9.3 a verb is used twice");
    }
    let judged = ["passed", "failed"];
    if judged.contains(&&*verb) && judged.iter().any(|it| happened.contains(*it)) {
        return Some("9.3 passed and failed in one session");
    }
    if (is("completed") && ever("completed")) || (judged.contains(&&*verb) && ever("passed")) {
        return Some("9.3 told already in this registration");
    }
    if session.mode != "Normal" && !is("initialized") && !is("terminated") {
        return Some("10.2.2 nothing else is told in this mode");
    }
    if !["initialized", "completed", "passed", "failed", "terminated"].contains(&&*verb) {
        return Some("7.1.3 this verb is not cmi5's");
    }
    if result.get("duration").is_none() && !is("initialized") {
        return Some("9.5.4.1 the duration is missing");
    }
    let success = match &*verb {
        "passed" => Some(&json!(true)) == result.get("success"),
        "failed" => Some(&json!(false)) == result.get("success"),
        _ => result.get("success").is_none(),
    };
    let completion = match &*verb {
        "completed" => Some(&json!(true)) == result.get("completion"),
        _ => result.get("completion").is_none(),
    };
    if !success || !completion {
        return Some("9.5.2, 9.5.3 success or completion is wrong");
    }
    let decides = result.get("success").is_some() || result.get("completion").is_some();
    if ids(context, "category").contains(MOVE_ON) != decides {
        return Some("9.6.2.2 the category moveon is wrong");
    }
    if !judged.contains(&&*verb) {
        return result
            .get("score")
            .is_some()
            .then_some("9.5.1 a score is where none may be");
    }
    let score = &result["score"];
    if score.get("raw").is_some() && (score.get("min").is_none() || score.get("max").is_none()) {
        return Some("9.5.1 raw marks are without their bounds");
    }
    let scaled = score["scaled"].as_f64();
    let mastery = session.mastery;
    if let (Some(scaled), Some(mastery)) = (scaled, mastery)
        && (scaled >= mastery) != is("passed")
    {
        return Some("9.3.4, 9.3.5 the verb does not follow from the mastery score");
    }
    if context["extensions"].get(MASTERY) != mastery.map(|it| json!(it)).as_ref() {
        return Some("9.6.3.2 the mastery score is missing");
    }
    None
}

/// The ids of the activities in a list of a context.
pub(crate) fn ids(context: &Value, list: &str) -> BTreeSet<String> {
    let list = context["contextActivities"][list].as_array().cloned();
    let ids = list.unwrap_or_default().into_iter();
    ids.filter_map(|it| it["id"].as_str().map(str::to_owned))
        .collect()
}

pub(crate) fn verb(statement: Option<&Value>) -> String {
    let verb = statement
        .and_then(|it| it["verb"]["id"].as_str())
        .unwrap_or_default();
    verb.rsplit('/').next().unwrap_or_default().to_owned()
}

pub(crate) fn is_defined(statement: &Value) -> bool {
    let categories = statement["context"]["contextActivities"]["category"].as_array();
    categories.is_some_and(|them| them.iter().any(|it| it["id"] == CMI5))
}
