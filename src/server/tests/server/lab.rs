//! A lab from outside: headsets join, visits are handed to them and taken back, and one at a time
//! holds each.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use xinghuo_server::{Allowance, Limits};

use crate::{
    place::{Answer, Place, Running},
    records,
    visitor::Visitor,
};

const ADDRESS: &str = "http://192.168.1.20:8080";

/// Whoever runs the room.
struct Instructor {
    lab: String,
    key: String,
}

impl Instructor {
    async fn open(server: &Running, door_open: bool) -> Self {
        let asked = json!({"venue": "boat", "doorOpen": door_open});
        let opened = server
            .call(Method::POST, "/api/v1/labs", None, &asked)
            .await;
        assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
        let text = |field: &str| opened.json()[field].as_str().expect("a text").to_owned();
        Self {
            lab: text("lab"),
            key: text("key"),
        }
    }

    async fn ask(&self, server: &Running, method: Method, below: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/labs/{}{below}", self.lab);
        server.call(method, &path, Some(&self.key), body).await
    }

    async fn look(&self, server: &Running) -> Value {
        let shown = self.ask(server, Method::GET, "", &Value::Null).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
        shown.json()
    }

    async fn code(&self, server: &Running) -> String {
        let shown = self.look(server).await;
        shown["code"].as_str().expect("a code").to_owned()
    }
}

async fn join(server: &Running, code: Option<&str>, token: Option<&str>) -> Answer {
    let body = json!({ "code": code });
    server
        .call(Method::POST, "/api/v1/join", token, &body)
        .await
}

/// A headset that has joined: its token and its number.
async fn joined(server: &Running, code: Option<&str>) -> (String, u64) {
    let answer = join(server, code, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["kind"], "lab", "{answer}");
    let token = answer["of"]["token"].as_str().expect("a token").to_owned();
    (token, answer["of"]["number"].as_u64().expect("a number"))
}

async fn headset(
    server: &Running,
    method: Method,
    below: &str,
    token: &str,
    body: &Value,
) -> Answer {
    let path = format!("/api/v1/headset{below}");
    server.call(method, &path, Some(token), body).await
}

