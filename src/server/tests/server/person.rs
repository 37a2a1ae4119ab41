//! A person and what is kept of them: nothing without consent, everything shown, everything that
//! somebody does with it noted, and deleted in time.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::{ObjectionCommand, hear};
use xinghuo_wire::Exported;

use crate::{
    place::{Answer, Place, Running},
    records::{count, meddle},
    visitor::Visitor,
};

/// Calls about the visitor's own visit.
pub(crate) async fn call(
    server: &Running,
    visitor: &Visitor,
    method: Method,
    below: &str,
    body: &Value,
) -> Answer {
    let (path, token) = (visitor.path(below), Some(visitor.token.as_str()));
    server.call(method, &path, token, body).await
}

/// What is told of what is kept.
pub(crate) async fn held(server: &Running, visitor: &Visitor) -> Value {
    let answer = visitor.get(server, "/held").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// What the access log says of a visit, oldest first, as `who what`.
pub(crate) async fn log(server: &Running, visitor: &Visitor) -> Vec<String> {
    let held = held(server, visitor).await;
    let accesses = held["accesses"].as_array().expect("accesses").iter().rev();
    let told = |it: &Value| {
        let who = it["name"].as_str().or(it["who"].as_str());
        format!(
            "{} {}",
            who.expect("who"),
            it["what"].as_str().expect("what")
        )
    };
    accesses.map(told).collect()
}

#[tokio::test]
async fn who_is_responsible_and_for_how_long_is_told_before_anything_is_kept() {
    let place = Place::new();
    let mut config = place.config();
    config.retention.keep_evidence = 77;
    let told = Running::with(config).await.get("/api/v1/notice").await;
    let expected = json!({
        "consent": 1, "keepEvidence": 77, "keepRecords": 1_095, "keepAccesses": 200,
        "responsible": "The keepers of the boat, keepers@example.edu",
    });
    assert_eq!(told.json(), expected);
    for table in ["visits", "accesses"] {
        assert_eq!(count(&place.records, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn nothing_is_recorded_without_consent() {
    let place = Place::new();
    let server = place.start().await;
    let asked = json!({"venue": "boat", "package": place.package, "language": "en"});
    for consent in [Value::Null, json!(0), json!(2)] {
        let mut asked = asked.clone();
        asked["consent"] = consent;
        let refused = server
            .call(Method::POST, "/api/v1/visits", None, &asked)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        assert_eq!(refused.code(), "CONSENT_NEEDED");
        assert_eq!(refused.json()["error"]["consent"], 1);
    }

    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let withdrawn = call(&server, &visitor, Method::DELETE, "/consent", &Value::Null).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    visitor.attend("bow");
    let batch = std::mem::take(&mut visitor.outbox);
    let refused = visitor.send(&server, &batch).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::FORBIDDEN, "CONSENT_NEEDED".into())
    );
    assert_eq!(visitor.log(&server).await.len(), 3);
    let kept = held(&server, &visitor).await;
    assert_eq!(kept["consents"][0]["version"], 1);
    assert!(kept["consents"][0]["withdrawn"].is_string(), "{kept}");

    let other = call(
        &server,
        &visitor,
        Method::PUT,
        "/consent",
        &json!({"version": 7}),
    )
    .await;
    assert_eq!(other.code(), "CONSENT_NEEDED");
    let given = call(
        &server,
        &visitor,
        Method::PUT,
        "/consent",
        &json!({"version": 1}),
    )
    .await;
    assert_eq!(given.status, StatusCode::NO_CONTENT);
    assert_eq!(visitor.send(&server, &batch).await.status, StatusCode::OK);
    let log = log(&server, &visitor).await;
    assert_eq!(log[..2], ["visitor consent", "visitor withdraw"]);
    assert!(log.contains(&"visitor consent".to_owned()));
}

#[tokio::test]
async fn a_visit_of_before_consent_was_asked_is_not_added_to() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    meddle(&place.records, "delete from consents where version = $1", 1).await;
    visitor.attend("landing");
    let batch = std::mem::take(&mut visitor.outbox);
    assert_eq!(visitor.send(&server, &batch).await.code(), "CONSENT_NEEDED");
    let given = call(
        &server,
        &visitor,
        Method::PUT,
        "/consent",
        &json!({"version": 1}),
    )
    .await;
    assert_eq!(given.status, StatusCode::NO_CONTENT);
    assert_eq!(visitor.send(&server, &batch).await.status, StatusCode::OK);
}

#[tokio::test]
async fn everything_that_is_held_is_shown_and_taken_away() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.answer_all(&server, "landing", true).await;
    let kept = visitor.get(&server, "").await.json();
    let statements = visitor.get(&server, "/statements").await.json();
    let held = held(&server, &visitor).await;
    let count = |list: &Value| list.as_array().expect("a list").len();
    assert_eq!(held["entries"], count(&kept["entries"]));
    assert_eq!(held["verdicts"], count(&kept["verdicts"]));
    assert_eq!(held["statements"], count(&statements["statements"]));
    assert_eq!(held["record"], kept["record"]);
    assert_eq!(held["language"], "en");

    let json = visitor.get(&server, "/export").await;
    assert!(json.header("content-disposition").contains("attachment"));
    let exported: Exported = serde_json::from_slice(&json.bytes).expect("the export");
    assert_eq!(exported.statements.len(), count(&statements["statements"]));
    assert_eq!(json.json()["visit"], kept);
    assert_eq!(json.json()["statements"], statements["statements"]);

    let csv = visitor.get(&server, "/export.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let csv = String::from_utf8(csv.bytes.to_vec()).expect("a text");
    let rows: Vec<_> = csv.lines().collect();
    assert_eq!(rows.len(), 1 + count(&kept["entries"]));
    assert!(
        rows[0].ends_with("number,at,action,of,detail,marked"),
        "{csv}"
    );
    assert!(rows[1].contains(",arrive,landing,"), "{csv}");
    assert_eq!(
        rows.iter().filter(|row| row.ends_with(",right")).count(),
        count(&kept["verdicts"])
    );
    for below in ["/held", "/export", "/export.csv"] {
        let path = visitor.path(below);
        let stranger = server.call(Method::GET, &path, Some("x"), &Value::Null);
        assert_eq!(stranger.await.status, StatusCode::NOT_FOUND, "{below}");
    }
}

#[tokio::test]
async fn an_objection_is_read_and_answered_by_people() {
    let place = Place::new();
    let server = place.start().await;
    let visitor = Visitor::begin(&place, &server).await;
    for wrong in [
        String::new(),
        "  ".into(),
        "长".repeat(1_001),
        "a\u{0}b".into(),
    ] {
        let refused = call(
            &server,
            &visitor,
            Method::POST,
            "/objections",
            &json!({"text": wrong}),
        )
        .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
    }
    let text = "我的第三题其实答对了。\nPlease look again.";
    let raised = call(
        &server,
        &visitor,
        Method::POST,
        "/objections",
        &json!({"text": text}),
    )
    .await;
    assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
    let records = place.records.clone();
    let mut out = Vec::new();
    let list = ObjectionCommand::List {
        records: records.clone(),
    };
    hear(list, &mut out).await.expect("a list");
    let listed = String::from_utf8(out).expect("a text");
    assert!(
        listed.contains("答对了") && listed.contains(&visitor.visit),
        "{listed}"
    );
    let answer = |number| ObjectionCommand::Answer {
        records: records.clone(),
        visit: visitor.visit.parse().expect("an id"),
        number,
        text: "You were right.".into(),
    };
    hear(answer(1), &mut Vec::new())
        .await
        .expect("it is answered");
    let none = hear(answer(2), &mut Vec::new())
        .await
        .expect_err("no such objection");
    assert!(none.to_string().contains("objection list"), "{none}");
    let kept = held(&server, &visitor).await;
    assert_eq!(kept["objections"][0]["text"], text);
    assert_eq!(kept["objections"][0]["answer"], "You were right.");
    let log = log(&server, &visitor).await;
    assert_eq!(
        log[1..4],
        ["visitor object", "operator read", "operator answer"]
    );
    for _ in 1..20 {
        call(
            &server,
            &visitor,
            Method::POST,
            "/objections",
            &json!({"text": "again"}),
        )
        .await;
    }
    let more = call(
        &server,
        &visitor,
        Method::POST,
        "/objections",
        &json!({"text": "again"}),
    )
    .await;
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_language_of_a_visit_can_be_corrected() {
    let place = Place::new();
    let server = place.start().await;
    let mut visitor = Visitor::begin(&place, &server).await;
    let wrong = call(
        &server,
        &visitor,
        Method::PUT,
        "/language",
        &json!({"language": "fr"}),
    )
    .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let right = call(
        &server,
        &visitor,
        Method::PUT,
        "/language",
        &json!({"language": "zh-Hans"}),
    )
    .await;
    assert_eq!(right.status, StatusCode::NO_CONTENT);
    visitor.attend("landing");
    visitor.flush(&server).await;
    let told = visitor.get(&server, "/statements").await.json();
    let last = told["statements"].as_array().expect("statements").last();
    assert_eq!(last.expect("one")["context"]["language"], "zh-Hans");
}
