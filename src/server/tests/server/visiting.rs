//! Visits: from the first step to passing, sent once, twice, in pieces and at the same time.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use xinghuo_tour::Action;

use crate::{place::Place, records, visitor::Visitor};

#[tokio::test]
async fn a_visitor_who_understood_completes_and_passes() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["record"]["completed"], false);
    assert_eq!(answer["record"]["of"], 2);
    visitor.answer_all(&server, "landing", true).await;
    let state = visitor.get(&server, "").await.json();
    let record = &state["record"];
    assert_eq!(record["completed"], true, "{record}");
    assert_eq!(record["passed"], true, "{record}");
    assert_eq!(record["failed"], false, "{record}");
    assert_eq!(record["scaled"], 1.0, "{record}");
    assert_eq!(record["settled"], 2, "{record}");
    assert_eq!(record["seq"], 5, "{record}");
    assert_eq!(record["ruleVersion"], 1, "{record}");
    assert!(
        record["decidedAt"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z')),
        "{record}"
    );
    assert_eq!(state["venue"], "boat");
    assert_eq!(state["package"], json!(place.package));
    assert_eq!(state["entries"].as_array().map(Vec::len), Some(5));
    assert_eq!(state["verdicts"].as_array().map(Vec::len), Some(2));
    let told = visitor.get(&server, "/statements").await.json();
    let verbs: Vec<_> = told["statements"]
        .as_array()
        .expect("statements")
        .iter()
        .map(|it| {
            it["verb"]["id"]
                .as_str()
                .and_then(|id| id.rsplit('/').next())
        })
        .collect();
    assert_eq!(verbs.first(), Some(&Some("initialized")), "{verbs:?}");
    for once in ["initialized", "completed", "passed"] {
        let times = verbs.iter().filter(|verb| **verb == Some(once)).count();
        assert_eq!(times, 1, "{once} in {verbs:?}");
    }
    assert!(
        visitor.session.progress(&visitor.venue).passed,
        "the browser comes to the same"
    );
}

#[tokio::test]
async fn a_visitor_who_guessed_wrong_completes_and_fails() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", false).await;
    let record = visitor.get(&server, "").await.json()["record"].clone();
    assert_eq!(record["completed"], true, "{record}");
    assert_eq!(record["failed"], true, "{record}");
    assert_eq!(record["passed"], false, "{record}");
    assert_eq!(record["scaled"], 0.0, "{record}");
}

#[tokio::test]
async fn what_is_marked_where_the_visitor_is_needs_no_verdict() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("bow");
    let question = visitor.asked("bow").expect("a question");
    visitor.answer(question, "a-lamp");
    let answer = visitor.flush(&server).await;
    assert_eq!(answer["verdicts"], json!([]));
}

#[tokio::test]
async fn the_same_batch_twice_is_stored_once_and_answered_alike() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    let question = visitor.asked("landing").expect("a question");
    visitor.answer(question, "a-wrong-one");
    let batch = visitor.outbox.clone();
    let first = visitor.send(&server, &batch).await;
    let again = visitor.send(&server, &batch).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(first.json(), again.json());
    assert_eq!(first.json()["verdicts"].as_array().map(Vec::len), Some(1));
    assert_eq!(visitor.log(&server).await, batch);
    let statements = visitor.get(&server, "/statements").await.json();
    visitor.send(&server, &batch).await;
    assert_eq!(visitor.get(&server, "/statements").await.json(), statements);
}

#[tokio::test]
async fn overlapping_batches_add_what_is_new_in_them() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.attend("bow");
    let all = visitor.outbox.clone();
    for range in [0..3, 1..5, 4..6, 0..6] {
        let answer = visitor.send(&server, &all[range.clone()]).await;
        assert_eq!(answer.status, StatusCode::OK, "{range:?}: {answer:?}");
    }
    assert_eq!(visitor.log(&server).await, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_batch_from_two_tabs_at_once_is_stored_once() {
    let place = Place::new();
    let server = place.start().await;
    for _ in 0..10 {
        let mut visitor = Visitor::begin(&place, &server).await;
        visitor.attend("landing");
        let question = visitor.asked("landing").expect("a question");
        visitor.answer(question, "a-wrong-one");
        let batch = visitor.outbox.clone();
        let (one, two) = tokio::join!(visitor.send(&server, &batch), visitor.send(&server, &batch));
        assert_eq!((one.status, two.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(one.json(), two.json());
        assert_eq!(visitor.log(&server).await, batch);
        let statements = visitor.get(&server, "/statements").await.json();
        let ids: Vec<_> = statements["statements"]
            .as_array()
            .expect("statements")
            .iter()
            .map(|statement| statement["id"].to_string())
            .collect();
        let mut distinct = ids.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(ids.len(), distinct.len());
    }
}

#[tokio::test]
async fn a_visit_goes_on_after_a_restart_where_it_was() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    drop(server);
    let server = place.start().await;
    visitor.answer_all(&server, "landing", true).await;
    let record = visitor.get(&server, "").await.json()["record"].clone();
    assert_eq!(record["passed"], true, "{record}");
}

#[tokio::test]
async fn a_visit_can_be_read_when_its_package_has_gone() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let before = visitor.get(&server, "").await.json();
    assert_eq!(before["feedback"].as_object().map(Map::len), Some(2));
    let statements = visitor.get(&server, "/statements").await.json();
    drop(server);
    let (packages, away) = (place.folder("packages/boat"), place.folder("data/away"));
    std::fs::rename(&packages, &away).expect("a package");
    let server = place.start().await;
    let mut after = visitor.get(&server, "").await.json();
    assert_eq!(after["feedback"], Value::Null);
    after["feedback"] = before["feedback"].clone();
    assert_eq!(after, before);
    assert_eq!(visitor.get(&server, "/statements").await.json(), statements);

    visitor.attend("bow");
    let batch = visitor.outbox.clone();
    let refused = visitor.send(&server, &batch).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.code(), "PACKAGE_GONE");
    assert_eq!(refused.header("retry-after"), "60");
    let sentence = refused.json()["error"]["message"].to_string();
    assert!(
        sentence.contains("not on the server any more"),
        "{sentence}"
    );
    assert_eq!(
        visitor.log(&server).await.len(),
        5,
        "nothing of it was stored"
    );

    std::fs::rename(&away, &packages).expect("a package");
    visitor.flush(&server).await;
    assert_eq!(
        visitor.log(&server).await.len(),
        8,
        "and all of it once it is back"
    );
}

#[tokio::test]
async fn what_was_erased_is_gone_from_the_disk_too() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let on_disk = || records::hold(&place.records, &visitor.visit);
    assert!(on_disk());
    let erase = |token: String| {
        let (server, path) = (&server, visitor.path(""));
        async move {
            server
                .call(Method::DELETE, &path, Some(&token), &Value::Null)
                .await
        }
    };
    assert_eq!(
        erase("not-the-token".into()).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        erase(visitor.token.clone()).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(!on_disk());
    assert_eq!(visitor.get(&server, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        visitor.get(&server, "/statements").await.status,
        StatusCode::NOT_FOUND
    );
    let batch = visitor.outbox.clone();
    assert_eq!(visitor.send(&server, &batch).await.code(), "UNKNOWN_VISIT");
    assert_eq!(
        erase(visitor.token.clone()).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_order_of_what_happened_is_kept() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    for stop in ["landing", "bow", "landing"] {
        visitor.act(Action::Arrive {
            stop: stop.parse().expect("an id"),
        });
        visitor.flush(&server).await;
    }
    let numbers: Vec<_> = visitor
        .log(&server)
        .await
        .iter()
        .map(|entry| entry.seq)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}
