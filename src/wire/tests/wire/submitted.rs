//! Statements that others submit: what is taken, what is refused and where, what is the same.

use proptest::prelude::*;
use serde_json::{Value, json};
use xinghuo_wire::{
    Timestamp,
    lrs::{Json, Kind, Submitted, XapiVersion, mentions, same, settled},
};

use crate::given;

use XapiVersion::{One, Two};

/// A statement with everything that a statement may have.
pub(crate) fn whole() -> Value {
    let agent = |name: &str| json!({"mbox": format!("mailto:{name}@example.org"), "name": name});
    let activity = |name: &str| json!({"id": format!("http://example.org/{name}")});
    json!({
        "id": "c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0001",
        "actor": {"objectType": "Group", "name": "class", "member": [agent("a"), agent("b")]},
        "verb": {"id": "http://example.org/answered", "display": {"en": "answered", "zh-Hans": "回答了"}},
        "object": {
            "objectType": "Activity",
            "id": "http://example.org/question",
            "definition": {
                "name": {"en": "Question", "zh-Hans": "问题"},
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "choice",
                "correctResponsesPattern": ["x[,]y"],
                "choices": [{"id": "x", "description": {"en": "X"}}, {"id": "y"}],
                "extensions": {"http://example.org/e": null},
            },
        },
        "result": {
            "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
            "success": true, "completion": false, "response": "x", "duration": "PT1H0M0.1S",
            "extensions": {"http://example.org/e": {"n": null}},
        },
        "context": {
            "registration": "C2F5A1F0-8a3e-4a0c-9a55-2d3a3f7f0002",
            "instructor": agent("teacher"),
            "team": {"objectType": "Group", "account": {"homePage": "http://h.example.org", "name": "t"}},
            "contextActivities": {"parent": activity("test"), "other": [activity("x"), activity("y")]},
            "revision": "1", "platform": "p", "language": "zh-Hans",
            "statement": {"objectType": "StatementRef", "id": "c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0003"},
            "extensions": {},
        },
        "timestamp": "2026-11-22T08:00:00+08:00",
        "attachments": [{
            "usageType": "http://example.org/photo", "display": {"en": "photo"},
            "contentType": "image/png", "length": 3, "fileUrl": "http://example.org/p.png",
            "sha2": "0".repeat(64),
        }],
    })
}

/// The whole statement with something in another place.
fn with(pointer: &str, value: Value) -> Value {
    let mut statement = whole();
    let (up, name) = pointer.rsplit_once('/').expect("a pointer");
    let up = statement.pointer_mut(up).expect("a place");
    match (up, value) {
        (Value::Object(members), Value::Null) if name.ends_with('!') => {
            members.remove(name.trim_end_matches('!'));
        }
        (Value::Object(members), value) => {
            members.insert(name.into(), value);
        }
        (Value::Array(items), value) => items[name.parse::<usize>().expect("an index")] = value,
        _ => panic!("nothing is at {pointer}"),
    }
    statement
}

fn one(statement: &Value, version: XapiVersion) -> Result<Submitted, String> {
    let body = statement.to_string();
    Submitted::one(body.as_bytes(), version).map_err(|flaw| flaw.to_string())
}

#[track_caller]
fn refused(version: XapiVersion, statement: &Value, at: &str) {
    let sentence = one(statement, version).expect_err("it is refused");
    let place = sentence.split(": ").next().unwrap_or_default();
    assert_eq!(place, at, "{sentence}");
}

#[test]
fn a_whole_statement_is_taken_and_brought_into_form() {
    for version in [One, Two] {
        let taken = one(&whole(), version).expect("it is taken");
        let json = taken.json();
        let parent = json.get(&["context", "contextActivities", "parent"]);
        assert_eq!(parent.expect("a parent").items().len(), 1);
        let utc = json.text_at(&["timestamp"]).expect("a timestamp");
        assert_eq!(utc.ends_with('Z'), version == Two, "{utc}");
        assert!(json.get(&["version"]).is_none());
    }
    assert_eq!(one(&whole(), One).expect("taken").version, "1.0.0");
    assert_eq!(one(&whole(), Two).expect("taken").version, "2.0.0");
}

