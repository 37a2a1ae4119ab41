//! Who may read and write records, and in which version they are answered.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::CredentialCommand;

use crate::{
    place::Place,
    recorder::{Recorder, done, id, statement},
    records::meddle,
    visitor::Visitor,
};

const STATE: &str = "/xapi/activities/state?activityId=http://example.org/a&stateId=s&agent=%7B%22mbox%22:%22mailto:a@example.org%22%7D";
const PROFILE: &str = "/xapi/activities/profile?activityId=http://example.org/a&profileId=p";
const OF_AGENT: &str =
    "/xapi/agents/profile?profileId=p&agent=%7B%22mbox%22:%22mailto:a@example.org%22%7D";

#[tokio::test]
async fn without_a_credential_there_is_no_access() {
    let place = Place::new();
    let server = place.start().await;
    let version = ("x-experience-api-version", "2.0.0");
    for path in [
        "/xapi/statements",
        STATE,
        PROFILE,
        "/xapi/agents",
        "/xapi/activities",
    ] {
        for wrong in ["", "Basic", "Basic a2V5OnNlY3JldA==", "Bearer x"] {
            let answer = server
                .get_with(path, &[version, ("authorization", wrong)])
                .await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {wrong}");
            assert!(
                answer.header("www-authenticate").starts_with("Basic "),
                "{path}"
            );
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    assert_eq!(server.get("/xapi/about").await.status, StatusCode::OK);
    assert_eq!(
        server.get("/xapi/nothing").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_credential_is_good_for_its_scopes_alone() {
    let place = Place::new();
    let server = place.start().await;
    let calls = [
        (Method::POST, "/xapi/statements", "statements/write"),
        (Method::GET, "/xapi/statements", "statements/read"),
        (Method::GET, "/xapi/statements", "statements/read/mine"),
        (Method::GET, STATE, "state"),
        (Method::GET, PROFILE, "profile"),
    ];
    for scope in calls.iter().map(|(_, _, scope)| *scope) {
        let recorder = Recorder::new(&place, &[scope]).await;
        for (method, path, needed) in &calls {
            let body = statement("ann", "a");
            let answer = recorder.send(&server, method.clone(), path, &body).await;
            let reads = |it: &str| it.starts_with("statements/read");
            let may = *needed == scope || (reads(needed) && reads(scope));
            let is_forbidden = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(is_forbidden, !may, "{scope}: {method} {path}");
        }
    }
}

#[tokio::test]
async fn who_may_read_their_own_reads_nothing_else() {
    let place = Place::new();
    let server = place.start().await;
    let ours = Recorder::new(&place, &["statements/write", "statements/read/mine"]).await;
    let theirs = Recorder::new(&place, &["statements/write"]).await;
    let (mine, other) = (statement("ann", "a"), statement("ann", "b"));
    ours.post(&server, &mine).await;
    theirs.post(&server, &other).await;
    assert_eq!(ours.found(&server, "").await, [id(&mine)]);
    let verb = "verb=http://example.org/verbs/did";
    assert_eq!(ours.found(&server, verb).await, [id(&mine)]);
    for (statement, status) in [(&mine, StatusCode::OK), (&other, StatusCode::NOT_FOUND)] {
        let path = format!("/xapi/statements?statementId={}", id(statement));
        assert_eq!(ours.get(&server, &path).await.status, status);
    }
}

#[tokio::test]
async fn voiding_what_another_stored_needs_more_than_writing() {
    let place = Place::new();
    let server = place.start().await;
    let (ours, theirs) = (
        Recorder::new(&place, &["statements/write"]).await,
        Recorder::new(&place, &["statements/write"]).await,
    );
    let all = Recorder::new(&place, &["all"]).await;
    let (first, second) = (statement("ann", "a"), statement("ann", "b"));
    ours.post(&server, &json!([first, second])).await;
    let voiding = |it: &Value| {
        let mut voiding = statement("ben", "x");
        voiding["verb"]["id"] = json!("http://adlnet.gov/expapi/verbs/voided");
        voiding["object"] = json!({"objectType": "StatementRef", "id": id(it)});
        voiding
    };
    let refused = theirs.post(&server, &voiding(&first)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    assert_eq!(all.found(&server, "").await, [id(&second), id(&first)]);
    assert_eq!(
        ours.post(&server, &voiding(&first)).await.status,
        StatusCode::OK
    );
    assert_eq!(
        all.post(&server, &voiding(&second)).await.status,
        StatusCode::OK
    );
    assert_eq!(
        all.found(&server, "").await.len(),
        2,
        "only what voids is left"
    );
}

#[tokio::test]
async fn credentials_are_listed_without_secrets_and_end_when_revoked() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    assert_eq!(
        recorder.get(&server, "/xapi/statements").await.status,
        StatusCode::OK
    );
    let records = || place.records.clone();
    let listed = done(CredentialCommand::List { records: records() })
        .await
        .expect("a list");
    assert!(
        listed.contains(&recorder.key) && listed.contains("all  a test"),
        "{listed}"
    );
    let revoke = |key: &str| CredentialCommand::Revoke {
        records: records(),
        key: key.into(),
    };
    done(revoke(&recorder.key)).await.expect("it is revoked");
    let answer = recorder.get(&server, "/xapi/statements").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let listed = done(CredentialCommand::List { records: records() })
        .await
        .expect("a list");
    assert!(listed.contains("revoked "), "{listed}");
    let unknown = done(revoke("nobody")).await.expect_err("there is none");
    assert!(unknown.to_string().contains("credential list"), "{unknown}");
}

#[tokio::test]
async fn a_credential_is_good_until_its_time_is_over() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let expires = "update credentials set expires_ms = $1";
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now_ms = i64::try_from(now.expect("a time").as_millis()).expect("a number");
    for (expires_ms, status) in [
        (now_ms + 60_000, StatusCode::OK),
        (now_ms - 1, StatusCode::UNAUTHORIZED),
    ] {
        meddle(&place.records, expires, expires_ms).await;
        let answer = recorder.get(&server, "/xapi/statements").await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn what_statements_tell_of_activities_and_agents_is_put_together() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    for (name, language, called) in [
        ("Ann", "en", "Boat"),
        ("安", "zh", "船"),
        ("Ann", "en", "Boat"),
    ] {
        let mut told = statement("ann", "a");
        told["actor"]["name"] = json!(name);
        told["object"] = json!({"id": "http://example.org/boat", "definition": {
            "type": "http://example.org/thing", "name": {language: called},
        }});
        assert_eq!(recorder.post(&server, &told).await.status, StatusCode::OK);
    }
    let path = "/xapi/activities?activityId=http://example.org/boat";
    let activity = recorder.get(&server, path).await.json();
    assert_eq!(
        activity["definition"]["name"],
        json!({"en": "Boat", "zh": "船"})
    );
    assert_eq!(activity["definition"]["type"], "http://example.org/thing");
    let agent: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("agent", &statement("ann", "a")["actor"].to_string())
        .finish();
    let person = recorder
        .get(&server, &format!("/xapi/agents?{agent}"))
        .await;
    let person = person.json();
    assert_eq!(person["objectType"], "Person");
    let mut names = person["name"].as_array().expect("names").clone();
    names.sort_by_key(Value::to_string);
    assert_eq!(names, [json!("Ann"), json!("安")]);

    let in_one = async |accepts: &str| {
        let headers = [("accept-language", accepts)];
        let path = "/xapi/statements?limit=1&format=canonical";
        let found = recorder.with_headers(&server, Method::GET, path, &headers, "");
        found.await.json()["statements"][0]["object"]["definition"]["name"].clone()
    };
    assert_eq!(in_one("zh-Hans, en;q=0.5").await, json!({"zh": "船"}));
    assert_eq!(in_one("en-GB").await, json!({"en": "Boat"}));
    let ids = recorder
        .get(&server, "/xapi/statements?limit=1&format=ids")
        .await;
    assert_eq!(
        ids.json()["statements"][0]["object"],
        json!({"id": "http://example.org/boat"})
    );
}

#[tokio::test]
async fn each_address_speaks_its_version() {
    let place = Place::new();
    let server = place.start().await;
    let mut recorder = Recorder::new(&place, &["all"]).await;
    for (prefix, said, status, answered) in [
        ("/xapi", "2.0.0", StatusCode::OK, "2.0.0"),
        ("/xapi", "2.0", StatusCode::OK, "2.0.0"),
        ("/xapi", "1.0.3", StatusCode::OK, "1.0.3"),
        ("/xapi", "0.95", StatusCode::BAD_REQUEST, "2.0.0"),
        ("/xapi", "", StatusCode::BAD_REQUEST, "2.0.0"),
        ("/xapi/1.0.3", "1.0.1", StatusCode::OK, "1.0.3"),
        ("/xapi/1.0.3", "2.0.0", StatusCode::BAD_REQUEST, "1.0.3"),
    ] {
        recorder.version = said;
        let answer = recorder.get(&server, &format!("{prefix}/statements")).await;
        assert_eq!(answer.status, status, "{prefix} {said}");
        assert_eq!(
            answer.header("x-experience-api-version"),
            answered,
            "{prefix} {said}"
        );
        assert!(
            !answer
                .header("x-experience-api-consistent-through")
                .is_empty()
        );
    }
}

#[tokio::test]
async fn what_others_did_to_a_document_is_not_overwritten_unseen() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["state", "profile"]).await;
    for path in [STATE, PROFILE, OF_AGENT] {
        let put = async |headers: &[(&str, &str)], body: &str| {
            let answer = recorder.with_headers(&server, Method::PUT, path, headers, body);
            answer.await.status
        };
        assert_eq!(
            put(&[("if-none-match", "*")], r#"{"a":1}"#).await,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            put(&[("if-none-match", "*")], "{}").await,
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(put(&[], "{}").await, StatusCode::CONFLICT);
        let etag = recorder.get(&server, path).await.header("etag").to_owned();
        assert_eq!(
            put(&[("if-match", "\"x\"")], "{}").await,
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(
            put(&[("if-match", &etag)], r#"{"a":2}"#).await,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            put(&[("if-match", &etag)], "{}").await,
            StatusCode::PRECONDITION_FAILED
        );
        let merged = recorder
            .send(&server, Method::POST, path, &json!({"b": 3}))
            .await;
        assert_eq!(merged.status, StatusCode::NO_CONTENT);
        assert_eq!(
            recorder.get(&server, path).await.json(),
            json!({"a": 2, "b": 3})
        );
        let gone = recorder
            .send(&server, Method::DELETE, path, &json!(null))
            .await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(
            recorder.get(&server, path).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn what_visits_tell_is_found_by_the_same_queries_and_erased_with_them() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["statements/read"]).await;
    let mut visitor = Visitor::begin(&place, &server).await;
    visitor.attend("landing");
    visitor.flush(&server).await;
    let told = visitor.get(&server, "/statements").await.json();
    let mut told = crate::recorder::ids(&told);
    told.reverse();
    assert!(told.len() > 2);
    let venue = "activity=https://tours.example.edu/venues/boat";
    let agent = json!({"account": {
        "homePage": "https://tours.example.edu", "name": visitor.visit,
    }});
    let agent: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("agent", &agent.to_string())
        .finish();
    let registration = format!("registration={}", visitor.visit);
    for query in [
        "",
        &*registration,
        &*agent,
        &format!("{venue}&related_activities=true"),
    ] {
        assert_eq!(recorder.found(&server, query).await, told, "{query}");
    }
    let page = recorder
        .get(&server, "/xapi/statements?limit=1")
        .await
        .json();
    let first = &page["statements"][0];
    assert_eq!(first["authority"]["account"]["name"], "xinghuo");
    assert_eq!(first["version"], "2.0.0");
    assert!(!page["more"].as_str().expect("more").is_empty());

    let path = visitor.path("");
    let token = visitor.token.clone();
    let erased = server
        .call(Method::DELETE, &path, Some(&token), &Value::Null)
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert!(recorder.found(&server, "").await.is_empty());
}

#[tokio::test]
async fn head_tells_what_get_would_without_the_body() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    recorder.post(&server, &statement("ann", "a")).await;
    let get = recorder.get(&server, "/xapi/statements").await;
    let head = recorder.with_headers(&server, Method::HEAD, "/xapi/statements", &[], "");
    let head = head.await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), get.bytes.len().to_string());
    assert_eq!(head.header("last-modified"), get.header("last-modified"));
}
