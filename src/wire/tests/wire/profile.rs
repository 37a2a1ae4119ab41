//! The profile: whether it is one, and whether what visits tell follows it and nothing else does.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use xinghuo_wire::xapi::{Sitting, activity_type, extension, profile};

use crate::{
    given, statements,
    template::{breaches, followed, follows, found, list_of},
};

const VISIT: &str = "https://w3id.org/xinghuo/visits/patterns/visit";

fn document() -> Value {
    serde_json::from_str(profile::DOCUMENT).expect("JSON")
}

#[test]
fn every_kind_of_statement_follows_one_template() {
    let document = document();
    let mut golden: Vec<Value> = given::read("statements.json");
    let mut used: BTreeSet<_> = golden.iter().map(|it| followed(&document, it)).collect();
    assert!(follows(&document, VISIT, &golden));

    // The golden visit is passed; one that is failed differs in little.
    let passed = golden.iter_mut().find(|it| {
        it["result"]["success"] == true
            && it["object"]["id"]
                .as_str()
                .is_some_and(|id| id.ends_with("/venues/red-boat"))
    });
    let failed = passed.expect("it is passed");
    failed["verb"]["id"] = json!("http://adlnet.gov/expapi/verbs/failed");
    failed["result"]["success"] = json!(false);
    used.insert(followed(&document, failed));

    let all: BTreeSet<_> = list_of(&document, "templates")
        .iter()
        .filter_map(|it| it["id"].as_str())
        .map(str::to_owned)
        .collect();
    assert_eq!(used, all, "no template is of something that is never told");
}

