//! What nobody can make the server believe, and what no request can make it do.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use xinghuo_tour::{Action, Entry, StopId};

use crate::{
    place::{Answer, Place, Running},
    visitor::Visitor,
};

fn entry(seq: u32, at: u64, action: Action) -> Entry {
    Entry { seq, at, action }
}

fn landing() -> StopId {
    "landing".parse().expect("an id")
}

fn arrive() -> Action {
    Action::Arrive { stop: landing() }
}

fn look(millis: u32) -> Action {
    Action::Look {
        stop: landing(),
        millis,
    }
}

async fn visit() -> (Place, Running, Visitor) {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    (place, server, visitor)
}

/// A batch is refused at entry `seq` for this reason, and what came before it is in the log.
#[track_caller]
fn check_refused(answer: &Answer, seq: u32, reason: &str) {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{answer:?}"
    );
    let error = answer.json()["error"].clone();
    assert_eq!(error["code"], "REFUSED", "{error}");
    assert_eq!(error["seq"], seq, "{error}");
    assert_eq!(error["reason"], reason, "{error}");
    assert_eq!(error["acceptedThrough"], seq - 1, "{error}");
}

#[tokio::test]
async fn nothing_can_be_later_than_the_servers_clock() {
    let (_place, server, visitor) = visit().await;
    let answer = visitor.send(&server, &[entry(1, 60_000, arrive())]).await;
    check_refused(&answer, 1, "from-the-future");
    let answer = visitor.send(&server, &[entry(1, u64::MAX, arrive())]).await;
    check_refused(&answer, 1, "from-the-future");
    let answer = visitor
        .send(
            &server,
            &[entry(1, 5, arrive()), entry(2, 3_600_000, look(3_600_000))],
        )
        .await;
    check_refused(&answer, 2, "from-the-future");
    assert_eq!(visitor.log(&server).await.len(), 1);
}

#[tokio::test]
async fn nobody_sees_everything_within_a_second() {
    let (_place, server, visitor) = visit().await;
    let answer = visitor
        .send(
            &server,
            &[
                entry(1, 1, arrive()),
                entry(2, 900, look(899)),
                entry(3, 1_000, look(1_000)),
                entry(4, 1_000, Action::Story { stop: landing() }),
            ],
        )
        .await;
    check_refused(&answer, 3, "more-than-the-clock");
    let state = visitor.get(&server, "").await.json();
    assert_eq!(state["record"]["completed"], false);
    assert_eq!(state["entries"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn nobody_looks_longer_than_time_passes() {
    let (_place, server, visitor) = visit().await;
    let answer = visitor
        .send(
            &server,
            &[entry(1, 1, arrive()), entry(2, 500, look(u32::MAX))],
        )
        .await;
    check_refused(&answer, 2, "more-than-the-clock");
}

#[tokio::test]
async fn nobody_goes_back_in_time() {
    let (_place, server, visitor) = visit().await;
    let answer = visitor
        .send(&server, &[entry(1, 900, arrive()), entry(2, 899, arrive())])
        .await;
    check_refused(&answer, 2, "clock-ran-back");
}

#[tokio::test]
async fn what_the_venue_does_not_have_is_refused() {
    let (_place, server, visitor) = visit().await;
    let nowhere = Action::Arrive {
        stop: "nowhere".parse().expect("an id"),
    };
    check_refused(
        &visitor.send(&server, &[entry(1, 1, nowhere)]).await,
        1,
        "unknown-stop",
    );
    let answer = json!({"seq": 1, "at": 1, "action": {
        "type": "answer", "question": "landing-who",
        "response": {"kind": "single", "value": "the-right-one"},
    }});
    let answer = visitor
        .send_json(&server, &json!({"entries": [answer]}))
        .await;
    check_refused(&answer, 1, "not-there");
}

#[tokio::test]
async fn a_log_cannot_be_rewritten() {
    let (_place, server, visitor) = visit().await;
    let first = [entry(1, 1, arrive()), entry(2, 500, look(400))];
    assert_eq!(visitor.send(&server, &first).await.status, StatusCode::OK);
    let answer = visitor.send(&server, &[entry(2, 500, look(401))]).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::CONFLICT, "SEQ_CONFLICT")
    );
    assert_eq!(visitor.log(&server).await, first);
}

#[tokio::test]
async fn a_log_has_no_gaps() {
    let (_place, server, visitor) = visit().await;
    for seq in [2, 7, u32::MAX] {
        let answer = visitor.send(&server, &[entry(seq, 1, arrive())]).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::CONFLICT, "SEQ_GAP")
        );
        assert_eq!(answer.json()["error"]["expected"], 1, "{seq}");
    }
    for numbers in [&[0][..], &[], &[1, 3], &[2, 1], &[1, 1], &[u32::MAX, 0]] {
        let batch: Vec<_> = numbers.iter().map(|&seq| entry(seq, 1, arrive())).collect();
        let answer = visitor.send(&server, &batch).await;
        assert_eq!(answer.code(), "BAD_REQUEST", "{numbers:?}");
    }
    assert!(visitor.log(&server).await.is_empty());
}

