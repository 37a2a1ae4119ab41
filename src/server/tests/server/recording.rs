//! Statements of others: kept once, all of a batch or nothing, found page by page.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    place::{Place, Running},
    recorder::{Recorder, by, id, ids, statement},
};

async fn set_up() -> (Place, Running, Recorder) {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    (place, server, recorder)
}

#[tokio::test]
async fn what_was_sent_comes_back_with_what_a_record_store_adds() {
    let (_place, server, recorder) = set_up().await;
    let sent = statement("ann", "a");
    assert_eq!(
        recorder.post(&server, &sent).await.json(),
        json!([id(&sent)])
    );
    let path = format!("/xapi/statements?statementId={}", id(&sent));
    let answer = recorder.get(&server, &path).await;
    let kept = answer.json();
    for name in ["id", "actor", "verb", "object"] {
        assert_eq!(kept[name], sent[name], "{name}");
    }
    assert_eq!(kept["version"], "2.0.0");
    assert_eq!(kept["timestamp"], kept["stored"]);
    assert_eq!(kept["authority"]["account"]["name"], *recorder.key);
    assert!(!answer.header("last-modified").is_empty());
    let through = answer.header("x-experience-api-consistent-through");
    assert!(
        through >= kept["stored"].as_str().expect("a time"),
        "{through}"
    );
}

#[tokio::test]
async fn one_bad_of_fifty_keeps_all_fifty_out() {
    let (_place, server, recorder) = set_up().await;
    let mut batch: Vec<_> = (0..50).map(|n| statement("ann", &n.to_string())).collect();
    batch[33]["verb"]["id"] = json!("no IRI");
    let answer = recorder.post(&server, &json!(batch)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let sentence = answer.json()["error"]["message"].to_string();
    assert!(sentence.contains("/33/verb/id"), "{sentence}");
    assert!(recorder.found(&server, "").await.is_empty());

    batch[33] = statement("ann", "33");
    let kept = recorder.post(&server, &json!(batch)).await.json();
    assert_eq!(
        kept,
        batch.iter().map(|it| it["id"].clone()).collect::<Value>()
    );
    assert_eq!(recorder.found(&server, "").await.len(), 50);
}

#[tokio::test]
async fn an_id_twice_in_a_batch_keeps_the_batch_out() {
    let (_place, server, recorder) = set_up().await;
    let twice = statement("ann", "a");
    let batch = json!([twice, statement("ann", "b"), twice]);
    let answer = recorder.post(&server, &batch).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert!(recorder.found(&server, "").await.is_empty());
}

#[tokio::test]
async fn the_same_id_again_is_taken_if_equal_and_a_conflict_if_not() {
    let (_place, server, recorder) = set_up().await;
    let first = statement("ann", "a");
    recorder.post(&server, &first).await;
    let path = format!("/xapi/statements?statementId={}", id(&first));
    let before = recorder.get(&server, &path).await.bytes;

    let again = recorder.post(&server, &first).await;
    assert_eq!(
        (again.status, again.json()),
        (StatusCode::OK, json!([id(&first)]))
    );
    let put = recorder.send(&server, Method::PUT, &path, &first).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT);

    let mut other = first.clone();
    other["object"]["id"] = json!("http://example.org/things/b");
    let fresh = statement("ann", "c");
    let answer = recorder.post(&server, &json!([fresh, other])).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(
        recorder.found(&server, "").await,
        [id(&first)],
        "nothing of it is kept"
    );
    assert_eq!(recorder.get(&server, &path).await.bytes, before);
}

#[tokio::test]
async fn two_clients_with_one_id_at_once_leave_one_statement() {
    let (place, server, recorder) = set_up().await;
    let second = Recorder::new(&place, &["all"]).await;
    for _ in 0..20 {
        let ours = statement("ann", "a");
        let mut theirs = ours.clone();
        theirs["object"]["id"] = json!("http://example.org/things/b");
        let (a, b) = tokio::join!(recorder.post(&server, &ours), second.post(&server, &theirs));
        let mut answered = [a.status, b.status];
        answered.sort();
        assert_eq!(answered, [StatusCode::OK, StatusCode::CONFLICT]);
        let (a, b) = tokio::join!(recorder.post(&server, &ours), recorder.post(&server, &ours));
        assert_eq!(a.status, b.status);
    }
    assert_eq!(recorder.found(&server, "").await.len(), 20);
}

