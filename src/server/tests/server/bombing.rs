//! Requests that are small to send and large to take.

use std::time::Instant;

use axum::http::StatusCode;
use xinghuo_wire::lrs::multipart;

use crate::{place::Place, recorder::Recorder};

/// How long an answer may take that ought to be a refusal.
const SOON_SECS: u64 = 20;

#[tokio::test]
async fn a_bomb_is_refused_before_anybody_waits_for_it() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mixed = "multipart/mixed; boundary=b";
    let mut parts = Vec::new();
    for _ in 0..200_000 {
        multipart::write(
            &mut parts,
            "b",
            &[("Content-Type", "application/json")],
            b"{}",
        );
    }
    multipart::end(&mut parts, "b");
    let headers = format!(
        "--b\r\n{}\r\n{{}}\r\n--b--\r\n",
        "a:b\r\n".repeat(1_000_000)
    );
    let nearly = "\r\n--".repeat(5 << 20);
    let names: Vec<_> = (0..1_000_000).map(|n| format!("\"{n}\":0")).collect();
    let names = format!("{{{}}}", names.join(","));
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let twice = format!("[{}{{}}]", "{\"id\":1,\"id\":1},".repeat(1 << 20));
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".repeat(1000);
    for (what, kind, body) in [
        ("parts", mixed, &parts[..]),
        ("headers", mixed, headers.as_bytes()),
        ("boundaries that are none", mixed, nearly.as_bytes()),
        ("names", "application/json", names.as_bytes()),
        ("depth", "application/json", deep.as_bytes()),
        (
            "names that occur twice",
            "application/json",
            twice.as_bytes(),
        ),
        ("what is packed", "application/json", &packed),
    ] {
        let begun = Instant::now();
        let answer = recorder
            .send_as(&server, kind, "/xapi/statements", body)
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {answer:?}");
        assert!(answer.bytes.len() < 4_096, "{what}");
        assert!(
            begun.elapsed().as_secs() < SOON_SECS,
            "{what}: {:?}",
            begun.elapsed()
        );
    }
    let large = vec![b' '; 33 << 20];
    let answer = recorder
        .send_as(&server, mixed, "/xapi/statements", &large)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
    // A document of many names is nobody's business, but to merge it is ours.
    let path = "/xapi/activities/profile?activityId=http://example.org/x&profileId=1";
    for status in [StatusCode::NO_CONTENT, StatusCode::NO_CONTENT] {
        let begun = Instant::now();
        let answer = recorder
            .send_as(&server, "application/json", path, names.as_bytes())
            .await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(
            begun.elapsed().as_secs() < SOON_SECS,
            "{:?}",
            begun.elapsed()
        );
    }
    assert!(recorder.found(&server, "").await.is_empty());
}