async fn told(server: &Running, token: &str) -> Value {
    let answer = headset(server, Method::GET, "", token, &Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// The code under which a visit is offered.
async fn offered(server: &Running, visitor: &Visitor) -> String {
    let body = json!({ "address": ADDRESS });
    let path = visitor.path("/handover");
    let answer = server
        .call(Method::POST, &path, Some(&visitor.token), &body)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let answer = answer.json();
    assert!(
        answer["picture"]
            .as_str()
            .expect("a picture")
            .contains("<svg")
    );
    answer["code"].as_str().expect("a code").to_owned()
}

/// The same visit, gone on with by another token.
fn with_token(visitor: &Visitor, ticket: &Value) -> Visitor {
    assert_eq!(ticket["visit"], visitor.visit.as_str(), "{ticket}");
    let mut other = Visitor::of(ticket);
    other.session = visitor.session.clone();
    other.resume_at(visitor);
    other
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn a_visit_goes_on_in_a_headset_and_comes_back() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, false).await;
    let code = instructor.code(&server).await;
    let (token, number) = joined(&server, Some(&code)).await;
    assert_eq!(number, 1);
    assert_eq!(told(&server, &token).await["state"], "waiting");

    let mut phone = Visitor::begin(&place, &server).await;
    phone.attend("landing");
    phone.flush(&server).await;
    let code = offered(&server, &phone).await;
    let whither = phone.get(&server, "/handover").await.json();
    assert_eq!(whither, json!({"goesOn": "offered"}));
    let ticket = join(&server, Some(&code), Some(&token)).await;
    assert_eq!(ticket.status, StatusCode::OK, "{ticket:?}");
    let ticket = ticket.json();
    assert_eq!(ticket["kind"], "visit");

    // The headset goes on where the phone was, and the phone has nothing to say any more.
    let mut worn = with_token(&phone, &ticket["of"]);
    worn.answer_all(&server, "landing", true).await;
    for answer in [
        phone.get(&server, "").await,
        phone.get(&server, "/statements").await,
        phone.send(&server, &[]).await,
    ] {
        assert_eq!(refused(&answer), (409, "VISIT_ELSEWHERE".into()));
    }
    let whither = phone.get(&server, "/handover").await.json();
    assert_eq!(whither, json!({"goesOn": "elsewhere", "headset": 1}));
    let shown = instructor.look(&server).await;
    let one = &shown["headsets"][0];
    assert_eq!(one["state"], "visiting");
    assert_eq!(one["stop"], "landing");
    assert_eq!(one["record"]["completed"], true, "{one}");
    assert_eq!(one["record"]["passed"], true, "{one}");
    assert!(!shown.to_string().contains(&phone.visit), "{shown}");

    // The code was good once.
    let again = join(&server, Some(&code), None).await;
    assert_eq!(refused(&again), (404, "UNKNOWN_CODE".into()));

    let back = server
        .call(
            Method::POST,
            &phone.path("/return"),
            Some(&phone.token),
            &Value::Null,
        )
        .await;
    assert_eq!(back.status, StatusCode::OK, "{back:?}");
    let returned = with_token(&worn, &back.json());
    assert_eq!(
        returned.log(&server).await.len(),
        worn.session.seq() as usize
    );
    assert_eq!(
        refused(&worn.get(&server, "").await),
        (409, "VISIT_ELSEWHERE".into())
    );
    let whither = worn.get(&server, "/handover").await.json();
    assert_eq!(whither, json!({"goesOn": "gone"}));
    let stolen = server
        .call(
            Method::POST,
            &worn.path("/return"),
            Some(&worn.token),
            &Value::Null,
        )
        .await;
    assert_eq!(refused(&stolen), (409, "VISIT_ELSEWHERE".into()));
    let used_up = server
        .call(
            Method::POST,
            &phone.path("/return"),
            Some(&phone.token),
            &Value::Null,
        )
        .await;
    assert_eq!(used_up.code(), "UNKNOWN_VISIT");
    assert_eq!(told(&server, &token).await["state"], "waiting");
}

#[tokio::test]
async fn whoever_runs_the_room_hands_a_visit_over_and_makes_room_for_the_next() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let (token, _) = joined(&server, None).await;
    let phone = Visitor::begin(&place, &server).await;
    let code = offered(&server, &phone).await;
    let hand = json!({ "code": code });
    let to_nobody = instructor
        .ask(&server, Method::POST, "/headsets/2/visit", &hand)
        .await;
    assert_eq!(refused(&to_nobody), (404, "UNKNOWN_HEADSET".into()));
    let handed = instructor
        .ask(&server, Method::POST, "/headsets/1/visit", &hand)
        .await;
    assert_eq!(handed.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&server, &token).await["state"], "offered");
    assert_eq!(
        instructor.look(&server).await["headsets"][0]["state"],
        "offered"
    );

    let take = || headset(&server, Method::POST, "/take", &token, &Value::Null);
    let first = take().await.json();
    let worn = with_token(&phone, &first);
    assert_eq!(worn.get(&server, "").await.status, StatusCode::OK);
    // The answer was lost on the way: another token, and the lost one opens nothing.
    let second = take().await.json();
    let again = with_token(&phone, &second);
    assert_eq!(again.get(&server, "").await.status, StatusCode::OK);
    assert_eq!(
        refused(&worn.get(&server, "").await),
        (409, "VISIT_ELSEWHERE".into())
    );

    let next = instructor
        .ask(&server, Method::DELETE, "/headsets/1/visit", &Value::Null)
        .await;
    assert_eq!(next.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&server, &token).await["state"], "leaving");
    // What the headset still has is taken; then it has no visit, and neither has its next wearer.
    assert_eq!(again.get(&server, "").await.status, StatusCode::OK);
    let ready = headset(&server, Method::DELETE, "/visit", &token, &Value::Null).await;
    assert_eq!(ready.status, StatusCode::NO_CONTENT);
    assert_eq!(
        refused(&again.get(&server, "").await),
        (409, "VISIT_ELSEWHERE".into())
    );
    assert_eq!(told(&server, &token).await["state"], "waiting");
    assert_eq!(take().await.code(), "UNKNOWN_CODE");
    let back = server
        .call(
            Method::POST,
            &phone.path("/return"),
            Some(&phone.token),
            &Value::Null,
        )
        .await;
    assert_eq!(back.status, StatusCode::OK);
}