/// Follows `more` to the end, and has `meanwhile` done between the pages.
async fn pages(server: &Running, recorder: &Recorder, query: &str) -> Vec<String> {
    let mut path = format!("/xapi/statements?{query}");
    let mut seen = Vec::new();
    while !path.is_empty() {
        let page = recorder.get(server, &path).await.json();
        seen.extend(ids(&page));
        recorder.post(server, &statement("ann", "meanwhile")).await;
        path = page["more"].as_str().expect("more").to_owned();
        assert!(seen.len() < 1_000, "it does not end");
    }
    seen
}

#[tokio::test]
async fn pages_neither_miss_nor_repeat_while_others_write() {
    let (_place, server, recorder) = set_up().await;
    let batch: Vec<_> = (0..23).map(|n| statement("ann", &n.to_string())).collect();
    recorder.post(&server, &json!(batch)).await;
    let mut sent: Vec<_> = batch.iter().map(|it| id(it).to_owned()).collect();

    let until = recorder.found(&server, "limit=1").await;
    let last = recorder
        .get(
            &server,
            &format!("/xapi/statements?statementId={}", until[0]),
        )
        .await;
    let until = last.json()["stored"].as_str().expect("a time").to_owned();

    let ascending = format!("{}&ascending=true&limit=5&until={until}", by("ann"));
    assert_eq!(pages(&server, &recorder, &ascending).await, sent);
    let descending = pages(&server, &recorder, &format!("limit=4&until={until}")).await;
    sent.reverse();
    assert_eq!(descending, sent);
    let fresh = recorder.found(&server, &format!("since={until}")).await;
    assert!(!fresh.is_empty() && fresh.iter().all(|id| !sent.contains(id)));
}

#[tokio::test]
async fn pages_of_large_statements_are_short_and_complete() {
    let (_place, server, recorder) = set_up().await;
    let large = |n: usize| {
        let mut large = statement("ann", &n.to_string());
        let megabytes = if n == 2 { 9 } else { 3 };
        large["result"] = json!({"response": "x".repeat(megabytes << 20)});
        large
    };
    let mut sent = Vec::new();
    for n in 0..6 {
        let large = large(n);
        assert_eq!(recorder.post(&server, &large).await.status, StatusCode::OK);
        sent.push(id(&large).to_owned());
    }
    let mut path = format!(
        "/xapi/statements?ascending=true&related_agents=true&{}",
        by("ann")
    );
    let mut lengths = Vec::new();
    let mut seen = Vec::new();
    while !path.is_empty() {
        let page = recorder.get(&server, &path).await.json();
        lengths.push(ids(&page).len());
        seen.extend(ids(&page));
        path = page["more"].as_str().expect("more").to_owned();
    }
    assert_eq!(seen, sent);
    assert_eq!(lengths, [2, 1, 2, 1]);
}

#[tokio::test]
async fn every_filter_finds_what_it_should() {
    let (_place, server, recorder) = set_up().await;
    let registration = Uuid::new_v4().to_string();
    let mut a = statement("ann", "a");
    a["context"] = json!({
        "registration": registration,
        "instructor": {"mbox": "mailto:teacher@example.org"},
        "contextActivities": {"parent": {"id": "http://example.org/things/course"}},
    });
    let mut b = statement("ben", "b");
    b["actor"] = json!({"objectType": "Group", "member": [{"mbox": "mailto:ben@example.org"}]});
    b["verb"]["id"] = json!("http://example.org/verbs/saw");
    let mut c = statement("cleo", "c");
    c["object"] = json!({
        "objectType": "SubStatement", "actor": {"mbox": "mailto:ann@example.org"},
        "verb": {"id": "http://example.org/verbs/saw"},
        "object": {"id": "http://example.org/things/b"},
    });
    recorder.post(&server, &json!([a, b, c])).await;
    let thing = |name: &str| format!("activity=http://example.org/things/{name}");
    for (query, found) in [
        (by("ann"), vec![&a]),
        (by("ben"), vec![&b]),
        (by("nobody"), vec![]),
        (format!("{}&related_agents=true", by("ann")), vec![&c, &a]),
        (format!("{}&related_agents=true", by("teacher")), vec![&a]),
        (by("teacher"), vec![]),
        (thing("b"), vec![&b]),
        (
            format!("{}&related_activities=true", thing("b")),
            vec![&c, &b],
        ),
        (
            format!("{}&related_activities=true", thing("course")),
            vec![&a],
        ),
        ("verb=http://example.org/verbs/saw".into(), vec![&b]),
        (format!("registration={registration}"), vec![&a]),
        (format!("registration={registration}&{}", by("ben")), vec![]),
        (
            format!("registration={registration}&{}&{}", by("ann"), thing("a")),
            vec![&a],
        ),
        ("ascending=true&limit=2".into(), vec![&a, &b]),
    ] {
        let found: Vec<_> = found.into_iter().map(id).collect();
        assert_eq!(recorder.found(&server, &query).await, found, "{query}");
    }
}

