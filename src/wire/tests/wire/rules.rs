//! xAPI's rules for statements, as far as a machine without a record store can hold them against
//! what is told. They are written after the specification and know nothing of our types.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use xinghuo_wire::{Elapsed, LanguageTag, Timestamp};

use crate::given;

/// What is wrong with a statement.
fn breaches(statement: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.statement(statement);
    check.breaches
}

#[derive(Default)]
struct Check {
    breaches: Vec<String>,
}

impl Check {
    fn wrong(&mut self, what: &str, value: &Value) {
        self.breaches.push(format!("{what}: {value}"));
    }

    fn that(&mut self, holds: bool, what: &str, value: &Value) {
        if !holds {
            self.wrong(what, value);
        }
    }

    /// An object with these fields, of which the first `needed` must be there.
    fn fields<'a>(
        &mut self,
        value: &'a Value,
        needed: usize,
        allowed: &[&str],
        what: &str,
    ) -> &'a Map<String, Value> {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let Some(fields) = value.as_object() else {
            self.wrong(what, value);
            return &NONE;
        };
        for field in &allowed[..needed] {
            self.that(
                fields.contains_key(*field),
                &format!("{what} lacks {field}"),
                value,
            );
        }
        for (field, value) in fields {
            let is_known = allowed.contains(&field.as_str());
            self.that(is_known, &format!("{what} has a field {field}"), value);
            // Only extensions may hold null, and empty texts and lists tell nothing.
            self.that(
                !value.is_null(),
                &format!("{what} has null as {field}"),
                value,
            );
        }
        fields
    }

    fn statement(&mut self, statement: &Value) {
        let allowed = [
            "actor",
            "verb",
            "object",
            "id",
            "result",
            "context",
            "timestamp",
        ];
        let fields = self.fields(statement, 3, &allowed, "statement");
        for (field, value) in fields {
            match field.as_str() {
                "id" => self.uuid(value),
                "actor" => self.agent(value),
                "verb" => self.verb(value),
                "object" => self.activity(value),
                "result" => self.result(value),
                "context" => self.context(value),
                _ => self.timestamp(value),
            }
        }
    }

    fn uuid(&mut self, value: &Value) {
        let uuid = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
        let is_right = uuid.is_some_and(|uuid| {
            // RFC 4122: a version that it knows, the variant, and the form with hyphens.
            (1..=8).contains(&uuid.get_version_num())
                && uuid.get_variant() == uuid::Variant::RFC4122
                && value.as_str() == Some(uuid.hyphenated().to_string().as_str())
        });
        self.that(is_right, "not a UUID", value);
    }

    fn iri(&mut self, value: &Value) {
        self.that(value.as_str().is_some_and(is_iri), "not an IRI", value);
    }

    fn agent(&mut self, value: &Value) {
        // One identifier, here an account; a name would be a person's.
        let fields = self.fields(value, 2, &["account", "objectType"], "actor");
        self.that(fields["objectType"] == "Agent", "not an agent", value);
        let account = self.fields(&fields["account"], 2, &["homePage", "name"], "account");
        self.iri(&account["homePage"]);
        self.text(&account["name"]);
    }

    fn verb(&mut self, value: &Value) {
        let fields = self.fields(value, 2, &["id", "display"], "verb");
        self.iri(&fields["id"]);
        self.languages(&fields["display"]);
    }

    fn activity(&mut self, value: &Value) {
        let fields = self.fields(value, 2, &["id", "definition", "objectType"], "activity");
        self.iri(&fields["id"]);
        if let Some(kind) = fields.get("objectType") {
            self.that(kind == "Activity", "not an activity", value);
        }
        self.definition(&fields["definition"]);
    }

    fn definition(&mut self, value: &Value) {
        let allowed = [
            "type",
            "name",
            "description",
            "interactionType",
            "correctResponsesPattern",
            "choices",
            "source",
            "target",
        ];
        let fields = self.fields(value, 1, &allowed, "definition");
        let kind = fields.get("interactionType").and_then(Value::as_str);
        let interaction = "http://adlnet.gov/expapi/activities/cmi.interaction";
        self.that(
            kind.is_some() == (fields["type"] == interaction),
            "an interaction has its type and nothing else has",
            value,
        );
        let lists: &[&str] = match kind {
            Some("choice" | "sequencing") => &["choices"],
            Some("matching") => &["source", "target"],
            Some("other") | None => &[],
            Some(_) => return self.wrong("no interaction of ours", value),
        };
        for (field, inner) in fields {
            match field.as_str() {
                "type" => self.iri(inner),
                "name" | "description" => self.languages(inner),
                "interactionType" => {}
                "correctResponsesPattern" => {
                    let patterns = inner.as_array().map_or(&[][..], Vec::as_slice);
                    self.that(!patterns.is_empty() && kind.is_some(), "no pattern", inner);
                    for pattern in patterns {
                        self.text(pattern);
                    }
                }
                list => {
                    self.that(lists.contains(&list), "not of this interaction", value);
                    self.components(inner);
                }
            }
        }
        for list in lists {
            self.that(fields.contains_key(*list), "choices are missing", value);
        }
    }

    fn components(&mut self, value: &Value) {
        let mut ids = BTreeSet::new();
        for component in value.as_array().into_iter().flatten() {
            let fields = self.fields(component, 1, &["id", "description"], "component");
            let id = fields["id"].as_str().unwrap_or_default();
            let is_id = !id.is_empty() && !id.contains(char::is_whitespace) && ids.insert(id);
            self.that(is_id, "a component's id stands alone", component);
            if let Some(description) = fields.get("description") {
                self.languages(description);
            }
        }
        self.that(!ids.is_empty(), "no components", value);
    }

    fn result(&mut self, value: &Value) {
        let allowed = [
            "score",
            "success",
            "completion",
            "response",
            "duration",
            "extensions",
        ];
        for (field, inner) in self.fields(value, 0, &allowed, "result") {
            match field.as_str() {
                "score" => self.score(inner),
                "success" | "completion" => self.that(inner.is_boolean(), "no truth", inner),
                "response" => self.text(inner),
                "duration" => {
                    let read = inner.as_str().and_then(|it| it.parse::<Elapsed>().ok());
                    self.that(read.is_some(), "not a duration", inner);
                }
                _ => self.extensions(inner),
            }
        }
    }

    fn score(&mut self, value: &Value) {
        let fields = self.fields(value, 1, &["scaled", "raw", "min", "max"], "score");
        let number = |field: &str| fields.get(field).and_then(Value::as_f64);
        let is_scaled = number("scaled").is_some_and(|it| (-1.0..=1.0).contains(&it));
        self.that(is_scaled, "scaled is in -1..=1", value);
        if let (Some(raw), Some(min), Some(max)) = (number("raw"), number("min"), number("max")) {
            self.that(
                min < max && (min..=max).contains(&raw),
                "raw is in min..=max",
                value,
            );
        } else {
            self.that(fields.len() == 1, "raw, min and max come together", value);
        }
    }

    fn context(&mut self, value: &Value) {
        let allowed = [
            "registration",
            "contextActivities",
            "revision",
            "platform",
            "language",
            "extensions",
        ];
        for (field, inner) in self.fields(value, 1, &allowed, "context") {
            match field.as_str() {
                "registration" => self.uuid(inner),
                "contextActivities" => {
                    let kinds = ["parent", "grouping", "category", "other"];
                    for (_, list) in self.fields(inner, 0, &kinds, "contextActivities") {
                        for activity in list.as_array().into_iter().flatten() {
                            self.activity(activity);
                        }
                    }
                }
                "language" => {
                    let tag = inner.as_str().and_then(|it| it.parse::<LanguageTag>().ok());
                    self.that(tag.is_some(), "not a language tag", inner);
                }
                "extensions" => self.extensions(inner),
                _ => self.text(inner),
            }
        }
    }

    fn extensions(&mut self, value: &Value) {
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            self.iri(&json!(key));
        }
    }

    fn languages(&mut self, value: &Value) {
        let texts = value.as_object();
        self.that(texts.is_some_and(|it| !it.is_empty()), "no words", value);
        for (tag, text) in texts.into_iter().flatten() {
            let is_tag = tag.parse::<LanguageTag>().is_ok();
            self.that(is_tag, "not a language tag", &json!(tag));
            self.text(text);
        }
    }

    fn text(&mut self, value: &Value) {
        self.that(
            value.as_str().is_some_and(|it| !it.is_empty()),
            "no text",
            value,
        );
    }

    fn timestamp(&mut self, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let is_right = text.parse::<Timestamp>().is_ok() && text.ends_with('Z');
        self.that(is_right, "not a timestamp in UTC", value);
    }
}

