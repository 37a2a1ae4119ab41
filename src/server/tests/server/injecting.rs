//! Texts that would be commands or pages to whoever took them for more than texts.

use std::fmt::Write;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::Role;

use crate::{
    colleague::{Colleague, patient, sign_in},
    person::{call, held},
    place::{Answer, Place, Running},
    recorder::{Recorder, by, id, statement},
    upkeep::verify,
    visitor::Visitor,
};

/// What would make a query find everything, or end it and begin another, if it got into one.
const SQL: [&str; 7] = [
    "'or'1'='1",
    "'or(1)=1/*",
    "';drop/**/table/**/visits;select/**/'",
    "\"or\"1\"=\"1",
    "\\'or(1)=1;",
    "%",
    "_",
];

/// What would do something in a page that took it for a part of itself.
const HTML: &str = "<img src=x onerror=\"alert(1)\"><script>alert(1)</script>";

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}

/// Everything that an account, a class or a credential can be called, and every name that is asked for.
async fn say_to_staff(server: &Running, [boss, ann]: [&Colleague; 2], n: usize, text: &str) {
    let called = format!("x{text}");
    let calls = [
        (boss, "accounts", json!({"name": called, "role": "reader"})),
        (ann, "classes", json!({"name": called})),
        (
            boss,
            "credentials",
            json!({"label": called, "scopes": ["state"]}),
        ),
    ];
    for (who, path, body) in calls {
        let before = count(&who.get(server, path).await);
        let made = who.post(server, path, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{path} {text}: {made:?}");
        let listed = who.get(server, path).await;
        assert_eq!(count(&listed), before + 1);
        let all = listed.json();
        let names = all.as_array().expect("a list").iter();
        let names = names.filter(|it| it["name"] == *called || it["label"] == *called);
        assert_eq!(names.count(), 1, "{path}: {all}");
    }
    let given = percent(text);
    for (who, method, path) in [
        (boss, Method::DELETE, format!("sessions/{given}")),
        (boss, Method::POST, format!("accounts/{given}/link")),
        (boss, Method::DELETE, format!("credentials/{given}")),
        (ann, Method::GET, format!("classes/{given}")),
        (ann, Method::DELETE, format!("classes/{given}")),
    ] {
        let answer = who.call(server, method, &path, &Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {answer:?}");
    }
    // A name that is tried more than five times has to wait.
    let whose = ["boss", "ann"][n % 2];
    for (name, password) in [(text, text), (whose, text), (&*format!("boss{text}"), "x")] {
        assert_eq!(sign_in(server, name, password).await.code(), "SIGN_IN");
    }
}

fn count(listed: &Answer) -> usize {
    listed.json().as_array().expect("a list").len()
}

/// Every place in a query of the record store that takes a text.
async fn say_to_records(server: &Running, recorder: &Recorder, n: usize, text: &str) {
    let given = percent(text);
    let mut named = statement("ann", "named");
    let who = json!({"account": {"homePage": "http://example.org", "name": text}});
    named["actor"] = who.clone();
    let mine = format!("agent={}", percent(&who.to_string()));
    assert!(recorder.found(server, &mine).await.is_empty(), "{text}");
    assert_eq!(recorder.post(server, &named).await.status, StatusCode::OK);
    assert_eq!(recorder.found(server, &mine).await, [id(&named)], "{text}");
    for query in [
        format!("verb=http://example.org/verbs/{given}"),
        format!("activity=http://example.org/things/{given}"),
        format!("{mine}&activity=http://example.org/things/{given}&related_activities=true"),
    ] {
        let answer = recorder
            .get(server, &format!("/xapi/statements?{query}"))
            .await;
        let found = answer.json()["statements"].as_array().map(Vec::len);
        assert!(
            answer.status == StatusCode::BAD_REQUEST || found == Some(0),
            "{query}: {answer:?}"
        );
    }
    for name in [
        "statementId",
        "registration",
        "cursor",
        "limit",
        "since",
        "ascending",
    ] {
        let query = format!("/xapi/statements?{name}={given}");
        let answer = recorder.get(server, &query).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let documents = format!(
        "/xapi/activities/state?activityId=http://example.org/{n}&{}",
        by("ann")
    );
    let one = format!("{documents}&stateId={given}");
    let put = async |path: &str| {
        let body = json!({ "said": text });
        let answer = recorder.send(server, Method::PUT, path, &body).await;
        answer.status
    };
    let kept = format!("{documents}&stateId=kept");
    assert_eq!(put(&kept).await, StatusCode::NO_CONTENT);
    assert_eq!(
        recorder.get(server, &one).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(put(&one).await, StatusCode::NO_CONTENT);
    let gone = recorder
        .send(server, Method::DELETE, &one, &Value::Null)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let stored = recorder.get(server, &documents).await.json();
    assert_eq!(
        stored,
        json!(["kept"]),
        "{text} is gone, and nothing else is"
    );
}

#[tokio::test]
async fn what_looks_like_sql_is_text_and_finds_nothing_else() {
    let place = Place::new();
    let server = patient(&place).await;
    let boss = Colleague::hired(&place, &server, "boss", Role::Administrator).await;
    let ann = Colleague::hired(&place, &server, "ann", Role::Instructor).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    for (n, text) in SQL.into_iter().enumerate() {
        say_to_staff(&server, [&boss, &ann], n, text).await;
        say_to_records(&server, &recorder, n, text).await;
        let path = format!("/api/v1/visits/{}", percent(text));
        let token = Some(visitor.token.as_str());
        let nobodys = server.call(Method::GET, &path, token, &Value::Null).await;
        assert_eq!(nobodys.code(), "UNKNOWN_VISIT", "{text}");
        let path = visitor.path("");
        let stolen = server
            .call(Method::GET, &path, Some(text), &Value::Null)
            .await;
        assert_eq!(stolen.code(), "UNKNOWN_VISIT", "{text}");
        let body = json!({ "code": text });
        let none = call(&server, &visitor, Method::PUT, "/class", &body).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{text}");
        let body = json!({ "text": text });
        let raised = call(&server, &visitor, Method::POST, "/objections", &body).await;
        assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
    }
    let kept = held(&server, &visitor).await;
    let said: Vec<_> = kept["objections"]
        .as_array()
        .expect("objections")
        .iter()
        .map(|it| &it["text"])
        .collect();
    assert!(
        SQL.iter().all(|text| said.contains(&&json!(text))),
        "{said:?}"
    );
    assert_eq!(visitor.log(&server).await.len(), 3);
    assert_eq!(boss.get(&server, "me").await.status, StatusCode::OK);
    verify(&place.records).await.expect("nothing was changed");
}

#[tokio::test]
async fn what_others_stored_is_never_a_page_of_this_server() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    for (at, kind) in [
        ("1", "text/html"),
        ("2", "image/svg+xml"),
        ("3", "application/xhtml+xml"),
    ] {
        let path =
            format!("/xapi/activities/profile?activityId=http://example.org/x&profileId={at}");
        let kinds = [("content-type", kind), ("if-none-match", "*")];
        let put = recorder
            .with_headers(&server, Method::PUT, &path, &kinds, HTML)
            .await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
        let read = recorder.get(&server, &path).await;
        assert_eq!(
            (read.header("content-type"), &read.bytes[..]),
            (kind, HTML.as_bytes())
        );
        check_no_page(&read);
    }
    let mut said = statement("ann", "a");
    said["actor"]["name"] = json!(HTML);
    said["verb"]["display"] = json!({"en": HTML});
    recorder.post(&server, &said).await;
    for path in ["/xapi/statements", "/xapi/about", "/xapi/nowhere"] {
        let read = recorder.get(&server, path).await;
        assert_eq!(read.header("content-type"), "application/json", "{path}");
        check_no_page(&read);
    }
    let evil = percent(HTML);
    for path in [
        format!("/api/v1/visits/{evil}"),
        format!("/api/v1/{evil}"),
        format!("/packages/{evil}"),
    ] {
        let answer = server.get(&path).await;
        assert!(answer.status.is_client_error(), "{path}");
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let is_page = answer.header("content-type").starts_with("text/html");
        assert!(!is_page || !text.contains("onerror"), "{path}: {text}");
    }
}

/// A browser that is led there runs nothing of it, and takes it for no kind but the one that is said.
#[track_caller]
fn check_no_page(answer: &Answer) {
    let policies = answer.headers.get_all("content-security-policy").iter();
    let mut policies = policies.map(|it| it.to_str().expect("a text"));
    assert!(policies.any(|it| it.contains("sandbox")), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}