/// Where something is put, what, and where the flaw is.
fn flaws() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/actor!", json!(null), "/actor"),
        ("/Actor", json!({}), "/Actor"),
        ("/id", json!("c2f5a1f08a3e4a0c9a552d3a3f7f0001"), "/id"),
        ("/version", json!("0.9"), "/version"),
        ("/authority", json!({"mbox": "x"}), "/authority/mbox"),
        ("/actor/mbox", json!("mailto:@"), "/actor/mbox"),
        ("/actor/member/1", json!({"name": "b"}), "/actor/member/1"),
        (
            "/actor/member/0/objectType",
            json!("Group"),
            "/actor/member/0/objectType",
        ),
        ("/actor/member", json!([]), "/actor"),
        ("/actor/objectType", json!("Person"), "/actor/objectType"),
        (
            "/verb/display",
            json!({"en_US": "x"}),
            "/verb/display/en_US",
        ),
        (
            "/verb",
            json!({"id": "http://adlnet.gov/expapi/verbs/voided"}),
            "/object",
        ),
        ("/object/objectType", json!(null), "/object/objectType"),
        ("/object/objectType", json!("Thing"), "/object/objectType"),
        (
            "/object/definition/choices/1/id",
            json!("x"),
            "/object/definition/choices/1/id",
        ),
        (
            "/object/definition/interactionType",
            json!("likert"),
            "/object/definition/choices",
        ),
        (
            "/object/definition/interactionType",
            json!("Choice"),
            "/object/definition/interactionType",
        ),
        (
            "/object/definition/interactionType!",
            json!(null),
            "/object/definition/correctResponsesPattern",
        ),
        (
            "/object/definition/extensions",
            json!({"e": 1}),
            "/object/definition/extensions/e",
        ),
        (
            "/object",
            json!({"objectType": "StatementRef", "id": "x"}),
            "/object/id",
        ),
        ("/result/score/scaled", json!(1.1), "/result/score/scaled"),
        ("/result/score/raw", json!(11), "/result/score/raw"),
        ("/result/score/max", json!("10"), "/result/score/max"),
        ("/result/success", json!("true"), "/result/success"),
        ("/result/duration", json!("1h"), "/result/duration"),
        ("/context/registration", json!("x"), "/context/registration"),
        (
            "/context/team",
            json!({"mbox": "mailto:a@b.c"}),
            "/context/team/objectType",
        ),
        (
            "/context/contextActivities/above",
            json!([]),
            "/context/contextActivities/above",
        ),
        (
            "/context/language",
            json!("Chinese language"),
            "/context/language",
        ),
        (
            "/timestamp",
            json!("2026-11-22T08:00:00-00:00"),
            "/timestamp",
        ),
        ("/attachments/0/sha2", json!("x"), "/attachments/0/sha2"),
        ("/attachments/0/length", json!(1.5), "/attachments/0/length"),
        (
            "/attachments/0/display!",
            json!(null),
            "/attachments/0/display",
        ),
        (
            "/attachments/0/contentType",
            json!("png"),
            "/attachments/0/contentType",
        ),
        ("/actor/name", json!("a\u{0}b"), "/actor/name"),
    ]
}

#[test]
fn every_flaw_is_named_by_its_place() {
    for (pointer, value, at) in flaws() {
        let statement = with(pointer, value);
        for version in [One, Two] {
            refused(version, &statement, at);
        }
    }
    let body = json!([whole(), with("/verb/id", json!(1))]).to_string();
    let flaw = Submitted::all(body.as_bytes(), Two).expect_err("the second is wrong");
    assert_eq!(flaw.at, "/1/verb/id");
}

#[test]
fn a_sub_statement_is_held_to_the_same_and_has_none_itself() {
    let mut sub = whole();
    let members = sub.as_object_mut().expect("an object");
    members.remove("id");
    members.insert("objectType".into(), json!("SubStatement"));
    members.insert("timestamp".into(), json!("2026-11-22T08:00:00+08:00"));
    let mut outer = with("/object", sub.clone());
    for name in ["revision", "platform"] {
        refused(Two, &outer, &format!("/context/{name}"));
        let context = outer["context"].as_object_mut().expect("a context");
        context.remove(name);
    }
    let taken = one(&outer, Two).expect("it is taken");
    let when = taken.json().text_at(&["object", "timestamp"]);
    assert_eq!(when, Some("2026-11-22T00:00:00.000Z"));
    outer["object"]["id"] = json!("c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0001");
    refused(Two, &outer, "/object/id");
    let mut nested = with(
        "/object",
        json!({
            "objectType": "SubStatement", "actor": {"mbox": "mailto:a@b.c"},
            "verb": {"id": "http://v.example.org"}, "object": sub,
        }),
    );
    nested["context"] = json!({});
    refused(Two, &nested, "/object/object");
}

#[test]
fn agents_of_the_context_are_taken_by_2_0_alone() {
    let agents = json!([{
        "objectType": "contextAgent", "agent": {"mbox": "mailto:a@b.c"},
        "relevantTypes": ["http://example.org/helper"],
    }]);
    let statement = with("/context/contextAgents", agents);
    assert!(one(&statement, Two).is_ok());
    refused(One, &statement, "/context/contextAgents");
    let mut empty = statement;
    empty["context"]["contextAgents"][0]["relevantTypes"] = json!([]);
    refused(Two, &empty, "/context/contextAgents/0/relevantTypes");
    refused(One, &with("/version", json!("2.0.0")), "/version");
    assert!(one(&with("/version", json!("1.0.3")), Two).is_ok());
}

