//! Requests in the alternate syntax of xAPI 1.0.3: the method in the address, everything else in a form.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    place::Place,
    recorder::{Recorder, id, statement},
};

#[tokio::test]
async fn the_alternate_request_syntax_is_1_0_3s_alone() {
    let place = Place::new();
    let server = place.start().await;
    let mut recorder = Recorder::new(&place, &["all"]).await;
    recorder.version = "1.0.3";
    let said = statement("ann", "a");
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("statementId", id(&said))
        .append_pair("content", &said.to_string())
        .finish();
    let kind = "application/x-www-form-urlencoded";
    let put = async |recorder: &Recorder, query: &str| {
        let path = format!("/xapi/statements?{query}");
        let answer = recorder.send_as(&server, kind, &path, form.as_bytes());
        answer.await.status
    };
    assert_eq!(put(&recorder, "method=PUT").await, StatusCode::NO_CONTENT);
    assert_eq!(
        put(&recorder, "method=PUT&limit=1").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(recorder.found(&server, "").await, [id(&said)]);
    recorder.version = "2.0.0";
    assert_eq!(put(&recorder, "method=PUT").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn whatever_a_request_has_may_come_in_its_form() {
    let place = Place::new();
    let server = place.start().await;
    let mut recorder = Recorder::new(&place, &["all"]).await;
    let reader = Recorder::new(&place, &["statements/read"]).await;
    recorder.version = "1.0.3";
    let said = statement("ann", "a");
    assert_eq!(recorder.post(&server, &said).await.status, StatusCode::OK);
    let ask = async |path: &str, fields: &[(&str, &str)]| {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        recorder.send_as(&server, kind, path, form.as_bytes()).await
    };
    let statements = "/xapi/statements?method=GET";
    let found = ask(statements, &[("statementId", id(&said))]).await;
    assert_eq!(
        (found.status, &found.json()["id"]),
        (StatusCode::OK, &said["id"])
    );
    let wrong = ask(statements, &[("Authorization", "Basic a2V5OnNlY3JldA==")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let (whole, by) = (said.to_string(), ("Authorization", reader.basic.as_str()));
    let put = [("statementId", id(&said)), ("content", &*whole), by];
    let may_not = ask("/xapi/statements?method=PUT", &put).await;
    assert_eq!(may_not.status, StatusCode::FORBIDDEN);

    let of = [("activityId", "http://example.org/a"), ("profileId", "p")];
    let profile = async |method: &str, more: &[(&str, &str)]| {
        let path = format!("/xapi/activities/profile?method={method}");
        ask(&path, &[&of[..], more].concat()).await
    };
    let new = [("content", r#"{"a":1}"#), ("If-None-Match", "*")];
    assert_eq!(profile("PUT", &new).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        profile("PUT", &new).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    let there = profile("GET", &[]).await;
    assert_eq!(there.json(), json!({"a": 1}));
    let etag = there.header("etag").to_owned();
    let other = [("If-Match", "\"x\"")];
    assert_eq!(
        profile("DELETE", &other).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    let same = [("If-Match", &*etag)];
    assert_eq!(
        profile("DELETE", &same).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(profile("GET", &[]).await.status, StatusCode::NOT_FOUND);
}
