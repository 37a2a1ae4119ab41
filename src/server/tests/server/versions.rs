//! What a client has to say in 1.0.3 and need not in 2.0, and what 2.0 alone takes, whichever way 1.0.3
//! is spoken.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    documents::RESOURCES,
    place::{Answer, Place},
    recorder::{Recorder, id, statement},
};

/// Each version, and where it is spoken.
const SPOKEN: [(&str, &str); 3] = [
    ("/xapi", "2.0.0"),
    ("/xapi", "1.0.3"),
    ("/xapi/1.0.3", "1.0.3"),
];

/// It is refused with a sentence that has `named` in it.
#[track_caller]
fn check_refused(answer: &Answer, status: StatusCode, named: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let sentence = answer.json()["error"]["message"].to_string();
    assert!(sentence.contains(named), "{named} is not in {sentence}");
}

#[tokio::test]
async fn who_writes_a_profile_in_1_0_3_says_whether_there_is_one() {
    let place = Place::new();
    let server = place.start().await;
    let mut recorder = Recorder::new(&place, &["all"]).await;
    for (n, (prefix, version)) in SPOKEN.into_iter().enumerate() {
        recorder.version = version;
        for resource in RESOURCES {
            let path = resource.named(prefix, &format!("document-{n}"));
            let put = async |headers: &[(&str, &str)], body: &str| {
                let put = recorder.with_headers(&server, Method::PUT, &path, headers, body);
                put.await
            };
            let new = put(&[], r#"{"n":1}"#).await;
            let may_be_silent = version == "2.0.0" || resource.is_state();
            if may_be_silent {
                assert_eq!(new.status, StatusCode::NO_CONTENT, "{path} {new:?}");
            } else {
                check_refused(&new, StatusCode::BAD_REQUEST, "If-None-Match");
                let there = recorder.get(&server, &path).await;
                assert_eq!(there.status, StatusCode::NOT_FOUND, "{path}");
                let new = put(&[("if-none-match", "*")], r#"{"n":1}"#).await;
                assert_eq!(new.status, StatusCode::NO_CONTENT, "{path} {new:?}");
            }
            let again = put(&[], r#"{"n":2}"#).await;
            let is_replaced = version == "1.0.3" && resource.is_state();
            if is_replaced {
                assert_eq!(again.status, StatusCode::NO_CONTENT, "{path} {again:?}");
            } else {
                check_refused(&again, StatusCode::CONFLICT, "If-Match");
            }
            let kept = recorder.get(&server, &path).await.json();
            let n = if is_replaced { 2 } else { 1 };
            assert_eq!(kept, json!({ "n": n }), "{path}");
        }
    }
}

#[tokio::test]
async fn a_statement_of_2_0_is_refused_where_1_0_3_is_spoken() {
    let place = Place::new();
    let server = place.start().await;
    let mut recorder = Recorder::new(&place, &["all"]).await;
    let agents =
        json!([{"objectType": "contextAgent", "agent": {"mbox": "mailto:li@example.org"}}]);
    let group = json!({"objectType": "Group", "member": [{"mbox": "mailto:li@example.org"}]});
    let groups = json!([{"objectType": "contextGroup", "group": group}]);
    for (prefix, version) in SPOKEN {
        recorder.version = version;
        let post = async |body: &Value| {
            let path = format!("{prefix}/statements");
            recorder.send(&server, Method::POST, &path, body).await
        };
        let mut kept = 0;
        for (named, at, value) in [
            ("/version", "version", json!("2.0.0")),
            ("/context", "context", json!({"contextAgents": agents})),
            ("/context", "context", json!({"contextGroups": groups})),
        ] {
            let mut said = statement("ann", "a");
            said[at] = value;
            // One of a batch keeps all of it out.
            let answer = post(&json!([statement("ann", "b"), said])).await;
            if version == "2.0.0" {
                assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
                kept += 2;
            } else {
                check_refused(&answer, StatusCode::BAD_REQUEST, named);
            }
        }
        let before = if version == "2.0.0" { kept } else { 6 };
        assert_eq!(recorder.found(&server, "").await.len(), before);
    }
    // What is of both is of its own version, whoever reads it.
    recorder.version = "1.0.3";
    let said = statement("ann", "c");
    assert_eq!(recorder.post(&server, &said).await.status, StatusCode::OK);
    recorder.version = "2.0.0";
    let path = format!("/xapi/statements?statementId={}", id(&said));
    let read = recorder.get(&server, &path).await.json();
    assert_eq!(read["version"], "1.0.0", "{read}");
}