#[test]
fn the_same_is_told_from_another_as_the_specification_says() {
    let read = |value: &Value| Json::read(value.to_string().as_bytes()).expect("it parses");
    let first = read(&whole());
    let alike = [
        ("/verb/display", json!({"fr": "a répondu"})),
        ("/object/definition/name", json!({"en": "Another name"})),
        ("/timestamp", json!("2026-11-22T00:00:00Z")),
        ("/timestamp!", json!(null)),
        ("/stored", json!("2026-11-22T00:00:00Z")),
        ("/version", json!("1.0.1")),
        ("/authority", json!({"mbox": "mailto:x@example.org"})),
        (
            "/context/contextActivities/parent",
            json!([{"id": "http://example.org/test"}]),
        ),
        (
            "/context/registration",
            json!("c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0002"),
        ),
        ("/result/score/scaled", json!(5e-1)),
        ("/attachments!", json!(null)),
    ];
    for (pointer, value) in alike {
        assert!(same(&first, &read(&with(pointer, value)), One), "{pointer}");
    }
    let mut turned = whole();
    turned["actor"]["member"]
        .as_array_mut()
        .expect("members")
        .reverse();
    assert!(same(&first, &read(&turned), One), "members have no order");
    let others = [
        ("/actor/name", json!("another class")),
        ("/verb/id", json!("http://example.org/asked")),
        ("/object/id", json!("http://example.org/another")),
        ("/result/success", json!(false)),
        ("/timestamp", json!("2026-11-22T00:00:01Z")),
        ("/context/platform", json!("q")),
        ("/result/extensions", json!({})),
    ];
    for (pointer, value) in others {
        assert!(
            !same(&first, &read(&with(pointer, value)), One),
            "{pointer}"
        );
    }
    let finer = read(&with("/result/duration", json!("PT1H0M0.109S")));
    assert!(same(&first, &finer, Two), "2.0 compares hundredths");
    assert!(!same(&first, &finer, One), "1.0.3 compares texts");
}

#[test]
fn what_is_in_the_form_that_is_compared_stays_as_it_is() {
    let agent = json!({"objectType": "Agent", "mbox": "mailto:A@Example.org"});
    let verb = json!({"id": "http://example.org/did"});
    let sub = json!({"objectType": "SubStatement", "actor": agent, "verb": verb, "object": agent});
    let activity = json!({"id": "http://example.org/x", "definition": {}});
    for object in [agent.clone(), sub, activity] {
        for version in [One, Two] {
            let statement = json!({"actor": agent, "verb": verb, "object": object});
            let statement = one(&statement, version).expect("taken");
            let once = settled(statement.json(), version);
            assert_eq!(settled(&once, version), once, "{object}");
        }
    }
}

#[test]
fn a_statement_is_found_by_everything_it_speaks_of_and_once_by_each() {
    let taken = one(&whole(), Two).expect("it is taken");
    let found = mentions(taken.json());
    let named = |kind: Kind, is_related: bool| -> Vec<&str> {
        let fits = found
            .links
            .iter()
            .filter(|it| it.kind == kind && it.is_related == is_related);
        fits.map(|link| link.name.as_str()).collect()
    };
    assert_eq!(
        named(Kind::Agent, false),
        ["mbox mailto:a@example.org", "mbox mailto:b@example.org"]
    );
    assert_eq!(
        named(Kind::Agent, true),
        [
            "account http://h.example.org t",
            "mbox mailto:teacher@example.org"
        ]
    );
    assert_eq!(
        named(Kind::Activity, false),
        ["http://example.org/question"]
    );
    assert_eq!(
        named(Kind::Activity, true),
        [
            "http://example.org/test",
            "http://example.org/x",
            "http://example.org/y"
        ]
    );
    assert_eq!(named(Kind::Verb, false), ["http://example.org/answered"]);
    assert_eq!(
        named(Kind::Registration, false),
        ["c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0002"]
    );
    assert_eq!(found.names.len(), 3);
}

#[test]
fn what_visits_tell_would_be_taken_from_others_too() {
    let told = given::identity().statements(&given::venue(), &given::log(), given::SEED);
    let body = serde_json::to_vec(&told).expect("JSON");
    for version in [One, Two] {
        let taken = Submitted::all(&body, version).expect("they are taken");
        assert_eq!(taken.len(), told.len());
    }
    let first = told.first().map(|it| it.timestamp);
    assert!(first.is_some_and(|at| at > Timestamp::from_unix_millis(0)));
}

proptest! {
    #[test]
    fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Submitted::all(&body, Two);
    }

    #[test]
    fn no_value_in_any_place_panics(text in "\\PC{0,20}", which in 0..12_usize) {
        let places = [
            "/id", "/actor/mbox", "/verb/id", "/object/id", "/timestamp", "/result/duration",
            "/context/language", "/context/registration", "/attachments/0/sha2", "/version",
            "/attachments/0/contentType", "/actor/account",
        ];
        let _ = one(&with(places[which], json!(text)), Two);
    }
}
