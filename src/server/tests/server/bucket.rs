//! Attachments in a bucket: stored there and nowhere else, read, verified, and deleted with the person
//! they are about, whatever the bucket does meanwhile.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_package::sha256_hex;
use xinghuo_server::{BucketOptions, Records, Retention, UpkeepCommand, check_config, keep_up};

use crate::{
    attaching::send as attach,
    heap::Heap,
    person::call,
    place::{Place, Running},
    recorder::{Recorder, id, statement},
    records::hold,
    upkeep::{back_up, verify},
    visitor::Visitor,
};

pub(crate) const CONTENT: &[u8] = b"\x00\xff a drawing that nobody else has";

pub(crate) fn place_with(heap: &Heap) -> Place {
    let mut place = Place::new();
    place.records.bucket = heap.options(place.root.path());
    place
}

/// A statement about a visit, or about somebody else, with an attachment.
pub(crate) fn drawing(of: Option<&Visitor>) -> Value {
    let mut said = statement("ann", "drawing");
    if let Some(visitor) = of {
        let home = "https://tours.example.edu";
        said["actor"] = json!({"account": {"homePage": home, "name": visitor.visit}});
    }
    said["attachments"] = json!([{
        "usageType": "http://example.org/photo", "display": {"en": "photo"},
        "contentType": "image/png", "length": CONTENT.len(), "sha2": sha256_hex(CONTENT),
    }]);
    said
}

async fn upkept(command: UpkeepCommand) -> anyhow::Result<String> {
    let mut out = Vec::new();
    Box::pin(keep_up(command, &mut out)).await?;
    Ok(String::from_utf8(out).expect("a text"))
}

async fn expired(records: &Records) -> String {
    let command = UpkeepCommand::Expire {
        records: records.clone(),
        retention: Retention::default(),
        now_ms: None,
    };
    upkept(command).await.expect("it is done")
}

#[tokio::test]
async fn attachments_lie_in_the_bucket_and_go_with_the_last_statement_that_names_them() {
    let heap = Heap::start().await;
    let place = place_with(&heap);
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let visitor = Visitor::begin(&place, &server).await;
    let sum = sha256_hex(CONTENT);
    let (theirs, another) = (drawing(Some(&visitor)), drawing(Some(&visitor)));
    for said in [&theirs, &another] {
        let stored = attach(&server, &recorder, said, (&sum, CONTENT)).await;
        assert_eq!(stored.status, StatusCode::OK, "{stored:?}");
    }
    assert!(!hold(&place.records, "a drawing that nobody else has"));
    // The second copy is nobody's, and goes with the next tidying.
    assert_eq!(heap.held().objects.len(), 2);
    expired(&place.records).await;
    let objects = heap.held().objects.clone();
    assert_eq!(objects.len(), 1);
    let (name, content) = objects.first_key_value().expect("one");
    assert!(name.starts_with(&format!("attachments/{sum}/")), "{name}");
    assert_eq!(content, CONTENT);
    assert_eq!(heap.held().unsigned, 0);

    let path = format!(
        "/xapi/statements?statementId={}&attachments=true",
        id(&theirs)
    );
    let read = recorder.get(&server, &path).await;
    let there = read
        .bytes
        .windows(CONTENT.len())
        .any(|part| part == CONTENT);
    assert!(there, "{read:?}");
    let stored = visitor.get(&server, "/stored").await;
    let stored = String::from_utf8_lossy(&stored.bytes).into_owned();
    assert!(stored.contains("base64"), "{stored}");

    let told = verify(&place.records).await.expect("no breach");
    assert!(
        told.contains("1 attachments as stored in the bucket records"),
        "{told}"
    );
    let file = place.folder("backup.sqlite");
    let told = back_up(&place.records, file).await.expect("a backup");
    assert!(
        told.contains("1 attachments lie in a bucket and are not in this file"),
        "{told}"
    );
    let blind = Records {
        bucket: BucketOptions::default(),
        ..place.records.clone()
    };
    let told = verify(&blind).await.expect("no breach");
    assert!(told.contains("were not looked at: give --bucket"), "{told}");
    heap.held()
        .objects
        .insert(name.clone(), b"another".to_vec());
    let found = verify(&place.records).await.expect_err("it was altered");
    assert!(
        found.contains("what is attached to the statement"),
        "{found}"
    );
    heap.held().objects.clear();
    let found = verify(&place.records).await.expect_err("it was removed");
    assert!(
        found.contains("what is attached to the statement"),
        "{found}"
    );
    heap.held().objects.insert(name.clone(), CONTENT.to_vec());
    verify(&place.records).await.expect("no breach");

    let erased = call(&server, &visitor, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert!(heap.held().objects.is_empty(), "it is erased there too");
    verify(&place.records).await.expect("no breach");
}

#[tokio::test]
async fn while_the_bucket_is_away_nothing_is_lost_and_what_was_erased_goes_when_it_is_back() {
    let heap = Heap::start().await;
    let place = place_with(&heap);
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let visitor = Visitor::begin(&place, &server).await;
    let sum = sha256_hex(CONTENT);
    heap.held().fails = Some(403);
    let said = drawing(Some(&visitor));
    let refused = attach(&server, &recorder, &said, (&sum, CONTENT)).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{refused:?}"
    );
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(
        recorder.found(&server, "limit=0").await.len(),
        1,
        "nothing of it is stored"
    );
    heap.held().fails = None;
    let stored = attach(&server, &recorder, &said, (&sum, CONTENT)).await;
    assert_eq!(stored.status, StatusCode::OK, "{stored:?}");

    heap.held().fails = Some(403);
    let erased = call(&server, &visitor, Method::DELETE, "", &Value::Null).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert_eq!(visitor.get(&server, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(heap.held().objects.len(), 1);
    heap.held().fails = None;
    expired(&place.records).await;
    assert!(
        heap.held().objects.is_empty(),
        "it is deleted once the bucket is back"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_bucket_is_told_before_it_is_used() {
    let heap = Heap::start().await;
    let place = place_with(&heap);
    let told = |config: xinghuo_server::Config| async {
        let mut out = Vec::new();
        let found = check_config(config, &mut out).await;
        (found.is_ok(), String::from_utf8(out).expect("a text"))
    };
    let (fine, said) = told(place.config()).await;
    assert!(fine, "{said}");
    assert!(heap.held().objects.is_empty(), "a check leaves nothing");
    heap.held().fails = Some(403);
    let (fine, said) = told(place.config()).await;
    assert!(!fine && said.contains("--bucket cannot be used"), "{said}");
    assert!(!said.contains("nobody-may-read-this"), "{said}");
    let mut config = place.config();
    config.records.bucket.bucket_key = None;
    let (fine, said) = told(config.clone()).await;
    assert!(!fine && said.contains("--bucket-key is missing"), "{said}");
    let refused = xinghuo_server::Server::bind(config).await.err();
    let refused = refused.expect("it does not start").to_string();
    assert!(refused.contains("--bucket-key"), "{refused}");
    let _ = Running::with(place.config()).await;
}
