//! What is too old goes by itself, at the time that its visitor was told.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{Retention, UpkeepCommand, keep_up};

use crate::{
    person::{held, log},
    place::{Place, Running},
    recorder::{Recorder, by, statement},
    records::hold,
    upkeep::verify,
    visitor::Visitor,
};

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Lets what is too old go, as if it were that time.
async fn expire(place: &Place, now_ms: i64) -> String {
    expire_by(Retention::default(), place, now_ms).await
}

pub(crate) async fn expire_by(retention: Retention, place: &Place, now_ms: i64) -> String {
    let mut out = Vec::new();
    let command = UpkeepCommand::Expire {
        records: place.records.clone(),
        retention,
        now_ms: Some(now_ms),
    };
    Box::pin(keep_up(command, &mut out))
        .await
        .expect("it is done");
    String::from_utf8(out).expect("a text")
}

#[tokio::test]
async fn what_other_systems_stored_is_kept_or_goes_as_was_decided() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let mut told = statement("li", "lamp");
    let home = "https://tours.example.edu";
    told["actor"] = json!({"account": {"homePage": home, "name": visitor.visit}});
    recorder.post(&server, &told).await;
    recorder.post(&server, &statement("han-mei", "boat")).await;
    for path in [
        format!(
            "/xapi/activities/state?activityId=http://example.org/x&stateId=s&{}",
            by("han-mei")
        ),
        "/xapi/activities/profile?activityId=http://example.org/x&profileId=p".to_owned(),
    ] {
        let document = json!({"at": "the bow"});
        let put = recorder
            .with_headers(
                &server,
                Method::PUT,
                &path,
                &[("if-none-match", "*")],
                &document.to_string(),
            )
            .await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
    }
    let of_visit = told_of(&visitor, &server).await;
    let all = recorder.found(&server, "limit=0").await.len();
    assert_eq!(all, of_visit + 2);
    let now_ms = now_ms();

    let told = expire(&place, now_ms + 30 * DAY_MS).await;
    assert!(
        told.contains(" 0 statements and documents of other systems"),
        "{told}"
    );
    let month = Retention {
        keep_others: Some(30),
        ..Retention::default()
    };
    let told = expire_by(month, &place, now_ms + 29 * DAY_MS).await;
    assert!(
        told.contains(" 0 statements and documents of other systems"),
        "{told}"
    );
    let told = expire_by(month, &place, now_ms + 30 * DAY_MS + 60_000).await;
    assert!(
        told.contains(" 3 statements and documents of other systems"),
        "{told}"
    );
    assert_eq!(
        recorder.found(&server, "limit=0").await.len(),
        of_visit,
        "visits have periods of their own"
    );
    assert!(!hold(&place.records, "han-mei"), "nothing of them is left");
    let profile = "/xapi/activities/profile?activityId=http://example.org/x&profileId=p";
    assert_eq!(
        recorder.get(&server, profile).await.status,
        StatusCode::OK,
        "it is about nobody"
    );
    assert!(
        log(&server, &visitor)
            .await
            .contains(&"server expire".to_owned())
    );
    verify(&place.records).await.expect("no breach");
}

async fn told_of(visitor: &Visitor, server: &Running) -> usize {
    let told = visitor.get(server, "/statements").await.json();
    told["statements"].as_array().expect("statements").len()
}

pub(crate) fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_millis()).expect("a number")
}

#[tokio::test]
async fn what_is_too_old_goes_when_the_visitor_was_told_and_not_before() {
    let place = Place::new();
    let server = place.start().await;
    let (mut visitor, idle) = (
        Visitor::begin(&place, &server).await,
        Visitor::begin(&place, &server).await,
    );
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let before = held(&server, &visitor).await;
    let at = |held: &Value, what: &str| -> i64 {
        let at: xinghuo_wire::Timestamp =
            serde_json::from_value(held["goes"][what].clone()).expect("a time");
        at.unix_millis().cast_signed()
    };
    let (evidence, records) = (at(&before, "evidence"), at(&before, "records"));
    assert_eq!(records - evidence, (1_095 - 180) * DAY_MS);

    // The other visit goes first, since it was not added to.
    let told = expire(&place, evidence).await;
    assert!(told.contains("evidence of 1 more"), "{told}");
    assert_eq!(visitor.log(&server).await.len(), before["entries"]);
    let told = expire(&place, evidence + 1).await;
    assert!(
        told.contains("deleted 0 visits, the evidence of 1 more"),
        "{told}"
    );
    let after = held(&server, &visitor).await;
    for gone in ["entries", "verdicts"] {
        assert_eq!(after[gone], 0, "{gone}");
    }
    assert_eq!(after["record"], before["record"]);
    assert!(after["evidenceGone"].is_string() && after["goes"]["evidence"].is_null());
    let statements = visitor.get(&server, "/statements").await.json();
    let verbs: Vec<_> = statements["statements"]
        .as_array()
        .expect("statements")
        .iter()
        .map(|it| it["verb"]["display"]["en"].clone())
        .collect();
    assert_eq!(verbs, ["initialized", "completed", "passed"]);
    assert!(!hold(&place.records, "verbs/experienced\",\"display"));
    visitor.attend("bow");
    let batch = std::mem::take(&mut visitor.outbox);
    let refused = visitor.send(&server, &batch).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::GONE, "EXPIRED".into())
    );
    verify(&place.records).await.expect("no breach");
    let told = expire(&place, evidence + 1).await;
    assert!(
        told.starts_with("deleted 0 visits, the evidence of 0 more"),
        "{told}"
    );
    assert!(
        log(&server, &visitor)
            .await
            .contains(&"server expire".to_owned())
    );

    let told = expire(&place, records + 1).await;
    assert!(
        told.starts_with("deleted 2 visits, the evidence of 0 more"),
        "{told}"
    );
    for gone in [&visitor, &idle] {
        assert_eq!(gone.get(&server, "").await.status, StatusCode::NOT_FOUND);
        assert!(!hold(&place.records, &gone.visit));
    }
    let told = verify(&place.records).await.expect("no breach");
    // The entries of then are not older than that; those of now are.
    assert!(told.contains("2 entries in the access log"), "{told}");
    let next = Visitor::begin(&place, &server).await;
    assert_eq!(
        log(&server, &next).await,
        ["visitor consent", "visitor read"]
    );
    verify(&place.records).await.expect("no breach");
}
