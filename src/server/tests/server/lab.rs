//! A lab from outside: who may run it and who is in it, and that it is gone by itself.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Allowance, Limits, Role};

use crate::{
    colleague::{Colleague, ORIGIN, ask, post},
    place::{Answer, Place, Running},
    records,
    room::{ADDRESS, Instructor, headset, join, joined, offered, refused, told},
    visitor::Visitor,
};

#[tokio::test]
async fn a_key_opens_its_own_lab_and_no_other() {
    let place = Place::new();
    let server = place.start().await;
    let ours = Instructor::open(&server, false).await;
    let theirs = Instructor::open(&server, false).await;
    let (token, _) = joined(&server, Some(&theirs.code(&server).await)).await;
    let path = format!("/api/v1/labs/{}", theirs.lab);
    let hand = json!({ "code": "000000" });
    for (method, below, body) in [
        (Method::GET, "", Value::Null),
        (Method::DELETE, "", Value::Null),
        (Method::POST, "/door", json!({ "open": true })),
        (Method::POST, "/picture", json!({ "address": ADDRESS })),
        (Method::POST, "/headsets/1/visit", hand),
        (Method::DELETE, "/headsets/1/visit", Value::Null),
        (Method::DELETE, "/headsets/1", Value::Null),
    ] {
        let path = format!("{path}{below}");
        let with_ours = server
            .call(method.clone(), &path, Some(&ours.key), &body)
            .await;
        assert_eq!(
            refused(&with_ours),
            (404, "UNKNOWN_LAB".into()),
            "{method} {below}"
        );
        let with_none = server.call(method, &path, None, &body).await;
        assert_eq!(refused(&with_none), (401, "NO_TOKEN".into()), "{below}");
    }
    let as_headset = headset(&server, Method::GET, "", &ours.key, &Value::Null).await;
    assert_eq!(as_headset.code(), "UNKNOWN_HEADSET");
    let other_venue = json!({"venue": "nowhere", "doorOpen": false});
    let opened = server
        .call(Method::POST, "/api/v1/labs", None, &other_venue)
        .await;
    assert_eq!(opened.code(), "UNKNOWN_VENUE");
    assert_eq!(told(&server, &token).await["number"], 1);
}

/// Opening a lab as a page does that somebody is signed in on.
async fn opened_by(server: &Running, colleague: &Colleague) -> Answer {
    let headers = [
        ("cookie", colleague.cookie.as_str()),
        ("origin", ORIGIN),
        ("x-xinghuo-proof", &colleague.proof),
    ];
    let asked = json!({"venue": "boat", "doorOpen": false});
    ask(server, Method::POST, "/api/v1/labs", &headers, &asked).await
}

#[tokio::test]
async fn where_there_is_staff_a_lab_is_opened_by_who_runs_rooms() {
    let place = Place::new();
    let server = place.start().await;
    let before = Instructor::open(&server, true).await;
    let carol = Colleague::hired(&place, &server, "carol", Role::Instructor).await;
    let asked = json!({"venue": "boat", "doorOpen": true});
    let by_anybody = post(&server, "/api/v1/labs", &asked).await;
    assert_eq!(refused(&by_anybody), (401, "SIGN_IN".into()));
    let opened = opened_by(&server, &carol).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    for (name, role, code) in [
        ("boss", Role::Administrator, None),
        ("curie", Role::Curator, Some("FORBIDDEN")),
        ("reed", Role::Reader, Some("FORBIDDEN")),
        ("audrey", Role::Auditor, Some("FORBIDDEN")),
    ] {
        let colleague = Colleague::hired(&place, &server, name, role).await;
        let answer = opened_by(&server, &colleague).await;
        match code {
            None => assert_eq!(answer.status, StatusCode::CREATED, "{name}"),
            Some(code) => assert_eq!(refused(&answer), (403, code.into()), "{name}"),
        }
    }
    // Another site's page, which cannot show what this server told its own.
    let elsewhere = Colleague {
        proof: String::new(),
        ..carol
    };
    let forged = opened_by(&server, &elsewhere).await;
    assert_eq!(refused(&forged), (403, "FORBIDDEN".into()));
    // A lab is run by its key, also after whoever opened it has signed out.
    assert_eq!(before.look(&server).await["doorOpen"], true);
    joined(&server, None).await;
}

#[tokio::test]
async fn a_door_leads_into_the_only_lab_that_has_it_open() {
    let place = Place::new();
    let server = place.start().await;
    let doors = || async { server.get("/api/v1/join").await.json()["doorOpen"].clone() };
    assert_eq!(doors().await, false);
    let first = Instructor::open(&server, true).await;
    assert_eq!(doors().await, true);
    let second = Instructor::open(&server, true).await;
    assert_eq!(doors().await, false);
    assert_eq!(join(&server, None, None).await.code(), "UNKNOWN_LAB");
    let shut = json!({ "open": false });
    let shut = second.ask(&server, Method::POST, "/door", &shut).await;
    assert_eq!(shut.status, StatusCode::NO_CONTENT);
    joined(&server, None).await;
    assert_eq!(first.look(&server).await["headsets"][0]["number"], 1);
    assert_eq!(second.look(&server).await["headsets"], json!([]));
}

