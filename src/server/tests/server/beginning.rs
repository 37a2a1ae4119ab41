//! How visits begin, and when they cannot: no such package, a broken one, too much haste.

use axum::http::{Method, StatusCode};
use serde_json::json;
use xinghuo_server::{Allowance, Limits};

use crate::{
    place::{Place, Running},
    visitor::Visitor,
};

/// Begins a visit and tells how that was answered.
async fn begin(server: &Running, venue: &str, package: &str, language: &str) -> (u16, String) {
    let asked = json!({"venue": venue, "package": package, "language": language, "consent": 1});
    let answer = server
        .call(Method::POST, "/api/v1/visits", None, &asked)
        .await;
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn a_visit_needs_a_package_that_is_there() {
    let place = Place::new();
    let server = place.start().await;
    let (package, missing) = (&place.package, (404, "UNKNOWN_VENUE".to_owned()));
    let other = "0123456789abcdef0123456789abcdef";
    assert_eq!(begin(&server, "boat", other, "en").await, missing);
    assert_eq!(begin(&server, "train", package, "en").await, missing);
    let unreadable = (400, "BAD_REQUEST".to_owned());
    assert_eq!(
        begin(&server, "../packages/boat", package, "en").await,
        unreadable
    );
    assert_eq!(begin(&server, "boat", "../../keys", "en").await, unreadable);
    assert_eq!(begin(&server, "boat", package, "fr").await, unreadable);
    assert_eq!(
        begin(&server, "boat", package, "en").await,
        (201, String::new())
    );
    // What is gone from the disk is gone, even if it is still in memory.
    std::fs::remove_dir_all(place.folder("packages/boat")).expect("a package");
    assert_eq!(begin(&server, "boat", package, "en").await, missing);
}

#[tokio::test]
async fn a_visit_needs_a_package_that_can_be_opened() {
    let place = Place::new();
    let server = place.start().await;
    let broken = (503, "UNAVAILABLE".to_owned());
    let venue = place
        .folder("packages/boat")
        .join(&place.draft)
        .join("venue.json");
    let text = std::fs::read_to_string(&venue).expect("a venue");
    std::fs::write(&venue, text.replace("1000", "1")).expect("a file");
    assert_eq!(begin(&server, "boat", &place.draft, "en").await, broken);
    let keys = place
        .folder("keys/boat")
        .join(format!("{}.json", place.package));
    let kept = std::fs::read(&keys).expect("keys");
    for bytes in [
        &b"{}"[..],
        b"no keys",
        br#"{"landing-who":{"kind":"single","value":"x"}}"#,
        br#"{"keys":{"landing-who":{"kind":"single","value":"x"}},"feedback":{}}"#,
        br#"{"keys":{},"feedback":{}}"#,
    ] {
        std::fs::write(&keys, bytes).expect("a file");
        assert_eq!(begin(&server, "boat", &place.package, "en").await, broken);
    }
    std::fs::remove_file(&keys).expect("keys");
    assert_eq!(begin(&server, "boat", &place.package, "en").await, broken);
    std::fs::write(&keys, kept).expect("a file");
    assert_eq!(begin(&server, "boat", &place.package, "en").await.0, 201);
}

#[tokio::test]
async fn haste_is_told_when_to_come_back() {
    let place = Place::new();
    let mut config = place.config();
    config.limits = Limits {
        visits_of_peer: Allowance::new(3, 1),
        calls_of_visit: Allowance::new(2, 1),
        ..Limits::default()
    };
    let server = Running::with(config).await;
    let mut visitors = Vec::new();
    for _ in 0..3 {
        visitors.push(Visitor::begin(&place, &server).await);
    }
    let asked = json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
    let fourth = server
        .call(Method::POST, "/api/v1/visits", None, &asked)
        .await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(fourth.header("retry-after"), "1");
    assert_eq!(fourth.code(), "TOO_MANY");
    for _ in 0..2 {
        assert_eq!(visitors[0].get(&server, "").await.status, StatusCode::OK);
    }
    assert_eq!(
        visitors[0].get(&server, "").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(visitors[1].get(&server, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_class_behind_one_address_can_begin_at_once() {
    let place = Place::new();
    let server = place.start().await;
    for _ in 0..200 {
        Visitor::begin(&place, &server).await;
    }
}
