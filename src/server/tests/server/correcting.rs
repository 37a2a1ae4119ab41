//! Keys that were wrong: corrected while the server runs, for answers that come, not for those that
//! were marked.

use std::fs;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    place::{Place, Running, SECRET},
    visitor::Visitor,
};

/// An option that is not right until the keys are corrected.
const CORRECTED: &str = "another-wrong-one";

async fn kept(visitor: &Visitor, server: &Running, part: &str) -> Value {
    visitor.get(server, "").await.json()[part].clone()
}

#[tokio::test]
async fn a_corrected_key_marks_the_next_answer_and_no_restart_is_needed() {
    let place = Place::new();
    let server = place.start().await;
    let mut before = Visitor::begin(&place, &server).await;
    before.attend("landing");
    let question = before.asked("landing").expect("a question");
    before.answer(question, CORRECTED);
    let answer = before.flush(&server).await;
    assert_eq!(answer["verdicts"][0]["right"], false);

    place.correct_keys(CORRECTED);
    let mut after = Visitor::begin(&place, &server).await;
    for visitor in [&mut before, &mut after] {
        visitor.attend("landing");
        let question = visitor.asked("landing").expect("a question");
        visitor.answer(question, CORRECTED);
        let answer = visitor.flush(&server).await;
        assert_eq!(answer["verdicts"][0]["right"], true, "{answer}");
    }
}

#[tokio::test]
async fn a_verdict_that_was_given_stays_whatever_the_keys_say_later() {
    let place = Place::new();
    let server = place.start().await;
    let mut passed = Visitor::begin(&place, &server).await;
    passed.attend("landing");
    passed.answer_all(&server, "landing", true).await;
    let mut under_way = Visitor::begin(&place, &server).await;
    under_way.attend("landing");
    let question = under_way.asked("landing").expect("a question");
    under_way.answer(question, "a-wrong-one");
    let batch = under_way.outbox.clone();
    under_way.flush(&server).await;
    let question = under_way.asked("landing").expect("another question");
    under_way.answer(question, SECRET);
    under_way.flush(&server).await;

    let first = passed.get(&server, "").await.json();
    let verdicts = kept(&under_way, &server, "verdicts").await;
    assert_eq!(first["record"]["passed"], true);
    let told = passed.get(&server, "/statements").await.json();
    place.correct_keys(CORRECTED);
    // A server that has nothing in memory replays the log: by the verdicts, not by the new keys.
    drop(server);
    let server = place.start().await;
    assert_eq!(passed.get(&server, "").await.json(), first);
    assert_eq!(passed.get(&server, "/statements").await.json(), told);
    assert_eq!(kept(&under_way, &server, "verdicts").await, verdicts);
    let again = under_way.send(&server, &batch).await;
    assert_eq!(again.status, StatusCode::OK, "{again:?}");
    assert_eq!(again.json()["verdicts"][0], verdicts[0]);

    passed.attend("bow");
    passed.flush(&server).await;
    let record = kept(&passed, &server, "record").await;
    assert_eq!(
        (&record["passed"], &record["scaled"]),
        (&json!(true), &json!(1.0))
    );
    let question = under_way.asked("landing").expect("the browser asks on");
    under_way.answer(question, CORRECTED);
    under_way.flush(&server).await;
    let record = kept(&under_way, &server, "record").await;
    assert_eq!(record["settled"], 2, "{record}");
    assert_eq!(record["passed"], true, "{record}");
}

#[tokio::test]
async fn keys_that_are_broken_mark_nothing_until_they_are_mended() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let question = visitor.asked("landing").expect("a question");
    visitor.answer(question, SECRET);
    let (keys, batch) = (
        fs::read(place.keys()).expect("keys"),
        visitor.outbox.clone(),
    );
    for broken in [&b"{"[..], &[]] {
        fs::write(place.keys(), broken).expect("a file");
        let answer = visitor.send(&server, &batch).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
        assert_eq!(answer.code(), "UNAVAILABLE");
    }
    fs::write(place.keys(), keys).expect("a file");
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["verdicts"][0]["right"], true);
}

/// The package's public files do not say where graded answers are shown, so the keys must.
#[tokio::test]
async fn keys_that_do_not_say_where_answers_are_shown_are_refused() {
    let place = Place::new();
    let server = place.start().await;
    let keys = fs::read_to_string(place.keys()).expect("keys");
    let mut keys: Value = serde_json::from_str(&keys).expect("JSON");
    keys.as_object_mut().expect("an object").remove("shown_at");
    fs::write(place.keys(), keys.to_string()).expect("a file");
    let asked = json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
    let path = "/api/v1/visits";
    let answer = server
        .call(axum::http::Method::POST, path, None, &asked)
        .await;
    assert_eq!(answer.code(), "UNAVAILABLE");
}
