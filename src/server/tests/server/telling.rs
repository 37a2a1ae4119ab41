//! What a running server tells of visits, read back as other systems read it, and held against the
//! profile that it serves: every statement follows one template, and every visit the pattern.

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    launching::{config, launched, leave},
    living::Living,
    place::{Place, Running},
    recorder::Recorder,
    sittings::{LONG, wait},
    system::System,
    template::{followed, follows, list_of},
    visitor::Visitor,
};

const VISIT: &str = "https://w3id.org/xinghuo/visits/patterns/visit";

/// The profile, as the version that a statement names leads to it.
async fn profile(server: &Running) -> Value {
    let json = [("accept", "application/ld+json")];
    let answer = server.get_with("/profiles/visits", &json).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// What the record store holds of a visit, oldest first.
async fn read_back(server: &Running, recorder: &Recorder, visitor: &Visitor) -> Vec<Value> {
    let registration = &visitor.visit;
    let path = format!("/xapi/statements?registration={registration}&ascending=true");
    let page = recorder.get(server, &path).await.json();
    assert_eq!(page["more"], "");
    page["statements"].as_array().expect("statements").clone()
}

/// The last part of each statement's verb, once each statement and all of them follow the profile.
async fn check(server: &Running, recorder: &Recorder, visitor: &Visitor) -> Vec<String> {
    let profile = profile(server).await;
    let told = read_back(server, recorder, visitor).await;
    let version = &list_of(&profile, "versions")[0]["id"];
    for statement in &told {
        followed(&profile, statement);
        let categories = list_of(&statement["context"]["contextActivities"], "category");
        assert!(
            categories.iter().any(|it| it["id"] == *version),
            "{statement}"
        );
    }
    assert!(follows(&profile, VISIT, &told), "{told:#?}");
    let verbs = told.iter().map(|it| it["verb"]["id"].as_str());
    let last = |verb: &str| verb.rsplit('/').next().unwrap_or_default().to_owned();
    verbs.map(|it| last(it.expect("a verb"))).collect()
}

#[tokio::test]
async fn what_visits_tell_follows_the_profile_that_is_served() {
    let place = Place::new();
    let server = place.start().await;
    let recorder = Recorder::new(&place, &["all"]).await;
    for rightly in [true, false] {
        let mut visitor = Visitor::begin(&place, &server).await;
        assert_eq!(check(&server, &recorder, &visitor).await, ["initialized"]);
        visitor.attend("bow");
        visitor.flush(&server).await;
        wait(&place, LONG).await;
        // The visitor comes back after a while.
        visitor.attend("landing");
        visitor.answer_all(&server, "landing", rightly).await;
        let decided = if rightly { "passed" } else { "failed" };
        let verbs = check(&server, &recorder, &visitor).await;
        for verb in [
            "experienced",
            "answered",
            "progressed",
            "completed",
            decided,
        ] {
            assert!(verbs.iter().any(|it| it == verb), "{verb}: {verbs:?}");
        }
        assert_eq!(verbs.iter().filter(|it| *it == "initialized").count(), 2);
        wait(&place, LONG).await;
        // Whoever asks for the visit ends the sitting.
        visitor.get(&server, "/statements").await;
        let verbs = check(&server, &recorder, &visitor).await;
        assert_eq!(verbs.last().map(String::as_str), Some("terminated"));
    }
}

#[tokio::test]
async fn what_a_launched_visit_tells_follows_it_too() {
    let (place, system) = (Place::new(), System::start().await);
    let server = Living::with(config(&place, &system)).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let (mut visitor, _) = launched(&server.running, &system, "Normal", Some(0.8)).await;
    visitor.attend("landing");
    visitor.answer_all(&server.running, "landing", true).await;
    leave(&server.running, &visitor).await;
    let verbs = check(&server.running, &recorder, &visitor).await;
    assert!(verbs.contains(&"passed".to_owned()), "{verbs:?}");
    // What the system is told is held to its rules where it comes in; ours does not name the learner.
    let held = read_back(&server.running, &recorder, &visitor).await;
    for statement in &held {
        assert_eq!(statement["actor"]["account"]["name"], visitor.visit);
        assert!(!statement.to_string().contains("1625378"), "{statement}");
    }
    system.ends(0).await;
    assert_eq!(system.known().violations, [""; 0]);
    server.stop().await;
}
