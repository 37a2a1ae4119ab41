//! Many clients at once: whoever's batches are stored together, each is answered for itself.

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    place::Place,
    recorder::{Recorder, by, id, statement},
    upkeep::verify,
};

fn voiding(target: &Value) -> Value {
    let mut voiding = statement("vera", "x");
    voiding["verb"]["id"] = json!("http://adlnet.gov/expapi/verbs/voided");
    voiding["object"] = json!({"objectType": "StatementRef", "id": id(target)});
    voiding
}

#[tokio::test]
async fn a_crowd_is_answered_one_by_one() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let other = Recorder::new(&place, &["statements/write"]).await;
    let said = statement("ann", "before");
    assert_eq!(recorder.post(&server, &said).await.status, StatusCode::OK);
    let mut otherwise = said.clone();
    otherwise["object"]["id"] = json!("http://example.org/things/otherwise");
    let (mut batches, mut kept) = (Vec::new(), 1);
    for n in 0..60 {
        let (first, last) = (statement("ben", "first"), statement("ben", "last"));
        let mut nul = statement("ben", "nul");
        nul["actor"]["name"] = json!("a\u{0}b");
        // What stands in the middle decides about all three.
        let (client, middle, status) = match n % 6 {
            0 => (&recorder, said.clone(), StatusCode::OK),
            1 => (&recorder, otherwise.clone(), StatusCode::CONFLICT),
            2 => (&recorder, nul, StatusCode::BAD_REQUEST),
            3 => (&recorder, voiding(&first), StatusCode::OK),
            4 => (&other, voiding(&said), StatusCode::FORBIDDEN),
            _ => (&other, statement("ben", "middle"), StatusCode::OK),
        };
        kept += match n % 6 {
            // One of the three was there before, or is voided and not shown.
            0 | 3 => 2,
            5 => 3,
            _ => 0,
        };
        batches.push((client, json!([first, middle, last]), status));
    }
    let answers = batches
        .iter()
        .map(|(client, batch, _)| client.post(&server, batch));
    let answers = join_all(answers).await;
    for (answer, (_, _, status)) in answers.iter().zip(&batches) {
        assert_eq!(answer.status, *status, "{answer:?}");
    }
    let mut found = recorder.found(&server, "limit=0").await;
    assert_eq!(found.len(), kept);
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), kept, "none is there twice");
    assert_eq!(recorder.found(&server, &by("vera")).await.len(), 10);
    verify(&place.records).await.expect("no breach");
}

#[tokio::test]
async fn the_same_batch_from_many_at_once_is_kept_once() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut undated: Vec<_> = (0..5).map(|n| statement("ann", &n.to_string())).collect();
    undated[0]["timestamp"] = json!("2026-01-01T00:00:00Z");
    let batch = json!(undated);
    let answers = join_all((0..30).map(|_| recorder.post(&server, &batch))).await;
    for answer in answers {
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.json().as_array().map(Vec::len), Some(5));
    }
    assert_eq!(recorder.found(&server, "").await.len(), 5);
    verify(&place.records).await.expect("no breach");
}
