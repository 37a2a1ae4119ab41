//! Visits are handed to headsets and taken back, and one at a time holds each.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    place::{Place, Running},
    room::{Instructor, headset, join, joined, offered, refused, told, with_token},
    visitor::Visitor,
};

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
    let place = Arc::new(Place::new());
    let server = Arc::new(place.start().await);
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
