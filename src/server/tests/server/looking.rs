//! Who looks at the records of a person is in a log that the person sees and nobody can change unseen.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    person::{call, held, log},
    place::Place,
    recorder::{Recorder, by, statement},
    records::{hold, meddle},
    upkeep::verify,
    visitor::Visitor,
};

#[tokio::test]
async fn whoever_looks_is_in_the_log_once_for_each_request() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let (mut ann, bo) = (
        Visitor::begin(&place, &server).await,
        Visitor::begin(&place, &server).await,
    );
    ann.attend("landing");
    ann.flush(&server).await;
    recorder.post(&server, &statement("cy", "swam")).await;

    // Many statements of Ann's and one of Bo's on one page, in three formats, and one by its id.
    for format in ["exact", "ids", "canonical"] {
        let path = format!("/xapi/statements?format={format}");
        assert_eq!(recorder.get(&server, &path).await.status, StatusCode::OK);
    }
    let of_ann = ann.get(&server, "/statements").await.json();
    let id = of_ann["statements"][0]["id"].as_str().expect("an id");
    let one = format!("/xapi/statements?statementId={id}");
    assert_eq!(recorder.get(&server, &one).await.status, StatusCode::OK);
    // What is of nobody here, and what finds nothing, is noted nowhere.
    for query in [
        "agent=%7B%22mbox%22:%22mailto:cy@example.org%22%7D",
        "verb=http://example.org/none",
    ] {
        recorder.found(&server, query).await;
    }
    let query = "a test query";
    let mut expected = vec!["visitor consent", query, query, query];
    assert_eq!(
        log(&server, &bo).await,
        [&expected[..], &["visitor read"]].concat()
    );
    expected.extend(["visitor export", query, "visitor read"]);
    assert_eq!(log(&server, &ann).await, expected);
    // A refused query has seen nothing.
    let stranger = Recorder::new(&place, &["state"]).await;
    let refused = stranger.get(&server, "/xapi/statements").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    expected.push("visitor read");
    assert_eq!(log(&server, &ann).await, expected);
    // The log names no visit.
    let told = verify(&place.records).await.expect("no breach");
    assert!(told.contains(" entries in the access log"), "{told}");
}

#[tokio::test]
async fn documents_of_others_about_a_visit_are_noted_and_erased_with_it() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let visitor = Visitor::begin(&place, &server).await;
    let agent =
        json!({"account": {"homePage": "https://tours.example.edu", "name": visitor.visit}});
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("activityId", "http://example.org/x")
        .append_pair("agent", &agent.to_string())
        .append_pair("stateId", "s")
        .finish();
    let path = format!("/xapi/activities/state?{query}");
    let document = json!({"secret": "she-hesitated"});
    let put = recorder.send(&server, Method::PUT, &path, &document).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
    let mut told = statement("x", "boat");
    told["actor"] = agent;
    told["result"] = json!({"response": "she-was-late"});
    assert_eq!(recorder.post(&server, &told).await.status, StatusCode::OK);
    assert_eq!(recorder.get(&server, &path).await.status, StatusCode::OK);
    let about: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("agent", &told["actor"].to_string())
        .append_pair("verb", told["verb"]["id"].as_str().expect("a verb"))
        .finish();
    assert_eq!(recorder.found(&server, &about).await.len(), 1);
    assert_eq!(held(&server, &visitor).await["documents"], 1);
    let noted = log(&server, &visitor).await;
    let noted: Vec<_> = noted.iter().filter(|it| it.starts_with("a test")).collect();
    assert_eq!(
        noted,
        [
            "a test correct",
            "a test add",
            "a test read",
            "a test query"
        ]
    );

    let erased = call(&server, &visitor, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    for text in ["she-hesitated", "she-was-late", visitor.visit.as_str()] {
        assert!(!hold(&place.records, text), "{text} is still there");
    }
    verify(&place.records).await.expect("no breach");
}

#[tokio::test]
async fn voiding_a_statement_of_a_visit_is_noted_and_speaking_of_nobody_here_is_not() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let all = visitor.get(&server, "/statements").await.json();
    let mut others = statement("x", "boat");
    others["actor"] = json!({"account": {
        "homePage": "https://tours.example.edu",
        "name": "0f3b9a52-6a2f-4f0e-8f5c-0d7a1e3c9b11",
    }});
    assert_eq!(recorder.post(&server, &others).await.status, StatusCode::OK);
    let mut voiding = statement("x", "boat");
    voiding["verb"] = json!({"id": "http://adlnet.gov/expapi/verbs/voided"});
    voiding["object"] = json!({"objectType": "StatementRef", "id": all["statements"][0]["id"]});
    let voided = recorder.post(&server, &voiding).await;
    assert_eq!(voided.status, StatusCode::OK, "{voided:?}");
    assert_eq!(
        log(&server, &visitor).await,
        [
            "visitor consent",
            "visitor export",
            "a test add",
            "visitor read"
        ]
    );
}

#[tokio::test]
async fn an_access_log_that_was_changed_is_named() {
    for (sql, number) in [
        ("update accesses set what = 'read' where number = $1", 2),
        ("update accesses set name = 'nobody' where number = $1", 3),
        ("update accesses set at_ms = at_ms - 1 where number = $1", 1),
        ("delete from accesses where number = $1", 2),
        ("delete from accesses where number = $1", 1),
        (
            "update accesses set subject = null, at_ms = null, who = null, what = null
             where number = $1",
            2,
        ),
    ] {
        let place = Place::new();
        let server = place.start().await;
        let visitor = Visitor::begin(&place, &server).await;
        for _ in 0..4 {
            call(&server, &visitor, Method::DELETE, "/consent", &Value::Null).await;
            call(
                &server,
                &visitor,
                Method::PUT,
                "/consent",
                &json!({"version": 1}),
            )
            .await;
        }
        verify(&place.records).await.expect("no breach");
        meddle(&place.records, sql, number).await;
        let found = verify(&place.records).await.expect_err(sql);
        assert!(
            found.contains("of the access log was altered"),
            "{found} after {sql}"
        );
    }
}

#[tokio::test]
async fn what_else_was_changed_is_named() {
    for (sql, sentence) in [
        ("delete from entries where seq = $1", "the log of visit"),
        ("update visits set seq = seq + $1", "the log of visit"),
        (
            "delete from links where position = $1 and reach = 0",
            "is found by was altered",
        ),
        (
            "insert into links (term, reach, position) select min(term), 1, $1 from links",
            "is found by was altered",
        ),
        (
            "update documents set etag = 'other' where kind < $1",
            "the document \"s\" was altered",
        ),
    ] {
        let place = Place::new();
        let server = place.start().await;
        let mut visitor = Visitor::begin(&place, &server).await;
        visitor.attend("landing");
        visitor.flush(&server).await;
        let recorder = Recorder::new(&place, &["all"]).await;
        let path = format!(
            "/xapi/activities/state?activityId=http://example.org/x&stateId=s&{}",
            by("ann")
        );
        let document = json!({"at": "the bow"});
        let put = recorder.send(&server, Method::PUT, &path, &document).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT);
        verify(&place.records).await.expect("no breach");
        meddle(&place.records, sql, 2).await;
        let found = verify(&place.records).await.expect_err(sql);
        assert!(found.contains(sentence), "{found} after {sql}");
    }
}
