//! The site and the packages, and how they are served; health and metrics.

use std::fs;

use axum::http::StatusCode;
use serde_json::json;

use crate::{place::Place, visitor::Visitor};

const FOREVER: &str = "public, max-age=31536000, immutable";

#[tokio::test]
async fn only_what_a_hash_names_is_kept_for_good() {
    let place = Place::new();
    let server = place.start().await;
    let venue = format!("/packages/boat/{}/venue.json", place.package);
    for (path, kind, kept) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        ("/style/page.css", "text/css", "no-cache"),
        ("/app/version.json", "application/json", "no-cache"),
        ("/app/0123abcd/app.js", "text/javascript", FOREVER),
        ("/app/0123abcd/app.wasm", "application/wasm", FOREVER),
        ("/packages/index.json", "application/json", "no-cache"),
        (&venue, "application/json", FOREVER),
        (
            &venue.replace("venue.json", "media/boat.glb"),
            "model/gltf-binary",
            FOREVER,
        ),
        (
            &venue.replace("venue.json", "media/poster.jpg"),
            "image/jpeg",
            FOREVER,
        ),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert!(!answer.header("etag").is_empty(), "{path}");
        assert!(!answer.header("last-modified").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn brotli_is_sent_only_to_those_who_take_it() {
    let place = Place::new();
    let server = place.start().await;
    let path = "/app/0123abcd/app.js";
    let plain = server.get(path).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert!(plain.bytes.starts_with(b"export"));
    let packed = server
        .get_with(path, &[("accept-encoding", "gzip, br")])
        .await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert_eq!(packed.header("content-type"), "text/javascript");
    assert_eq!(&packed.bytes[..], b"pretend this is brotli");
    assert!(
        packed
            .header("vary")
            .eq_ignore_ascii_case("accept-encoding")
    );
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let refused = server
        .get_with(path, &[("accept-encoding", "br;q=0")])
        .await;
    assert_eq!(refused.header("content-encoding"), "");
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let place = Place::new();
    let server = place.start().await;
    let first = server.get("/index.html").await;
    let again = server
        .get_with("/index.html", &[("if-none-match", first.header("etag"))])
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.bytes.is_empty());
    assert_eq!(again.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn a_part_of_a_file_is_sent_if_the_file_is_still_the_same() {
    let place = Place::new();
    let server = place.start().await;
    let path = format!("/packages/boat/{}/media/boat.glb", place.package);
    let whole = server.get(&path).await;
    let part = server.get_with(&path, &[("range", "bytes=4-7")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header("content-range"), "bytes 4-7/14");
    assert_eq!(&part.bytes[..], b"0123");
    let etag = whole.header("etag");
    let same = server
        .get_with(&path, &[("range", "bytes=4-7"), ("if-range", etag)])
        .await;
    assert_eq!(same.status, StatusCode::PARTIAL_CONTENT);
    let other = server
        .get_with(&path, &[("range", "bytes=4-7"), ("if-range", "\"other\"")])
        .await;
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(other.bytes, whole.bytes);
    let beyond = server.get_with(&path, &[("range", "bytes=99-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let place = Place::new();
    let server = place.start().await;
    for path in [
        "/nowhere",
        "/app/0123abcd/nothing.js",
        "/packages/boat",
        "/packages/nowhere/x",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert!(
            answer.bytes.starts_with(b"<!doctype html><title>\xe6"),
            "{path}"
        );
    }
    for path in ["/api", "/api/", "/api/v1/nothing", "/api/v2/visits"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.code(), "NOT_FOUND", "{path}");
    }
    fs::remove_file(place.folder("site/404.html")).expect("it was there");
    let answer = server.get("/nowhere").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
}

#[tokio::test]
async fn health_and_metrics_tell_what_they_should_and_to_whom() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    assert_eq!(server.get("/health").await.json(), json!({"status": "ok"}));
    let stranger = server.get("/metrics").await;
    assert_eq!(
        (stranger.status, stranger.code().as_str()),
        (StatusCode::NOT_FOUND, "NOT_FOUND")
    );
    let token = [("authorization", "Bearer for-the-administrator")];
    let answer = server.get_with("/metrics", &token).await;
    let text = String::from_utf8_lossy(&answer.bytes);
    for line in [
        "xinghuo_visits_created_total 1",
        "xinghuo_entries_accepted_total 3",
        "route=\"/api/v1/visits/{visit}/evidence\"",
        "xinghuo_database_size_bytes ",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    assert!(!text.contains(&visitor.visit) && !text.contains(&visitor.token));
}

#[tokio::test]
async fn the_profile_is_a_document_for_programs_and_a_page_for_people() {
    let place = Place::new();
    let server = place.start().await;
    for (path, accept) in [
        ("/profiles/visits.jsonld", "text/html"),
        ("/profiles/visits", "application/ld+json"),
        ("/profiles/visits", "*/*"),
    ] {
        let answer = server.get_with(path, &[("accept", accept)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "application/ld+json");
        let profile = answer.json();
        assert_eq!(profile["type"], "Profile");
        assert_eq!(profile["id"], "https://w3id.org/xinghuo/visits");
    }
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    let answer = server
        .get_with("/profiles/visits", &[("accept", browser)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/profile.html");
}
