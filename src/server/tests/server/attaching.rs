//! Attachments and signatures: byte for byte, and what they say they are.

use axum::http::StatusCode;
use serde_json::{Value, json};
use xinghuo_package::sha256_hex;
use xinghuo_wire::lrs::multipart;

use crate::{
    place::{Answer, Place, Running},
    recorder::{Recorder, statement},
};

/// A statement and an attachment as one, with the boundary `b`.
pub(crate) fn multipart_of(said: &Value, (sum, content): (&str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    let json = [("Content-Type", "application/json")];
    multipart::write(&mut body, "b", &json, said.to_string().as_bytes());
    let headers = [
        ("Content-Transfer-Encoding", "binary"),
        ("X-Experience-API-Hash", sum),
    ];
    multipart::write(&mut body, "b", &headers, content);
    multipart::end(&mut body, "b");
    body
}

/// A statement and an attachment, sent as one.
pub(crate) async fn send(
    server: &Running,
    recorder: &Recorder,
    said: &Value,
    attached: (&str, &[u8]),
) -> Answer {
    let body = multipart_of(said, attached);
    let kind = "multipart/mixed; boundary=b";
    recorder
        .send_as(server, kind, "/xapi/statements", &body)
        .await
}

#[tokio::test]
async fn attachments_come_back_byte_for_byte_or_are_refused() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let content = b"\x00\xff\r\n--not-the-boundary\r\n";
    let sum = sha256_hex(content);
    let mut said = statement("ann", "a");
    said["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": content.len(), "sha2": sum,
    }]);
    let none = "0".repeat(64);
    for wrong in [(&*sum, &b"other bytes"[..]), (&none, content)] {
        let answer = send(&server, &recorder, &said, wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    }
    let alone = recorder.post(&server, &said).await;
    assert_eq!(
        alone.status,
        StatusCode::BAD_REQUEST,
        "its attachment is missing"
    );
    let answer = send(&server, &recorder, &said, (&sum, content)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");

    let query = "/xapi/statements?attachments=true";
    let answer = recorder.get(&server, query).await;
    let boundary = multipart::boundary(answer.header("content-type")).expect("a boundary");
    let parts = multipart::read(&answer.bytes, &boundary).expect("parts");
    assert_eq!((parts.len(), parts[1].body), (2, content.as_slice()));
    assert_eq!(parts[1].header("x-experience-api-hash"), Some(&*sum));
    assert_eq!(parts[1].header("content-type"), Some("image/png"));
}

#[tokio::test]
async fn a_signature_is_held_against_its_statement_and_its_certificate() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let right = include_str!("../data/signature.jws");
    let said = |jws: &str| {
        let mut said = statement("ann", "signed");
        said["id"] = json!("c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0009");
        said["attachments"] = json!([{
            "usageType": "http://adlnet.gov/expapi/attachments/signature",
            "display": {"en": "signature"}, "contentType": "application/octet-stream",
            "length": jws.len(), "sha2": sha256_hex(jws.as_bytes()),
        }]);
        said
    };
    let try_it = async |said: &Value, jws: &str| {
        let sum = sha256_hex(jws.as_bytes());
        send(&server, &recorder, said, (&sum, jws.as_bytes())).await
    };
    let (input, bytes) = right.rsplit_once('.').expect("three parts");
    let other_bytes = format!("AAAA{}", &bytes[4..]);
    let forged = format!("{input}.{other_bytes}");
    let answer = try_it(&said(&forged), &forged).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let sentence = answer.json()["error"]["message"].to_string();
    assert!(sentence.contains("key of the certificate"), "{sentence}");

    let mut another = said(right);
    another["object"]["id"] = json!("http://example.org/things/another");
    let answer = try_it(&another, right).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let sentence = answer.json()["error"]["message"].to_string();
    assert!(sentence.contains("another statement"), "{sentence}");

    // Whoever names one signature a thousand times has it looked at once.
    let mut often = said(right);
    let attachment = often["attachments"][0].clone();
    often["attachments"] = json!(vec![attachment; 1000]);
    let answer = try_it(&often, right).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let sentence = answer.json()["error"]["message"].to_string();
    assert!(sentence.contains("two attachments name"), "{sentence}");

    let answer = try_it(&said(right), right).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}