#[tokio::test]
async fn only_the_visits_own_token_opens_it() {
    let (place, server, visitor) = visit().await;
    let other = Visitor::begin(&place, &server).await;
    let body = json!({"entries": [entry(1, 1, arrive())]});
    let unknown = "/api/v1/visits/00000000-0000-4000-8000-000000000000";
    for (method, below, body) in [
        (Method::GET, "", &Value::Null),
        (Method::DELETE, "", &Value::Null),
        (Method::GET, "/statements", &Value::Null),
        (Method::POST, "/evidence", &body),
    ] {
        let path = visitor.path(below);
        let none = server.call(method.clone(), &path, None, body).await;
        assert_eq!(
            (none.status, none.code().as_str()),
            (StatusCode::UNAUTHORIZED, "NO_TOKEN")
        );
        let wrong = server
            .call(method.clone(), &path, Some(&other.token), body)
            .await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "{method} {below}");
        let path = format!("{unknown}{below}");
        let nobody = server
            .call(method.clone(), &path, Some(&other.token), body)
            .await;
        assert_eq!(
            wrong.bytes, nobody.bytes,
            "a stranger learns that the visit exists"
        );
        assert_eq!(wrong.status, nobody.status);
    }
    assert!(visitor.log(&server).await.is_empty());
}

#[tokio::test]
async fn what_is_not_a_batch_is_refused_with_a_sentence() {
    let (_place, server, visitor) = visit().await;
    for body in [
        json!({}),
        json!({"entries": [], "completed": true}),
        json!([]),
        json!({"entries": "all"}),
        json!({"entries": [{"seq": 1}]}),
        json!({"entries": [{"seq": -1, "at": 1, "action": {"type": "enter", "room": "lake"}}]}),
        json!({"entries": [{"seq": 4_294_967_296_u64, "at": 1, "action": {"type": "enter", "room": "lake"}}]}),
        json!({"entries": [{"seq": 1, "at": 1.5, "action": {"type": "enter", "room": "lake"}}]}),
        json!({"entries": [{"seq": 1, "at": 1, "action": {"type": "pass"}}]}),
        json!({"entries": [{"seq": 1, "at": 1, "action": {"type": "arrive", "stop": "../keys"}}]}),
    ] {
        let answer = visitor.send_json(&server, &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            "{body}"
        );
    }
    let raw = async |kind: &str, body: Vec<u8>| {
        let request = Request::post(visitor.path("/evidence"))
            .header("authorization", format!("Bearer {}", visitor.token))
            .header("content-type", kind)
            .body(Body::from(body))
            .expect("a request");
        let answer = server.ask(request).await;
        (answer.status.as_u16(), answer.code())
    };
    let json = "application/json";
    assert_eq!(
        raw(json, b"{\"entries\":[".to_vec()).await,
        (400, "BAD_REQUEST".into())
    );
    assert_eq!(
        raw(json, b"\xff\xfe".to_vec()).await,
        (400, "BAD_REQUEST".into())
    );
    assert_eq!(
        raw(json, vec![b'['; 40_000]).await,
        (400, "BAD_REQUEST".into())
    );
    assert_eq!(
        raw("text/plain", b"{\"entries\":[]}".to_vec()).await,
        (415, "NOT_JSON".into())
    );
    assert_eq!(
        raw(json, vec![b' '; 10_000_000]).await,
        (413, "TOO_LARGE".into())
    );
    let batch = json!({"entries": [entry(1, 1, arrive())]})
        .to_string()
        .into_bytes();
    assert_eq!(
        raw("application/json; charset=utf-8", batch).await,
        (200, String::new())
    );
}

#[tokio::test]
async fn nothing_is_shown_at_a_stop_that_was_never_arrived_at() {
    let (_place, server, visitor) = visit().await;
    let before = visitor.get(&server, "").await.json();
    for action in [
        Action::Story { stop: landing() },
        Action::Describe { stop: landing() },
    ] {
        let answer = visitor.send(&server, &[entry(1, 1, action)]).await;
        check_refused(&answer, 1, "not-there");
        assert_eq!(visitor.get(&server, "").await.json(), before);
    }
}

/// Every question answered, rightly even, in the second in which the visit began: the record says
/// what that shows, which is not a completed visit, since nobody can have looked so soon.
#[tokio::test]
async fn answering_everything_within_a_second_completes_nothing() {
    let (_place, server, mut visitor) = visit().await;
    visitor.act(arrive());
    visitor.flush(&server).await;
    visitor.answer_all(&server, "landing", true).await;
    let state = visitor.get(&server, "").await.json();
    assert_eq!(state["record"]["completed"], false, "{state}");
    let statements = visitor.get(&server, "/statements").await.json();
    assert!(
        !statements.to_string().contains("verbs/completed"),
        "{statements}"
    );
}

#[tokio::test]
async fn a_method_that_is_not_there_is_named() {
    let (_place, server, visitor) = visit().await;
    let answer = server
        .call(
            Method::PUT,
            &visitor.path(""),
            Some(&visitor.token),
            &json!({}),
        )
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.code(), "METHOD_NOT_ALLOWED");
    let answer = server
        .call(Method::POST, "/index.html", None, &json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}
