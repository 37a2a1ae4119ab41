//! A client that pretends: each of its tricks is refused by name, with what to do instead, and of
//! the visit nothing has changed.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, StatusCode},
};
use futures_util::stream;
use serde_json::{Value, json};
use xinghuo_tour::{Action, Entry, Session, StopId};

use crate::{
    place::{Answer, Place, Running},
    visitor::Visitor,
};

fn stop(id: &str) -> StopId {
    id.parse().expect("an id")
}

fn arrive(seq: u32, at: u64) -> Entry {
    let action = Action::Arrive { stop: stop("bow") };
    Entry { seq, at, action }
}

/// A visitor who has shown something already: the log has three entries, the last of them after
/// 1,002 milliseconds.
async fn under_way() -> (Place, Running, Visitor) {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    (place, server, visitor)
}

/// All that the server keeps of a visit: its log, verdicts and record, and its statements.
async fn kept(server: &Running, visitor: &Visitor) -> [Value; 2] {
    let [visit, statements] = ["", "/statements"].map(|below| visitor.get(server, below));
    let (visit, statements) = (visit.await, statements.await);
    assert_eq!(visit.status, StatusCode::OK, "{visit:?}");
    assert_eq!(statements.status, StatusCode::OK, "{statements:?}");
    [visit.json(), statements.json()]
}

/// It is refused with this status and code, in a sentence that has `named` in it and one that says
/// what to do.
#[track_caller]
fn check_refused(answer: &Answer, status: u16, code: &str, named: &str) {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    let error = answer.json()["error"].clone();
    assert_eq!(error["code"], code, "{error}");
    let message = error["message"].as_str().expect("a sentence");
    assert!(message.contains(named), "{named:?} is not in {message:?}");
    let next = error["next"].as_str().expect("a sentence");
    assert!(next.len() > 10, "{error}");
}

/// The same of a batch; and what is kept of the visit is what was kept before.
async fn check_batch(batch: &Value, status: u16, code: &str, named: &str) {
    let (_place, server, visitor) = under_way().await;
    let before = kept(&server, &visitor).await;
    let answer = visitor.send_json(&server, batch).await;
    check_refused(&answer, status, code, named);
    assert_eq!(kept(&server, &visitor).await, before, "{named}");
}

/// The whole rest of the visit in one second: the very first look cannot have been.
#[tokio::test]
async fn everything_done_within_one_second() {
    let (stop, second) = (stop("bow"), 1_002..=2_002);
    let actions = [
        Action::Look {
            stop: stop.clone(),
            millis: 1_000,
        },
        Action::Arrive { stop: stop.clone() },
        Action::Story { stop },
        Action::Answer {
            question: "bow-what".parse().expect("an id"),
            response: serde_json::from_value(json!({"kind": "single", "value": "a-lamp"}))
                .expect("an answer"),
        },
    ];
    let entries: Vec<_> = (4..)
        .zip(second.step_by(250))
        .zip(actions)
        .map(|((seq, at), action)| Entry { seq, at, action })
        .collect();
    let batch = json!({ "entries": entries });
    let named = "entry 4 cannot be true: more looking was claimed than time has passed";
    check_batch(&batch, 422, "REFUSED", named).await;
}

/// Nothing that a client says of its own achievements has a place in any message.
#[tokio::test]
async fn an_achievement_that_is_claimed() {
    let entry = |at_entry: Value, at_action: Value| {
        let mut entry = json!({"seq": 4, "at": 1_100, "action": {"type": "arrive", "stop": "bow"}});
        for (place, claims) in [("", at_entry), ("/action", at_action)] {
            let place = entry.pointer_mut(place).and_then(Value::as_object_mut);
            place
                .expect("an object")
                .extend(claims.as_object().expect("claims").clone());
        }
        json!({ "entries": [entry] })
    };
    let action = |action: Value| json!({"entries": [{"seq": 4, "at": 1_100, "action": action}]});
    let answer = json!({
        "type": "answer", "question": "landing-who",
        "response": {"kind": "single", "value": "a-wrong-one", "right": true},
    });
    let none = || json!({});
    for (batch, named) in [
        (json!({"entries": [], "completed": true}), "completed"),
        (json!({"entries": [], "record": {"passed": true}}), "record"),
        (json!({"entries": [], "verdicts": []}), "verdicts"),
        (entry(json!({"completed": true}), none()), "completed"),
        (entry(json!({"events": ["passed"]}), none()), "events"),
        (entry(none(), json!({"completed": true})), "completed"),
        (entry(none(), json!({"score": 1.0})), "score"),
        (action(answer), "right"),
        (action(json!({"type": "completed"})), "completed"),
        (action(json!({"type": "passed", "scaled": 1.0})), "passed"),
    ] {
        check_batch(&batch, 400, "BAD_REQUEST", named).await;
    }
}

#[tokio::test]
async fn a_visit_that_begins_completed() {
    let place = Place::new();
    let server = place.start().await;
    let asked = json!({
        "venue": "boat", "package": place.package, "language": "en", "consent": 1, "completed": true,
    });
    let answer = server
        .call(Method::POST, "/api/v1/visits", None, &asked)
        .await;
    check_refused(&answer, 400, "BAD_REQUEST", "completed");
}

