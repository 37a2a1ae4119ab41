//! What staff was given for a time is good for that time: who comes too late is told so, and what to do.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Role, StaffCommand};

use crate::{
    colleague::{
        Colleague, ORIGIN, PASSWORD, done, hired, patience, patient, post, secret_of, sign_in,
    },
    entering::{Provider, come_back, config, leave, trouble},
    place::{Answer, Place, Running},
    records::{count, meddle},
};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// It is told in a sentence that has `says` in it, and in another that has `next` in it.
#[track_caller]
fn check_told(answer: &Answer, code: &str, says: &str, next: &str) {
    assert_eq!(answer.code(), code, "{answer:?}");
    for (name, part) in [("message", says), ("next", next)] {
        let sentence = answer.json()["error"][name].to_string();
        assert!(sentence.contains(part), "{part} is not in {sentence}");
    }
}

#[tokio::test]
async fn a_session_that_is_unused_or_old_is_over() {
    let place = Place::new();
    let server = patient(&place).await;
    Colleague::hired(&place, &server, "ann", Role::Administrator).await;
    let unused = "update staff_sessions set seen_ms = seen_ms - $1";
    let old = "update staff_sessions set created_ms = created_ms - $1";
    for (sql, whole_ms, begins_anew) in [(unused, 2 * HOUR_MS, true), (old, 12 * HOUR_MS, false)] {
        let ann = Colleague::signed_in(&server, "ann").await;
        let mut left_ms = whole_ms;
        // Whoever uses a session is given all of its time without use again, and no other.
        for _ in 0..if begins_anew { 2 } else { 1 } {
            meddle(&place.records, sql, left_ms - MINUTE_MS).await;
            assert_eq!(ann.get(&server, "me").await.status, StatusCode::OK);
        }
        if !begins_anew {
            left_ms = MINUTE_MS;
        }
        meddle(&place.records, sql, left_ms + MINUTE_MS).await;
        let account = json!({"name": "eve", "role": "administrator"});
        for (method, path, body) in [
            (Method::GET, "me", &Value::Null),
            (Method::POST, "accounts", &account),
            (Method::POST, "sign-out", &Value::Null),
        ] {
            let late = ann.call(&server, method, path, body).await;
            check_told(&late, "SIGN_IN", "no longer", "sign in at /staff/");
        }
        // The next sign-in sweeps it up.
        let again = Colleague::signed_in(&server, "ann").await;
        let sessions = again.get(&server, "sessions").await.json();
        assert_eq!(sessions.as_array().map(Vec::len), Some(1), "{sessions}");
        assert_eq!(count(&place.records, "staff_sessions").await, 1);
    }
    assert_eq!(count(&place.records, "staff").await, 1, "nobody was made");
}

#[tokio::test]
async fn a_link_that_is_too_old_sets_no_password_and_the_next_one_does() {
    let place = Place::new();
    let server = place.start().await;
    let link = hired(&place, "ann", Role::Reader).await;
    let set = async |link: &str| {
        let given = json!({"link": link, "password": PASSWORD});
        post(&server, "/api/v1/staff/password", &given).await
    };
    meddle(&place.records, "update staff_links set expires_ms = $1", 1).await;
    let late = set(&link).await;
    check_told(
        &late,
        "SIGN_IN",
        "too old",
        "ask an administrator for a new",
    );
    assert_eq!(sign_in(&server, "ann", PASSWORD).await.code(), "SIGN_IN");
    let reset = done(StaffCommand::Reset {
        records: place.records.clone(),
        name: "ann".into(),
        origin: ORIGIN.into(),
    });
    let next = secret_of(&reset.await.expect("a link"));
    assert_eq!(set(&next).await.status, StatusCode::OK);
    Colleague::signed_in(&server, "ann").await;
}

#[tokio::test]
async fn who_takes_too_long_at_the_provider_begins_anew() {
    let (place, provider) = (Place::new(), Provider::start().await);
    let server = Running::with(config(&place, &provider)).await;
    let (cookie, way) = leave(&server).await;
    let back = provider.let_in(&way);
    let past = "update staff_sign_ins set expires_ms = $1";
    meddle(&place.records, past, 1).await;
    assert_eq!(trouble(&come_back(&server, &cookie, &back).await), "stale");
    let (cookie, way) = leave(&server).await;
    assert_eq!(
        count(&place.records, "staff_sign_ins").await,
        1,
        "who gave up is forgotten"
    );
    let answer = come_back(&server, &cookie, &provider.let_in(&way)).await;
    assert_eq!(answer.header("location"), "/staff/");
}

#[tokio::test]
async fn wrong_passwords_are_forgotten_after_their_time() {
    let place = Place::new();
    let server = Running::with(patience(&place)).await;
    hired(&place, "ann", Role::Reader).await;
    for _ in 0..5 {
        sign_in(&server, "ann", "x").await;
    }
    let locked = sign_in(&server, "ann", "x").await;
    check_told(
        &locked,
        "TOO_MANY",
        "too many wrong passwords",
        "Retry-After",
    );
    // The wait is over: one more is tried, and the next wait is twice as long.
    let waited = "update staff_refusals set until_ms = until_ms - $1";
    meddle(&place.records, waited, 61_000).await;
    assert_eq!(sign_in(&server, "ann", "x").await.code(), "SIGN_IN");
    let again = sign_in(&server, "ann", "x").await;
    let wait: u32 = again.header("retry-after").parse().expect("seconds");
    assert!((110..=120).contains(&wait), "{wait}");
    // After a day all of it is.
    for day in [
        "update staff_refusals set last_ms = last_ms - $1",
        "update staff_refusals set until_ms = until_ms - $1",
    ] {
        meddle(&place.records, day, 24 * HOUR_MS + MINUTE_MS).await;
    }
    for _ in 0..5 {
        assert_eq!(sign_in(&server, "ann", "x").await.code(), "SIGN_IN");
    }
    assert_eq!(sign_in(&server, "ann", "x").await.code(), "TOO_MANY");
}
