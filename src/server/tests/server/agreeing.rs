//! Launches and what their visitors agree to: nothing before, nothing without, and nothing after.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    launching::{config, launched, leave, post},
    living::Living,
    person::{call, held, log},
    place::Place,
    records::hold,
    system::System,
    visitor::Visitor,
};

#[tokio::test]
async fn nothing_is_asked_or_kept_of_a_launch_before_its_visitor_agrees() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let mut launch = system.launch("Normal", None);
    for consent in [Value::Null, json!(0), json!(2)] {
        launch["consent"] = consent;
        let refused = post(&server.running, &launch).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        assert_eq!(refused.code(), "CONSENT_NEEDED");
    }
    assert_eq!(system.known().requests, 0, "nobody is asked");
    assert!(!hold(&place.records, "1625378"), "nobody is kept");
    // The launch is still good for whoever agrees.
    launch["consent"] = json!(1);
    let answer = post(&server.running, &launch).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let visitor = Visitor::of(&answer.json());
    let held = held(&server.running, &visitor).await;
    assert_eq!(held["consents"][0]["version"], 1, "{held}");
    assert_eq!(held["launches"][0]["learner"]["account"]["name"], "1625378");
    assert_eq!(held["launches"][0]["learner"]["name"], "Li Lei");
    leave(&server.running, &visitor).await;
    assert_eq!(system.ends(0).await, ["initialized", "terminated"]);
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn who_declines_a_launch_is_told_of_as_coming_and_going_and_nothing_is_kept() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let mut launch = system.launch("Normal", Some(0.8));
    launch["consent"] = Value::Null;
    let path = "/api/v1/launches/decline";
    let declined = server.running.call(Method::POST, path, None, &launch).await;
    assert_eq!(declined.status, StatusCode::OK, "{declined:?}");
    let says = json!({"returnUrl": "https://lms.example.edu/course/12"});
    assert_eq!(declined.json(), says);
    assert_eq!(system.ends(0).await, ["initialized", "terminated"]);
    assert_eq!(system.known().violations, [""; 0]);
    for text in ["1625378", "Li Lei", &system.registration.to_string()] {
        assert!(!hold(&place.records, text), "{text} is kept");
    }
    // It was good once, and another system's is not good at all.
    let again = server.running.call(Method::POST, path, None, &launch).await;
    assert_eq!(again.code(), "LAUNCH_REFUSED");
    launch["fetch"] = json!("http://127.0.0.1:9/token");
    let stranger = server.running.call(Method::POST, path, None, &launch).await;
    assert_eq!(stranger.code(), "LAUNCH_REFUSED");
    server.stop().await;
}

#[tokio::test]
async fn consent_that_is_withdrawn_ends_the_session_and_is_given_anew_with_the_next() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let (mut visitor, _) = launched(&server.running, &system, "Normal", None).await;
    let gone = call(
        &server.running,
        &visitor,
        Method::DELETE,
        "/consent",
        &Value::Null,
    )
    .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(system.ends(0).await, ["initialized", "terminated"]);
    let seen = log(&server.running, &visitor).await;
    let told = format!("{} forward", system.origin);
    assert!(
        seen.contains(&told),
        "they see whom they were told of to: {seen:?}"
    );
    visitor.attend("landing");
    let batch = std::mem::take(&mut visitor.outbox);
    let refused = visitor.send(&server.running, &batch).await;
    assert_eq!(refused.code(), "CONSENT_NEEDED");
    let (again, _) = launched(&server.running, &system, "Normal", None).await;
    assert_eq!(again.visit, visitor.visit, "the visit goes on");
    assert_eq!(
        again.send(&server.running, &batch).await.status,
        StatusCode::OK
    );
    leave(&server.running, &again).await;
    assert_eq!(
        system.ends(1).await.first().map(String::as_str),
        Some("initialized")
    );
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}