/// The token of one visit opens no other: neither of the two has changed, and neither is erased.
#[tokio::test]
async fn another_visits_token() {
    let (place, server, visitor) = under_way().await;
    let other = Visitor::begin(&place, &server).await;
    let before = [kept(&server, &visitor).await, kept(&server, &other).await];
    let batch = json!({"entries": [arrive(4, 1_100)]});
    let unknown = "there is no such visit for this token";
    for (method, below, body) in [
        (Method::POST, "/evidence", &batch),
        (Method::DELETE, "", &Value::Null),
        (Method::GET, "", &Value::Null),
        (Method::GET, "/statements", &Value::Null),
    ] {
        let path = visitor.path(below);
        for token in [other.token.as_str(), "", "x"] {
            let answer = server.call(method.clone(), &path, Some(token), body).await;
            let refused = answer.status.as_u16();
            assert!([401, 404].contains(&refused), "{method} {path}: {answer:?}");
            if refused == 404 {
                check_refused(&answer, 404, "UNKNOWN_VISIT", unknown);
            } else {
                check_refused(&answer, 401, "NO_TOKEN", "token");
            }
        }
    }
    let after = [kept(&server, &visitor).await, kept(&server, &other).await];
    assert_eq!(after, before);
}

/// Ten megabytes, announced or not: what is too much is not read, let alone kept in memory.
#[tokio::test]
async fn a_body_of_ten_megabytes() {
    let (_place, server, visitor) = under_way().await;
    let before = kept(&server, &visitor).await;
    let request = |body: Body| {
        Request::post(visitor.path("/evidence"))
            .header("authorization", format!("Bearer {}", visitor.token))
            .header("content-type", "application/json")
            .body(body)
            .expect("a request")
    };
    let whole = vec![b' '; 10_000_000];
    let answer = server.ask(request(whole.into())).await;
    check_refused(&answer, 413, "TOO_LARGE", "larger than this call takes");

    let read = Arc::new(AtomicUsize::new(0));
    let answer = server.ask(request(unannounced(read.clone()))).await;
    check_refused(&answer, 413, "TOO_LARGE", "larger than this call takes");
    let read = read.load(Ordering::Relaxed);
    assert!(read <= 5 * PIECE, "{read} bytes were read");
    assert_eq!(kept(&server, &visitor).await, before);
}

const PIECE: usize = 16 * 1024;

/// Ten megabytes in pieces, and nothing said beforehand of how many. `read` counts what is taken.
fn unannounced(read: Arc<AtomicUsize>) -> Body {
    let pieces = (0..10_000_000 / PIECE).map(move |_| {
        read.fetch_add(PIECE, Ordering::Relaxed);
        Ok::<_, Infallible>(Bytes::from_static(&[b' '; PIECE]))
    });
    Body::from_stream(stream::iter(pieces))
}

#[tokio::test]
async fn a_hundred_thousand_actions_at_once() {
    let many: Vec<_> = (4..100_004).map(|seq| arrive(seq, 1_100)).collect();
    let too_large = "larger than this call takes";
    check_batch(&json!({"entries": many}), 413, "TOO_LARGE", too_large).await;
    let few = json!({"entries": many[..201]});
    let named = "the batch has 201 entries; at most 200";
    check_batch(&few, 413, "TOO_LARGE", named).await;
}

/// The same little by little: the log ends, and with it what the server keeps and replays.
#[tokio::test]
async fn a_hundred_thousand_actions_little_by_little() {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    let full = Session::MAX_ENTRIES;
    for first in (1..=full).step_by(200) {
        let batch: Vec<_> = (first..first + 200).map(|seq| arrive(seq, 1)).collect();
        let answer = visitor.send(&server, &batch).await;
        assert_eq!(answer.status, StatusCode::OK, "{first}: {answer:?}");
    }
    let before = kept(&server, &visitor).await;
    let answer = visitor.send(&server, &[arrive(full + 1, 1)]).await;
    check_refused(&answer, 422, "REFUSED", "the visit's log is full");
    assert_eq!(answer.json()["error"]["reason"], "too-long");
    assert_eq!(kept(&server, &visitor).await, before);
}

#[tokio::test]
async fn numbers_that_are_skipped() {
    let batch = |numbers: &[u32]| {
        let entries: Vec<_> = numbers.iter().map(|seq| arrive(*seq, 1_100)).collect();
        json!({ "entries": entries })
    };
    for skipping in [&[5][..], &[5, 6], &[1_000], &[u32::MAX]] {
        let named = "the next entry of the log is number 4";
        check_batch(&batch(skipping), 409, "SEQ_GAP", named).await;
    }
    for (skipping, named) in [
        (&[4, 6][..], "entry 6 does not follow"),
        (&[4, 5, 4], "entry 4 does not follow"),
        (&[0], "entry 0 does not follow"),
        (&[], "the batch is empty"),
    ] {
        check_batch(&batch(skipping), 400, "BAD_REQUEST", named).await;
    }
    // Nor can another entry take the place of one that is there.
    let named = "the log has another entry numbered 2";
    check_batch(&batch(&[2]), 409, "SEQ_CONFLICT", named).await;
}

/// Entries count milliseconds from the visit's beginning. A page that took its device's clock for
/// that would send these.
#[tokio::test]
async fn a_clock_of_1970_or_2100() {
    let batch = |at: Value| {
        let mut entry = serde_json::to_value(arrive(4, 0)).expect("JSON");
        entry["at"] = at;
        json!({ "entries": [entry] })
    };
    let future = "entry 4 cannot be true: the action is later than the server's clock";
    for at in [4_102_444_800_000, u64::MAX] {
        check_batch(&batch(at.into()), 422, "REFUSED", future).await;
    }
    let past = "entry 4 cannot be true: the action is older than the one before it";
    check_batch(&batch(0.into()), 422, "REFUSED", past).await;
    for (at, named) in [
        (json!(-1_795_000_000_000_i64), "-1795000000000"),
        (json!("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00Z"),
        (json!(1e300), "1e"),
    ] {
        check_batch(&batch(at), 400, "BAD_REQUEST", named).await;
    }
}
