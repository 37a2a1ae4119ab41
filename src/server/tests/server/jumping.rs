//! A clock that ran ahead and was set right while the server was down: what is stored keeps its order,
//! and a visit that it dated is refused with a reason until its time has come, and loses nothing.

use axum::http::StatusCode;
use serde_json::json;
use xinghuo_tour::Action;
use xinghuo_wire::lrs::Moment;

use crate::{
    place::Place,
    recorder::{Recorder, id, ids, statement},
    records::meddle,
    visitor::Visitor,
};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

#[tokio::test]
async fn what_a_clock_that_ran_ahead_dated_stays_before_what_comes_after() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let before: Vec<_> = (0..3).map(|n| statement("ann", &n.to_string())).collect();
    recorder.post(&server, &json!(before)).await;
    let ahead = "update statements set stored_us = stored_us + 1000 * $1";
    meddle(&place.records, ahead, DAY_MS).await;

    let server = place.start().await;
    let after: Vec<_> = (3..6).map(|n| statement("ann", &n.to_string())).collect();
    for statement in &after {
        let kept = recorder.post(&server, statement).await;
        assert_eq!(kept.status, StatusCode::OK, "{kept:?}");
    }
    let all: Vec<_> = before
        .iter()
        .chain(&after)
        .map(|it| id(it).to_owned())
        .collect();
    let mut path = "/xapi/statements?ascending=true&limit=2".to_owned();
    let (mut seen, mut stored) = (Vec::new(), Vec::new());
    while !path.is_empty() {
        let page = recorder.get(&server, &path).await.json();
        seen.extend(ids(&page));
        for statement in page["statements"].as_array().expect("statements") {
            stored.push(statement["stored"].as_str().expect("a time").to_owned());
        }
        path = page["more"].as_str().expect("more").to_owned();
    }
    assert_eq!(seen, all);
    let times: Vec<_> = stored.iter().map(|it| Moment::read(it)).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "{stored:?}");
    let since = recorder
        .found(&server, &format!("ascending=true&since={}", stored[2]))
        .await;
    assert_eq!(since, all[3..]);
}

#[tokio::test]
async fn a_visit_of_a_clock_that_ran_ahead_waits_for_its_time_and_loses_nothing() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    // It began an hour ago, and is half an hour long.
    let ahead = "update visits set created_ms = created_ms + $1";
    meddle(&place.records, ahead, -HOUR_MS).await;
    let server = place.start().await;
    let stop = "landing".parse().expect("an id");
    visitor.act_after(30 * 60 * 1000, Action::Arrive { stop });
    visitor.flush(&server).await;
    let log = visitor.log(&server).await;
    meddle(&place.records, ahead, DAY_MS).await;

    let server = place.start().await;
    visitor.attend("bow");
    let batch = visitor.outbox.clone();
    let refused = visitor.send(&server, &batch).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused:?}"
    );
    assert_eq!(refused.json()["error"]["reason"], "from-the-future");
    assert_eq!(
        visitor.log(&server).await,
        log,
        "nothing of it is kept, and nothing is gone"
    );

    // A day later.
    meddle(&place.records, ahead, -DAY_MS).await;
    let server = place.start().await;
    visitor.flush(&server).await;
    assert_eq!(visitor.log(&server).await.len(), log.len() + batch.len());
}