/// A scheme, a colon and something after it, without what an IRI cannot hold.
fn is_iri(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(is_part)
            && !rest.is_empty()
            && !rest.contains(|c: char| c.is_whitespace() || "<>\"{}|\\^`".contains(c))
    })
}

fn golden() -> Vec<Value> {
    given::read("statements.json")
}

#[test]
fn every_statement_of_the_golden_visit_keeps_the_rules() {
    let statements = golden();
    assert!(statements.len() > 15);
    for statement in &statements {
        assert_eq!(breaches(statement), [""; 0], "{statement:#}");
    }
    let verbs: BTreeSet<_> = statements
        .iter()
        .filter_map(|it| it["verb"]["id"].as_str()?.rsplit('/').next())
        .collect();
    let told = [
        "answered",
        "completed",
        "experienced",
        "initialized",
        "passed",
        "progressed",
        "terminated",
    ];
    assert!(verbs.iter().eq(told.iter()), "{verbs:?}");
}

/// The rules would notice.
#[test]
fn a_statement_that_breaks_a_rule_is_found() {
    let answered = golden()
        .into_iter()
        .find(|it| it["result"]["score"].is_object() && it["result"]["response"].is_string())
        .expect("an answer with a score");
    assert_eq!(breaches(&answered), [""; 0]);
    for (pointer, wrong) in [
        ("/id", json!("6f9619ff8b864d01b42d00cf4fc964ff")),
        ("/id", json!("6f9619ff-8b86-0d01-b42d-00cf4fc964ff")),
        ("/actor/account/homePage", json!("tours.example.edu")),
        ("/actor/account/name", json!("")),
        ("/verb/id", json!("answered")),
        ("/verb/display", json!({ "zh_Hans": "x" })),
        ("/object/id", json!("https://a b")),
        ("/object/definition/name", json!({})),
        ("/object/definition/interactionType", json!("choices")),
        (
            "/object/definition/type",
            json!("http://adlnet.gov/expapi/activities/media"),
        ),
        (
            "/object/definition/choices",
            json!([{ "id": "a" }, { "id": "a" }]),
        ),
        ("/result/score/scaled", json!(1.5)),
        ("/result/score/raw", json!(4)),
        ("/result/success", json!("yes")),
        ("/result/extensions", json!({ "attempt": 1 })),
        ("/context/registration", json!("me")),
        ("/context/language", json!("zh_Hans")),
        ("/context/revision", Value::Null),
        ("/timestamp", json!("2026-11-22 06:00:00")),
        ("/timestamp", json!("2026-11-22T06:00:00+08:00")),
    ] {
        let mut broken = answered.clone();
        *broken.pointer_mut(pointer).expect(pointer) = wrong;
        assert_ne!(breaches(&broken), [""; 0], "{pointer}");
    }
    let mut broken = answered.clone();
    broken["result"]["duration"] = json!("90 seconds");
    assert_ne!(breaches(&broken), [""; 0]);
    let mut broken = answered;
    broken["actor"]["name"] = json!("Li Lei");
    assert_ne!(breaches(&broken), [""; 0]);
}

proptest! {
    #[test]
    fn every_visit_keeps_the_rules(log in crate::statements::visits()) {
        let (venue, identity) = (given::venue(), given::identity());
        for statement in identity.statements(&venue, &log, given::SEED) {
            let statement = serde_json::to_value(statement).expect("JSON");
            prop_assert_eq!(breaches(&statement), [""; 0], "{:#}", statement);
        }
    }
}