#[test]
fn an_answer_without_a_mark_follows_its_template() {
    let venue = given::venue().without_keys();
    let told = given::identity().statements(&venue, &given::log(), given::SEED);
    for statement in told {
        followed(&document(), &serde_json::to_value(statement).expect("JSON"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_visit_follows_the_pattern(log in statements::visits()) {
        let (venue, identity) = (given::venue(), given::identity());
        let mut told = identity.statements(&venue, &log, given::SEED);
        let document = document();
        let json = |told: &[_]| -> Vec<Value> { told.iter().map(|it| serde_json::to_value(it).expect("JSON")).collect() };
        prop_assert!(follows(&document, VISIT, &json(&told)));
        told.push(identity.terminated(&venue, &Sitting::of(&log)));
        let told = json(&told);
        prop_assert!(follows(&document, VISIT, &told));
        prop_assert!(!follows(&document, VISIT, &told[1..]) || told[1]["verb"] == told[0]["verb"]);
    }
}

/// The validator would notice.
#[test]
fn what_departs_from_a_template_is_found() {
    let document = document();
    let golden: Vec<Value> = given::read("statements.json");
    let of = |verb: &str| {
        let iri = format!("http://adlnet.gov/expapi/verbs/{verb}");
        let template = list_of(&document, "templates")
            .iter()
            .find(|it| it["verb"] == iri);
        let statement = golden.iter().find(|it| it["verb"]["id"] == iri);
        (
            template.expect("a template"),
            statement.expect("a statement"),
        )
    };
    for (verb, at, wrong) in [
        ("initialized", "/verb/id", json!("http://example.org/began")),
        ("initialized", "/actor/name", json!("Li Lei")),
        ("initialized", "/result", json!({"completion": true})),
        ("initialized", "/context/platform", json!("Another")),
        (
            "initialized",
            "/context/contextActivities/category",
            json!([]),
        ),
        (
            "experienced",
            "/context/contextActivities/parent",
            json!([]),
        ),
        (
            "experienced",
            "/result/extensions",
            json!({extension::EVIDENCE: "clicked"}),
        ),
        (
            "experienced",
            "/object/definition/type",
            json!(activity_type::VENUE),
        ),
        ("answered", "/result/response", Value::Null),
        ("progressed", "/result/extensions", json!({})),
        ("completed", "/result/completion", json!(false)),
        ("passed", "/result/success", json!(false)),
        ("passed", "/context/extensions", json!({})),
        ("terminated", "/result/duration", Value::Null),
    ] {
        let (template, statement) = of(verb);
        assert_eq!(breaches(template, statement), [""; 0], "{verb}");
        let mut changed = statement.clone();
        let (parent, name) = at.rsplit_once('/').expect("a pointer");
        let parent = changed
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .expect(at);
        if wrong.is_null() {
            parent.remove(name);
        } else {
            parent.insert(name.to_owned(), wrong);
        }
        assert_ne!(breaches(template, &changed), [""; 0], "{verb} {at}");
    }
    let backwards: Vec<_> = golden.iter().rev().cloned().collect();
    assert!(!follows(&document, VISIT, &backwards));
}

#[test]
fn what_a_path_finds_is_as_the_specification_says() {
    let value = json!({"a": {"https://x.y/z": 1, "list": [{"id": "p"}, {}]}});
    assert_eq!(found("$.a['https://x.y/z']", &value), [Some(&json!(1))]);
    assert_eq!(found("$.a.list[*].id", &value), [Some(&json!("p")), None]);
    assert!(found("$.a.none[*].id", &value).is_empty());
    assert!(found("$.b", &value).is_empty());
}

/// What the specification says that a profile MUST be.
#[test]
fn the_document_is_a_profile() {
    let document = document();
    for (property, must) in [
        ("@context", json!("https://w3id.org/xapi/profiles/context")),
        ("id", json!(profile::IRI)),
        ("type", json!("Profile")),
        ("conformsTo", json!("https://w3id.org/xapi/profiles#1.0")),
    ] {
        assert_eq!(document[property], must);
    }
    let newest = &list_of(&document, "versions")[0];
    assert_eq!(newest["id"], profile::VERSION);
    let mut ids = BTreeSet::from([profile::IRI.to_owned()]);
    for version in list_of(&document, "versions") {
        assert!(ids.insert(version["id"].as_str().expect("an id").into()));
        let time = version["generatedAtTime"].as_str().expect("a time");
        time.parse::<xinghuo_wire::Timestamp>().expect("a time");
    }
    assert!(
        ["Organization", "Person"]
            .map(|it| json!(it))
            .contains(&document["author"]["type"])
    );
    assert!(document["author"]["name"].is_string());
    is_named(&document);
    for (list, types) in [
        ("concepts", &["ContextExtension", "ResultExtension"][..]),
        ("templates", &["StatementTemplate"]),
        ("patterns", &["Pattern"]),
    ] {
        for part in list_of(&document, list) {
            let id = part["id"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            assert_eq!(part["inScheme"], profile::VERSION, "{id}");
            assert!(
                types.contains(&part["type"].as_str().expect("a type")),
                "{id}"
            );
            if list != "patterns" || part["primary"] == true {
                is_named(part);
            }
        }
    }
}

/// Names and definitions in both languages.
#[track_caller]
fn is_named(part: &Value) {
    for property in ["prefLabel", "definition"] {
        let words = part[property]
            .as_object()
            .unwrap_or_else(|| panic!("{property} of {part}"));
        assert!(words.keys().eq(["en", "zh-Hans"]), "{part}");
        assert!(
            words
                .values()
                .all(|it| it.as_str().is_some_and(|it| !it.is_empty()))
        );
    }
}

#[test]
fn the_concepts_are_our_extensions_and_no_others() {
    let document = document();
    let defined: Vec<_> = list_of(&document, "concepts")
        .iter()
        .filter_map(|it| it["id"].as_str())
        .collect();
    assert_eq!(
        defined,
        [
            extension::ENTRY,
            extension::RULE_VERSION,
            extension::EVIDENCE,
            extension::ATTEMPT
        ]
    );
    for concept in list_of(&document, "concepts") {
        let schema = concept["inlineSchema"]
            .as_str()
            .expect("a schema as a text");
        let schema: Value = serde_json::from_str(schema).expect("JSON");
        assert!(
            schema.get("type").is_some() || schema.get("enum").is_some(),
            "{concept}"
        );
    }
    // Every extension that is told is either defined here or cmi5's.
    for statement in given::read::<Vec<Value>>("statements.json") {
        for place in ["/context/extensions", "/result/extensions"] {
            let told = statement.pointer(place).and_then(Value::as_object);
            for iri in told.into_iter().flat_map(|it| it.keys()) {
                let known = defined.contains(&iri.as_str())
                    || iri.starts_with("https://w3id.org/xapi/cmi5/");
                assert!(known, "{iri}");
            }
        }
    }
}

#[test]
fn rules_and_patterns_are_as_they_must_be() {
    let document = document();
    let ids: BTreeSet<_> = ["templates", "patterns"]
        .iter()
        .flat_map(|list| list_of(&document, list))
        .filter_map(|it| it["id"].as_str())
        .collect();
    for template in list_of(&document, "templates") {
        for rule in list_of(template, "rules") {
            let says = ["presence", "any", "all", "none"]
                .iter()
                .any(|it| rule.get(it).is_some());
            assert!(says && rule["location"].is_string(), "{rule}");
        }
    }
    let mut primary = 0;
    for pattern in list_of(&document, "patterns") {
        primary += usize::from(pattern["primary"] == true);
        let kinds = [
            "alternates",
            "optional",
            "oneOrMore",
            "sequence",
            "zeroOrMore",
        ];
        let has: Vec<_> = kinds
            .iter()
            .filter(|kind| pattern.get(kind).is_some())
            .collect();
        assert_eq!(has.len(), 1, "{pattern}");
        match &pattern[has[0]] {
            Value::String(one) => assert!(ids.contains(one.as_str()), "{one}"),
            Value::Array(several) => {
                assert!(several.len() >= 2, "{pattern}");
                assert!(
                    several
                        .iter()
                        .all(|it| ids.contains(it.as_str().expect("an id")))
                );
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(primary, 1);
}