#[tokio::test]
async fn a_lab_that_closes_lets_its_headsets_finish_and_nobody_in() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let code = instructor.code(&server).await;
    let (idle, _) = joined(&server, None).await;
    let (token, _) = joined(&server, None).await;
    let own = Visitor::begin(&place, &server).await;
    let begun = json!({ "visit": own.visit, "token": own.token });
    headset(&server, Method::POST, "/visit", &token, &begun).await;
    let closed = instructor
        .ask(&server, Method::DELETE, "", &Value::Null)
        .await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    assert_eq!(
        join(&server, Some(&code), None).await.code(),
        "UNKNOWN_CODE"
    );
    assert_eq!(join(&server, None, None).await.code(), "UNKNOWN_LAB");
    let gone = headset(&server, Method::GET, "", &idle, &Value::Null).await;
    assert_eq!(gone.code(), "UNKNOWN_HEADSET");
    assert_eq!(told(&server, &token).await["state"], "leaving");
    headset(&server, Method::DELETE, "/visit", &token, &Value::Null).await;
    let gone = headset(&server, Method::GET, "", &token, &Value::Null).await;
    assert_eq!(gone.code(), "UNKNOWN_HEADSET");
}

#[tokio::test]
async fn what_is_past_its_time_is_gone_by_itself() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, false).await;
    let code = instructor.code(&server).await;
    let (token, _) = joined(&server, Some(&code)).await;
    let phone = Visitor::begin(&place, &server).await;
    let visit_code = offered(&server, &phone).await;
    let (other, _) = joined(&server, Some(&code)).await;
    let own = Visitor::begin(&place, &server).await;
    let begun = json!({ "visit": own.visit, "token": own.token });
    headset(&server, Method::POST, "/visit", &other, &begun).await;
    let past = "update handovers set expires_ms = $1";
    records::meddle(&place.records, past, 1).await;
    let late = join(&server, Some(&visit_code), Some(&token)).await;
    assert_eq!(refused(&late), (404, "UNKNOWN_CODE".into()));
    assert_eq!(
        phone.get(&server, "/handover").await.json(),
        json!({"goesOn": "here"})
    );
    records::meddle(&place.records, "update labs set expires_ms = $1", 1).await;
    let shown = instructor.ask(&server, Method::GET, "", &Value::Null).await;
    assert_eq!(shown.code(), "UNKNOWN_LAB");
    assert_eq!(
        join(&server, Some(&code), None).await.code(),
        "UNKNOWN_CODE"
    );
    let gone = headset(&server, Method::GET, "", &token, &Value::Null).await;
    assert_eq!(gone.code(), "UNKNOWN_HEADSET");
    // The next who opens a lab sweeps up, and the visits of its headsets are let go.
    Instructor::open(&server, false).await;
    assert_eq!(
        refused(&own.get(&server, "").await),
        (409, "VISIT_ELSEWHERE".into())
    );
}

#[tokio::test]
async fn codes_cannot_be_tried_one_after_the_other() {
    let place = Place::new();
    let mut config = place.config();
    config.limits = Limits {
        codes_of_peer: Allowance::new(5, 1),
        labs_of_peer: Allowance::new(1, 1),
        ..Limits::default()
    };
    let server = Running::with(config).await;
    Instructor::open(&server, false).await;
    let asked = json!({"venue": "boat", "doorOpen": false});
    let second = server
        .call(Method::POST, "/api/v1/labs", None, &asked)
        .await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    for guess in 0..5 {
        let code = format!("{guess:06}");
        let answer = join(&server, Some(&code), None).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let sixth = join(&server, Some("000005"), None).await;
    assert_eq!(refused(&sixth), (429, "TOO_MANY".into()));
    assert_eq!(sixth.header("retry-after"), "1");
    for wrong in ["12345", "12345a", ""] {
        let answer = join(&server, Some(wrong), None).await;
        assert_ne!(answer.status, StatusCode::OK, "{wrong}");
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_told_again() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let (token, _) = joined(&server, None).await;
    for (path, secret) in [
        (format!("/api/v1/labs/{}", instructor.lab), &instructor.key),
        ("/api/v1/headset".to_owned(), &token),
    ] {
        let bearer = format!("Bearer {secret}");
        let first = server.get_with(&path, &[("authorization", &bearer)]).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let known = [("authorization", bearer.as_str()), ("if-none-match", &tag)];
        let second = server.get_with(&path, &known).await;
        assert_eq!(second.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(second.bytes.is_empty());
        let own = Visitor::begin(&place, &server).await;
        let begun = json!({ "visit": own.visit, "token": own.token });
        headset(&server, Method::POST, "/visit", &token, &begun).await;
        let third = server.get_with(&path, &known).await;
        assert_eq!(third.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_headset_of_which_nothing_is_heard_is_said_to_be_silent() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let (token, _) = joined(&server, None).await;
    let silent = || async { instructor.look(&server).await["headsets"][0]["silentSince"].clone() };
    assert_eq!(silent().await, Value::Null);
    records::meddle(&place.records, "update headsets set seen_ms = $1", 1_000).await;
    assert_eq!(silent().await, "1970-01-01T00:00:01.000Z");
    told(&server, &token).await;
    assert_eq!(silent().await, Value::Null);
}

#[tokio::test]
async fn the_machines_addresses_are_for_the_machine_itself() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let told = instructor
        .ask(&server, Method::GET, "/addresses", &Value::Null)
        .await;
    // Requests of these tests come from nowhere, which is not this machine.
    assert_eq!(
        told.json(),
        json!({"addresses": [], "answersOthers": false})
    );
}
