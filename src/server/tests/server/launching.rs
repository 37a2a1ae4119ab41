//! Visits that a learning system launches by cmi5, and what it is told of them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use xinghuo_server::Config;

use crate::{
    living::Living,
    place::{Answer, Place, Running},
    records::{hold, meddle},
    structure::{flaws, title},
    system::System,
    visitor::Visitor,
};

pub(crate) fn config(place: &Place, system: &System) -> Config {
    Config {
        lms_origins: vec![system.origin.clone()],
        ..place.config()
    }
}

pub(crate) async fn post(server: &Running, launch: &Value) -> Answer {
    server
        .call(Method::POST, "/api/v1/launches", None, launch)
        .await
}

pub(crate) async fn launched(
    server: &Running,
    system: &System,
    mode: &'static str,
    mastery: Option<f64>,
) -> (Visitor, Value) {
    let answer = post(server, &system.launch(mode, mastery)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let started = answer.json();
    assert!(
        !started.to_string().contains("token-"),
        "the system's token stays here"
    );
    (Visitor::of(&started), started)
}

pub(crate) async fn leave(server: &Running, visitor: &Visitor) {
    let path = visitor.path("/leave");
    let answer = server
        .call(Method::POST, &path, Some(&visitor.token), &Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
}

#[tokio::test]
async fn a_launched_visit_keeps_every_rule_and_goes_on_with_the_next_launch() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let (mut visitor, started) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    assert_eq!(started["language"], "zh-Hans", "the learner likes it best");
    assert_eq!(started["mode"], "Normal");
    assert_eq!(started["returnUrl"], "https://lms.example.edu/course/12");
    visitor.attend("landing");
    visitor.flush(&server.running).await;
    leave(&server.running, &visitor).await;
    let verbs = system.ends(0).await;
    assert_eq!(verbs[0], "initialized");
    assert!(verbs.contains(&"experienced".to_owned()), "{verbs:?}");
    assert!(!verbs.contains(&"completed".to_owned()), "{verbs:?}");

    let (again, started) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    assert_eq!(again.visit, visitor.visit, "the visit goes on");
    assert_ne!(again.token, visitor.token);
    assert_eq!(started["seq"], json!(visitor.session.seq()));
    visitor.token = again.token;
    visitor.answer_all(&server.running, "landing", true).await;
    leave(&server.running, &visitor).await;
    let verbs = system.ends(1).await;
    for once in ["initialized", "completed", "passed", "terminated"] {
        assert_eq!(
            verbs.iter().filter(|it| *it == once).count(),
            1,
            "{verbs:?}"
        );
    }
    assert!(verbs.contains(&"answered".to_owned()), "{verbs:?}");

    // Whoever is launched anew has left the session before.
    launched(&server.running, &system, "Normal", Some(0.8)).await;
    let (again, _) = launched(&server.running, &system, "Normal", None).await;
    leave(&server.running, &again).await;
    for session in [2, 3] {
        assert_eq!(system.ends(session).await, ["initialized", "terminated"]);
    }
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn the_mastery_score_of_the_launch_decides_what_the_system_is_told() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let (mut visitor, _) = launched(&server.running, &system, "Normal", Some(0.99)).await;
    visitor.attend("landing");
    // One wrong answer: enough for the venue, not for the system.
    let question = visitor.asked("landing").expect("a question");
    visitor.answer(question, "a-wrong-one");
    visitor.flush(&server.running).await;
    visitor.answer_all(&server.running, "landing", true).await;
    let record = visitor.get(&server.running, "").await.json()["record"].clone();
    assert_eq!(record["passed"], true, "{record}");
    leave(&server.running, &visitor).await;
    let verbs = system.ends(0).await;
    assert!(verbs.contains(&"failed".to_owned()), "{verbs:?}");
    assert!(!verbs.contains(&"passed".to_owned()), "{verbs:?}");
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn who_only_looks_around_is_told_of_as_coming_and_going() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let mut visits = Vec::new();
    for (session, mode) in ["Browse", "Review"].into_iter().enumerate() {
        let (mut visitor, started) = launched(&server.running, &system, mode, Some(0.8)).await;
        assert_eq!(started["mode"], mode);
        visitor.attend("landing");
        visitor.answer_all(&server.running, "landing", true).await;
        leave(&server.running, &visitor).await;
        assert_eq!(system.ends(session).await, ["initialized", "terminated"]);
        visits.push(visitor.visit);
    }
    let (visitor, _) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    assert!(
        !visits.contains(&visitor.visit),
        "what was browsed does not count"
    );
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn what_the_system_could_not_take_is_told_later() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    system.known().fails = Some((503, 3));
    let (mut visitor, _) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    visitor.attend("landing");
    visitor.flush(&server.running).await;
    // Its session is over before the last answer comes.
    for _ in 0..100 {
        if system.verbs(0).len() > 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    system.known().sessions[0].closed = true;
    visitor.answer_all(&server.running, "landing", true).await;
    for _ in 0..100 {
        if system
            .known()
            .violations
            .iter()
            .any(|it| it.ends_with("passed"))
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!system.verbs(0).contains(&"passed".to_owned()));
    system.known().violations.clear();

    let (again, _) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    assert_eq!(again.visit, visitor.visit);
    visitor.token = again.token;
    leave(&server.running, &visitor).await;
    let verbs = system.ends(1).await;
    assert_eq!(verbs, ["initialized", "completed", "passed", "terminated"]);
    let only_late = system
        .known()
        .violations
        .iter()
        .all(|it| it.starts_with("8.1.2"));
    assert!(only_late, "{:?}", system.known().violations);
    server.stop().await;
}

#[tokio::test]
async fn a_learner_of_whom_nothing_is_heard_has_gone() {
    let (place, system) = (Place::new(), System::start().await);
    let quiet = Running::with(config(&place, &system)).await;
    let (mut visitor, _) = launched(&quiet, &system, "Normal", None).await;
    let long = 31 * 60 * 1000;
    let waited = "update launches set heard_ms = heard_ms - $1";
    meddle(&place.records, waited, long).await;
    let server = Living::with(config(&place, &system)).await;
    assert_eq!(system.ends(0).await, ["initialized", "terminated"]);
    // Late evidence is kept, and told with the next launch.
    visitor.attend("landing");
    visitor.answer_all(&server.running, "landing", true).await;
    let (again, _) = launched(&server.running, &system, "Normal", None).await;
    leave(&server.running, &again).await;
    let verbs = system.ends(1).await;
    assert_eq!(verbs, ["initialized", "completed", "passed", "terminated"]);
    assert_eq!(system.verbs(0), ["initialized", "terminated"]);
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_erased_is_not_told() {
    let (place, system) = (Place::new(), System::start().await);
    let quiet = Running::with(config(&place, &system)).await;
    let (mut visitor, _) = launched(&quiet, &system, "Normal", None).await;
    visitor.attend("landing");
    visitor.flush(&quiet).await;
    assert!(hold(&place.records, "1625378"));
    let erased = quiet
        .call(
            Method::DELETE,
            &visitor.path(""),
            Some(&visitor.token),
            &Value::Null,
        )
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    let server = Living::with(config(&place, &system)).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(system.verbs(0), [""; 0]);
    if place.records.data.is_some() {
        assert!(
            !hold(&place.records, "1625378"),
            "nothing of the learner is left"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn only_a_system_that_was_named_is_asked_at_all() {
    let (place, system, other) = (Place::new(), System::start().await, System::start().await);
    let server = Running::with(config(&place, &system)).await;
    let right = system.launch("Normal", None);
    for (field, wrong) in [
        ("endpoint", json!(format!("{}/lrs/", other.origin))),
        ("fetch", json!(format!("{}/token?k=1", other.origin))),
        ("fetch", json!("http://169.254.169.254/latest/meta-data")),
        ("endpoint", json!("file:///etc/passwd")),
        (
            "fetch",
            json!(
                right["fetch"]
                    .as_str()
                    .expect("a text")
                    .replace("http://", "http://x@")
            ),
        ),
    ] {
        let mut launch = right.clone();
        launch[field] = wrong;
        let answer = post(&server, &launch).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
        assert_eq!(answer.code(), "LAUNCH_REFUSED");
    }
    assert_eq!(other.known().requests + system.known().requests, 0);

    let nobody = Running::with(place.config()).await;
    let answer = post(&nobody, &right).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
    assert!(
        answer.json()["error"]["next"]
            .as_str()
            .expect("a text")
            .contains("--lms-origin")
    );
    // Names alone are taken, and only those of the web.
    for wrong in [
        "lms.example.edu",
        "https://lms.example.edu/course",
        "ftp://lms.example.edu",
    ] {
        let config = Config {
            lms_origins: vec![wrong.into()],
            ..place.config()
        };
        let refused = xinghuo_server::Server::bind(config)
            .await
            .err()
            .expect("it is refused");
        assert!(refused.to_string().contains("--lms-origin"), "{refused}");
    }
}

#[tokio::test]
async fn a_launch_that_cannot_be_used_is_said_to_be_so() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Running::with(config(&place, &system)).await;
    let launch = system.launch("Normal", None);
    assert_eq!(post(&server, &launch).await.status, StatusCode::CREATED);
    // The token is given once.
    let answer = post(&server, &launch).await;
    assert_eq!(
        (answer.status, &*answer.code()),
        (StatusCode::FORBIDDEN, "LAUNCH_REFUSED")
    );

    let mut nobody = system.launch("Normal", None);
    nobody["actor"] = json!(r#"{"mbox":"mailto:li@example.edu"}"#);
    assert_eq!(post(&server, &nobody).await.status, StatusCode::BAD_REQUEST);
    let mut elsewhere = system.launch("Normal", None);
    elsewhere["venue"] = json!("nowhere");
    assert_eq!(
        post(&server, &elsewhere).await.status,
        StatusCode::NOT_FOUND
    );

    for (data, says) in [
        (json!([]), "contextTemplate"),
        (json!({"contextTemplate": {}}), "session id"),
        (
            json!({"contextTemplate": {"extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "s"}}, "launchMode": "Sleep"}),
            "launchMode",
        ),
    ] {
        system.known().launch_data = Some(data);
        let answer = post(&server, &system.launch("Normal", None)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
        let message = answer.json()["error"]["message"].to_string();
        assert!(message.contains(says), "{message}");
    }
    let mut away = system.launch("Normal", None);
    away["fetch"] = json!(format!("{}/nothing-here", system.origin));
    let answer = post(&server, &away).await;
    assert_eq!(
        (answer.status, &*answer.code()),
        (StatusCode::BAD_GATEWAY, "LAUNCH_FAILED")
    );
}

#[tokio::test]
async fn a_venue_is_a_course_that_systems_import() {
    let place = Place::new();
    let server = place.start().await;
    let answer = server.get("/packages/boat/cmi5.xml").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    let xml = String::from_utf8(answer.bytes.to_vec()).expect("UTF-8");
    for part in [
        "<courseStructure xmlns=\"https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd\">",
        "<course id=\"https://tours.example.edu/venues/boat/course\">",
        "<au id=\"https://tours.example.edu/venues/boat\"",
        "moveOn=\"CompletedAndPassed\" masteryScore=\"0.7\"",
        "<langstring lang=\"zh-Hans\">船</langstring>",
        "<langstring lang=\"en\">The boat</langstring>",
        "<url>https://tours.example.edu/?venue=boat</url>",
    ] {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
    assert_eq!(flaws(&xml), [""; 0], "{xml}");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let named = [("en", "The boat"), ("zh-Hans", "船")];
    assert_eq!(title(&document, "au"), named);
    for nowhere in [
        "/packages/house/cmi5.xml",
        "/packages/cmi5.xml",
        "/packages/..%2f/cmi5.xml",
    ] {
        assert_eq!(
            server.get(nowhere).await.status,
            StatusCode::NOT_FOUND,
            "{nowhere}"
        );
    }
}