#[tokio::test]
async fn what_speaks_of_a_statement_is_found_with_it_in_whatever_order_they_come() {
    for reference_first in [false, true] {
        let (_place, server, recorder) = set_up().await;
        let said = statement("ann", "a");
        let about = |target: &str| {
            let mut about = statement("ben", "x");
            about["object"] = json!({"objectType": "StatementRef", "id": target});
            about
        };
        let confirmed = about(id(&said));
        let doubted = about(id(&confirmed));
        let mut sent = [&said, &confirmed, &doubted];
        if reference_first {
            sent.reverse();
        }
        for it in sent {
            assert_eq!(recorder.post(&server, it).await.status, StatusCode::OK);
        }
        let mut found = recorder.found(&server, &by("ann")).await;
        let mut all = [&said, &confirmed, &doubted].map(|it| id(it).to_owned());
        found.sort();
        all.sort();
        assert_eq!(found, all);
    }
}

#[tokio::test]
async fn a_voided_statement_is_shown_only_to_those_who_ask_for_it() {
    for voiding_first in [false, true] {
        let (_place, server, recorder) = set_up().await;
        let said = statement("ann", "a");
        let mut voiding = statement("ben", "x");
        voiding["verb"]["id"] = json!("http://adlnet.gov/expapi/verbs/voided");
        voiding["object"] = json!({"objectType": "StatementRef", "id": id(&said)});
        let mut sent = [&said, &voiding];
        if voiding_first {
            sent.reverse();
        }
        for it in sent {
            assert_eq!(recorder.post(&server, it).await.status, StatusCode::OK);
        }
        assert_eq!(recorder.found(&server, &by("ann")).await, [id(&voiding)]);
        let by_id = |name: &str, it: &Value| format!("/xapi/statements?{name}={}", id(it));
        for (path, status) in [
            (by_id("statementId", &said), StatusCode::NOT_FOUND),
            (by_id("voidedStatementId", &said), StatusCode::OK),
            (by_id("voidedStatementId", &voiding), StatusCode::NOT_FOUND),
            (by_id("statementId", &voiding), StatusCode::OK),
        ] {
            assert_eq!(recorder.get(&server, &path).await.status, status, "{path}");
        }
        // Voiding what voids is kept and does nothing.
        let mut again = statement("ben", "y");
        again["verb"]["id"] = voiding["verb"]["id"].clone();
        again["object"] = json!({"objectType": "StatementRef", "id": id(&voiding)});
        assert_eq!(recorder.post(&server, &again).await.status, StatusCode::OK);
        let path = by_id("statementId", &voiding);
        assert_eq!(recorder.get(&server, &path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_a_database_cannot_keep_is_no_error_of_the_server() {
    let (_place, server, recorder) = set_up().await;
    let mut named = statement("ann", "swam");
    named["actor"]["name"] = json!("a\u{0}b");
    let answer = recorder.post(&server, &named).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    let state = format!(
        "/xapi/activities/state?activityId=http://example.org/x&stateId=a%00b&{}",
        by("ann")
    );
    let put = recorder
        .send(&server, Method::PUT, &state, &json!({}))
        .await;
    let get = recorder.get(&server, &state).await;
    let query = "/xapi/statements?activity=http://example.org/%00";
    let found = recorder.get(&server, query).await;
    for answer in [put, get, found] {
        assert!(!answer.status.is_server_error(), "{answer:?}");
    }
}
