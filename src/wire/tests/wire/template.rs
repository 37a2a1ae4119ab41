//! A validator of statement templates and patterns, written after the xAPI Profile specification
//! (sections 8 and 9) and knowing nothing of our types.

use serde_json::Value;

/// The id of the one template that a statement follows.
#[track_caller]
pub(crate) fn followed(profile: &Value, statement: &Value) -> String {
    let templates = list_of(profile, "templates");
    let fits: Vec<_> = templates
        .iter()
        .filter(|it| breaches(it, statement).is_empty())
        .collect();
    let verb = &statement["verb"]["id"];
    let of_verb = templates.iter().filter(|it| it["verb"] == *verb);
    let why: Vec<_> = of_verb.flat_map(|it| breaches(it, statement)).collect();
    assert_eq!(fits.len(), 1, "{verb}: {why:#?}");
    fits[0]["id"].as_str().expect("an id").to_owned()
}

/// In what a statement does not follow a template.
pub(crate) fn breaches(template: &Value, statement: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for (property, path) in [
        ("verb", "$.verb.id"),
        ("objectActivityType", "$.object.definition.type"),
    ] {
        if let Some(wanted) = template.get(property)
            && found(path, statement) != [Some(wanted)]
        {
            breaches.push(format!("{property} is not {wanted}"));
        }
    }
    for (property, list) in [
        ("contextParentActivityType", "parent"),
        ("contextGroupingActivityType", "grouping"),
        ("contextCategoryActivityType", "category"),
        ("contextOtherActivityType", "other"),
    ] {
        let path = format!("$.context.contextActivities.{list}[*].definition.type");
        for wanted in list_of(template, property) {
            if !found(&path, statement).contains(&Some(wanted)) {
                breaches.push(format!("{property} lacks {wanted}"));
            }
        }
    }
    for rule in list_of(template, "rules") {
        breaches.extend(breach(rule, statement));
    }
    breaches
}

/// In what a statement does not follow a rule.
fn breach(rule: &Value, statement: &Value) -> Option<String> {
    let location = text(rule, "location");
    let mut values = found(location, statement);
    if let Some(selector) = rule.get("selector").and_then(Value::as_str) {
        values = values
            .into_iter()
            .flat_map(|value| match value.map(|value| found(selector, value)) {
                Some(selected) if !selected.is_empty() => selected,
                _ => vec![None],
            })
            .collect();
    }
    let matchable: Vec<&Value> = values.iter().copied().flatten().collect();
    let unmatchable = values.iter().any(Option::is_none);
    let presence = rule.get("presence").and_then(Value::as_str);
    match presence {
        Some("included") if matchable.is_empty() || unmatchable => {
            return Some(format!("{location} is missing"));
        }
        Some("excluded") if !matchable.is_empty() => {
            return Some(format!("{location} is there"));
        }
        Some("recommended") if matchable.is_empty() => return None,
        Some("included" | "recommended" | "excluded") | None => {}
        Some(other) => return Some(format!("the rule's presence is {other:?}")),
    }
    let wrong = |what: &str| Some(format!("{location} is {matchable:?}, {what} {rule}"));
    if let Some(any) = rule.get("any").and_then(Value::as_array)
        && !matchable.iter().any(|value| any.contains(value))
    {
        return wrong("of which none is allowed by");
    }
    if let Some(all) = rule.get("all").and_then(Value::as_array)
        && (unmatchable || !matchable.iter().all(|value| all.contains(value)))
    {
        return wrong("of which not all are allowed by");
    }
    if let Some(none) = rule.get("none").and_then(Value::as_array)
        && matchable.iter().any(|value| none.contains(value))
    {
        return wrong("of which one is forbidden by");
    }
    None
}

