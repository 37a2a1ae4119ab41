//! Statements as they are shown, and the questions that are asked of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xinghuo_wire::lrs::{
    Canonical, Format, Json, Languages, Parameters, StatementQuery, ids_only, is_signature, signed,
};

use crate::submitted::whole;

fn read(value: &Value) -> Json {
    Json::read(value.to_string().as_bytes()).expect("it parses")
}

#[test]
fn ids_leave_what_identifies_and_nothing_else() {
    let mut statement = read(&whole());
    ids_only(&mut statement);
    let part = |path: &[&str]| statement.get(path).map(Json::to_string).unwrap_or_default();
    assert_eq!(
        part(&["actor"]),
        r#"{"member":[{"mbox":"mailto:a@example.org"},{"mbox":"mailto:b@example.org"}],"objectType":"Group"}"#
    );
    assert_eq!(part(&["verb"]), r#"{"id":"http://example.org/answered"}"#);
    assert_eq!(part(&["object"]), r#"{"id":"http://example.org/question"}"#);
    assert_eq!(
        part(&["context", "instructor"]),
        r#"{"mbox":"mailto:teacher@example.org"}"#
    );
    assert!(!part(&["result", "extensions"]).is_empty());
}

#[test]
fn canonical_shows_what_is_known_in_one_language() {
    let mut statement = read(&whole());
    let known = json!({
        "name": {"en": "The question", "zh-Hans": "这个问题"},
        "choices": [{"id": "x", "description": {"en": "X", "zh-Hans": "甲"}}],
    });
    let canonical = Canonical {
        languages: Languages::accepted("zh-CN, en;q=0.1"),
        definitions: BTreeMap::from([("http://example.org/question".into(), read(&known))]),
    };
    canonical.show(&mut statement);
    let wanted = json!({
        "name": {"zh-Hans": "这个问题"},
        "choices": [{"id": "x", "description": {"zh-Hans": "甲"}}],
    });
    assert_eq!(
        statement.get(&["object", "definition"]),
        Some(&read(&wanted))
    );
    let english = Canonical {
        languages: Languages::accepted("fr, en-GB"),
        ..canonical
    };
    let mut statement = read(&whole());
    english.show(&mut statement);
    assert_eq!(
        statement.get(&["verb", "display"]),
        Some(&read(&json!({"en": "answered"})))
    );
}

fn asked(given: &[(&str, &str)]) -> Result<StatementQuery, String> {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let parameters = Parameters::checked(given, StatementQuery::PARAMETERS);
    parameters
        .and_then(|parameters| StatementQuery::read(&parameters))
        .map_err(|flaw| flaw.to_string())
}

#[test]
fn questions_are_read_and_wrong_ones_named() {
    let query = asked(&[
        ("agent", r#"{"mbox":"mailto:a@B.c"}"#),
        ("related_agents", "true"),
        ("since", "2026-11-22T00:00:00Z"),
        ("limit", "10"),
        ("format", "ids"),
    ]);
    let query = query.expect("a question");
    assert_eq!(query.filter.agent.as_deref(), Some("mbox mailto:a@b.c"));
    assert!(query.filter.related_agents && !query.filter.related_activities);
    assert_eq!((query.filter.limit, query.format), (10, Format::Ids));
    let id = "c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0001";
    for (given, name) in [
        (vec![("Agent", "{}")], "Agent"),
        (vec![("verb", "x")], "verb"),
        (vec![("limit", "-1")], "limit"),
        (vec![("limit", "1"), ("limit", "2")], "limit"),
        (vec![("ascending", "yes")], "ascending"),
        (vec![("format", "all")], "format"),
        (vec![("until", "now")], "until"),
        (vec![("registration", "x")], "registration"),
        (vec![("statementId", id), ("verb", "http://v.org")], "verb"),
        (
            vec![("statementId", id), ("voidedStatementId", id)],
            "voidedStatementId",
        ),
    ] {
        let sentence = asked(&given).expect_err("it is refused");
        assert!(sentence.starts_with(&format!("{name}: ")), "{sentence}");
    }
}

#[test]
fn a_signature_is_taken_apart_or_refused_with_the_reason() {
    let attachment = |kind: &str| {
        read(&json!({
            "usageType": "http://adlnet.gov/expapi/attachments/signature",
            "contentType": kind,
        }))
    };
    let right = attachment("application/octet-stream");
    assert!(is_signature(&right));
    // {"alg":"RS256"} . {"a":1} . three bytes
    let jws = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.AAAA";
    let signature = signed(&right, jws.as_bytes()).expect("a signature");
    assert_eq!(signature.payload, read(&json!({"a": 1})));
    assert_eq!(signature.algorithm, "RS256");
    let refused = |attachment: &Json, jws: &str, reason: &str| {
        let flaw = signed(attachment, jws.as_bytes()).expect_err(reason);
        assert!(flaw.what.contains(reason), "{flaw}");
    };
    refused(&attachment("text/plain"), jws, "contentType");
    refused(&right, "a.b", "compact serialization");
    refused(&right, "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA", "RS256");
    refused(&right, "eyJhbGciOiJSUzI1NiJ9.W10.AAAA", "no JSON object");
    refused(&right, "eyJhbGciOiJSUzI1NiJ9.!.AAAA", "base64url");
}