#[tokio::test]
async fn a_visit_begun_on_the_headset_is_shown_once_its_token_was() {
    let place = Place::new();
    let server = place.start().await;
    let instructor = Instructor::open(&server, true).await;
    let (token, _) = joined(&server, None).await;
    let own = Visitor::begin(&place, &server).await;
    let begun = |with: &str| json!({ "visit": own.visit, "token": with });
    let forged = headset(&server, Method::POST, "/visit", &token, &begun("guess")).await;
    assert_eq!(forged.code(), "UNKNOWN_VISIT");
    for _ in 0..2 {
        let told = headset(&server, Method::POST, "/visit", &token, &begun(&own.token)).await;
        assert_eq!(told.status, StatusCode::NO_CONTENT);
    }
    let shown = instructor.look(&server).await;
    assert_eq!(shown["headsets"][0]["state"], "visiting");
    assert_eq!(shown["headsets"][0]["record"]["completion"], 0.0);
    // Erased by its visitor, it is nowhere any more.
    let erased = server
        .call(
            Method::DELETE,
            &own.path(""),
            Some(&own.token),
            &Value::Null,
        )
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&server, &token).await["state"], "waiting");
}

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

/// One headset's hour in the lab: it joins, takes the visit of a phone and goes through it, asking
/// all the while what it is to do.
async fn attend(place: &Place, server: &Running) -> (u64, String) {
    let (token, number) = joined(server, None).await;
    told(server, &token).await;
    let mut phone = Visitor::begin(place, server).await;
    phone.attend("landing");
    phone.flush(server).await;
    let code = offered(server, &phone).await;
    let ticket = join(server, Some(&code), Some(&token)).await;
    assert_eq!(ticket.status, StatusCode::OK, "{ticket:?}");
    let mut worn = with_token(&phone, &ticket.json()["of"]);
    worn.answer_all(server, "landing", number % 2 == 1).await;
    worn.attend("bow");
    worn.flush(server).await;
    assert_eq!(told(server, &token).await["state"], "visiting");
    (number, worn.visit)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_headsets_behind_one_address_do_all_of_it_at_once() {
    let place = std::sync::Arc::new(Place::new());
    let server = std::sync::Arc::new(place.start().await);
    let instructor = Instructor::open(&server, true).await;
    let mut room = JoinSet::new();
    for _ in 0..30 {
        let (place, server) = (place.clone(), server.clone());
        room.spawn(async move { attend(&place, &server).await });
    }
    let mut attended = room.join_all().await;
    attended.sort_unstable();
    let numbers: Vec<_> = attended.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>(), "each has its own");
    attended.sort_by(|a, b| a.1.cmp(&b.1));
    attended.dedup_by(|a, b| a.1 == b.1);
    assert_eq!(attended.len(), 30, "each has a visit of its own");
    let shown = instructor.look(&server).await;
    let headsets = shown["headsets"].as_array().expect("headsets");
    assert_eq!(headsets.len(), 30);
    for one in headsets {
        let odd = one["number"].as_u64().expect("a number") % 2 == 1;
        assert_eq!(one["state"], "visiting", "{one}");
        assert_eq!(one["stop"], "bow", "{one}");
        assert_eq!(one["record"]["completed"], true, "{one}");
        assert_eq!(one["record"]["passed"], odd, "{one}");
        assert_eq!(one["record"]["failed"], !odd, "{one}");
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