/// What a path of `JSONPath` finds: names, `[*]`, numbers and quoted names in brackets. What is not there where
/// an item of a list should have it is `None`.
pub(crate) fn found<'a>(path: &str, value: &'a Value) -> Vec<Option<&'a Value>> {
    let mut at = vec![Some(value)];
    let mut through_list = false;
    for step in steps(path) {
        at = at
            .into_iter()
            .flat_map(|value| match (&step, value) {
                (Step::Every, Some(Value::Array(items))) => items.iter().map(Some).collect(),
                (Step::Name(name), Some(value)) => vec![value.get(name.as_str())],
                _ => vec![None],
            })
            .collect();
        through_list |= matches!(step, Step::Every);
        if !through_list {
            at.retain(Option::is_some);
        }
    }
    // A list that is not there has no items at all.
    if at.iter().all(Option::is_none) {
        Vec::new()
    } else {
        at
    }
}

enum Step {
    Name(String),
    Every,
}

fn steps(path: &str) -> Vec<Step> {
    let mut rest = path
        .strip_prefix('$')
        .unwrap_or_else(|| panic!("{path} does not begin with $"));
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = if let Some(after) = rest.strip_prefix("[*]") {
            (Step::Every, after)
        } else if let Some(quoted) = rest.strip_prefix("['") {
            let (name, after) = quoted.split_once("']").unwrap_or_else(|| panic!("{path}"));
            (Step::Name(name.to_owned()), after)
        } else {
            let named = rest
                .strip_prefix('.')
                .unwrap_or_else(|| panic!("{path} at {rest}"));
            let end = named.find(['.', '[']).unwrap_or(named.len());
            assert!(end > 0, "{path} at {rest}");
            (Step::Name(named[..end].to_owned()), &named[end..])
        };
        steps.push(step);
        rest = after;
    }
    steps
}

/// Whether the statements, in their order, are an occurrence of the pattern `id` of a profile.
pub(crate) fn follows(profile: &Value, id: &str, statements: &[Value]) -> bool {
    ends(profile, id, statements, 0).contains(&statements.len())
}

/// Where what `id` names can end if it begins at `from`.
fn ends(profile: &Value, id: &str, statements: &[Value], from: usize) -> Vec<usize> {
    let named = |list: &str| list_of(profile, list).iter().find(|it| it["id"] == id);
    if let Some(template) = named("templates") {
        let next = statements.get(from);
        let follows = next.is_some_and(|it| breaches(template, it).is_empty());
        return if follows { vec![from + 1] } else { Vec::new() };
    }
    let pattern = named("patterns").unwrap_or_else(|| panic!("{id} is not in the profile"));
    let inner = |property: &str| text(pattern, property);
    let mut all = if pattern.get("sequence").is_some() {
        let parts = list_of(pattern, "sequence")
            .iter()
            .filter_map(Value::as_str);
        parts.fold(vec![from], |at, part| {
            let on = at
                .into_iter()
                .flat_map(|from| ends(profile, part, statements, from));
            on.collect()
        })
    } else if pattern.get("alternates").is_some() {
        let parts = list_of(pattern, "alternates")
            .iter()
            .filter_map(Value::as_str);
        parts
            .flat_map(|part| ends(profile, part, statements, from))
            .collect()
    } else if pattern.get("optional").is_some() {
        let mut all = ends(profile, inner("optional"), statements, from);
        all.push(from);
        all
    } else {
        let (part, least) = match pattern.get("oneOrMore") {
            Some(_) => (inner("oneOrMore"), 1),
            None => (inner("zeroOrMore"), 0),
        };
        let (mut all, mut at, mut times) = (Vec::new(), vec![from], 0);
        while !at.is_empty() {
            if times >= least {
                all.extend(&at);
            }
            at = at
                .into_iter()
                .flat_map(|from| ends(profile, part, statements, from))
                .collect();
            at.sort_unstable();
            at.dedup();
            at.retain(|end| !all.contains(end));
            times += 1;
        }
        all
    };
    all.sort_unstable();
    all.dedup();
    all
}

pub(crate) fn list_of<'a>(value: &'a Value, property: &str) -> &'a [Value] {
    value
        .get(property)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, property: &str) -> &'a str {
    value[property]
        .as_str()
        .unwrap_or_else(|| panic!("{property} of {value} is no text"))
}
