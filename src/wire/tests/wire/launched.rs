//! What a learning system is told of a visit that it launched.

use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};
use xinghuo_wire::xapi::{
    Sitting,
    cmi5::{CATEGORY, CATEGORY_MOVE_ON, Launch, LaunchData, LaunchMode, Preferences, learner},
};

use crate::{given, statements};

const SESSION: &str = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
const MASTERY: &str = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";

fn data() -> Value {
    json!({
        "contextTemplate": {
            "extensions": {SESSION: "session-7", "https://lms.example.edu/cohort": {"year": 2026}},
            "contextActivities": {"grouping": [{"id": "https://tours.example.edu/venues/red-boat"}]},
            "language": "fr",
        },
        "launchMode": "Normal", "masteryScore": 0.5, "moveOn": "CompletedAndPassed",
        "returnURL": "https://lms.example.edu/course",
    })
}

fn launch(mastery: Option<f64>, mode: LaunchMode) -> Launch {
    let data = LaunchData::read(data().to_string().as_bytes()).expect("launch data");
    let who = r#"{"objectType":"Agent","name":"Li Lei","account":{"homePage":"https://lms.example.edu","name":"7"}}"#;
    Launch {
        id: "0d3f9d1c-5d3f-4ff5-9d0b-4a6a3c6f7a01"
            .parse()
            .expect("a UUID"),
        learner: learner(who).expect("a learner"),
        registration: "7d1e9619-8b86-4d01-b42d-00cf4fc964ff"
            .parse()
            .expect("a UUID"),
        activity: "https://lms.example.edu/units/7".into(),
        template: data.template,
        mode,
        mastery,
        began: given::identity().created,
    }
}

/// Everything that the system is told, the end included.
fn told(launch: &Launch, statements: &[xinghuo_wire::xapi::Statement]) -> Vec<Value> {
    let last = statements.last().expect("one").timestamp;
    let mut told = vec![launch.initialized()];
    told.extend(statements.iter().filter_map(|it| launch.follow(it)));
    told.push(launch.terminated(last));
    told
}

fn verb(statement: &Value) -> &str {
    statement["verb"]["id"]
        .as_str()
        .and_then(|it| it.rsplit('/').next())
        .expect("a verb")
}

/// `UPDATE_GOLDEN=1` writes the file; then read the difference.
#[test]
fn a_system_is_told_as_it_always_was() {
    let statements = given::identity().statements(&given::venue(), &given::log(), given::SEED);
    let told = told(&launch(Some(0.5), LaunchMode::Normal), &statements);
    let json = serde_json::to_string_pretty(&told).expect("JSON") + "\n";
    let golden = given::data("launched.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(golden, json).expect("a file");
        return;
    }
    assert_eq!(json, fs::read_to_string(golden).expect("a file"));
}

proptest! {
    #[test]
    fn whatever_happens_cmi5s_rules_are_kept(log in statements::visits(), mastery in prop::option::of(0.0..=1.0_f64)) {
        let (venue, identity) = (given::venue(), given::identity());
        let mut statements = identity.statements(&venue, &log, given::SEED);
        statements.push(identity.terminated(&venue, &Sitting::of(&log)));
        let launch = launch(mastery, LaunchMode::Normal);
        let told = told(&launch, &statements);
        let defined: Vec<_> = told.iter().filter(|it| categories(it).contains(&CATEGORY.to_owned())).collect();
        let verbs: Vec<_> = defined.iter().map(|it| verb(it)).collect();
        prop_assert_eq!(verbs.first(), Some(&"initialized"));
        prop_assert_eq!(verbs.last(), Some(&"terminated"));
        prop_assert_eq!(verb(&told[0]), "initialized");
        prop_assert_eq!(verb(told.last().expect("one")), "terminated");
        let times = |what: &str| verbs.iter().filter(|it| **it == what).count();
        for once in ["initialized", "terminated"] {
            prop_assert_eq!(times(once), 1);
        }
        prop_assert!(times("completed") <= 1 && times("passed") + times("failed") <= 1);
        let mut ids: Vec<_> = told.iter().map(|it| it["id"].to_string()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), told.len(), "ids are unique");
        for statement in &told {
            prop_assert_eq!(&statement["actor"], &launch.learner);
            let context = &statement["context"];
            prop_assert_eq!(&context["registration"], &json!(launch.registration));
            prop_assert_eq!(&context["extensions"][SESSION], "session-7");
            prop_assert_eq!(&context["language"], "fr", "the template is not changed");
            let result = &statement["result"];
            let is_defined = categories(statement).contains(&CATEGORY.to_owned());
            let decides = result.get("completion").is_some() || (is_defined && result.get("success").is_some());
            prop_assert_eq!(categories(statement).contains(&CATEGORY_MOVE_ON.to_owned()), is_defined && decides);
            if !is_defined {
                prop_assert!(["experienced", "answered", "progressed"].contains(&verb(statement)));
                continue;
            }
            prop_assert_eq!(&statement["object"]["id"], "https://lms.example.edu/units/7");
            prop_assert_eq!(result.get("duration").is_some(), verb(statement) != "initialized");
            if ["passed", "failed"].contains(&verb(statement)) {
                prop_assert_eq!(result["success"] == true, verb(statement) == "passed");
                prop_assert_eq!(context["extensions"].get(MASTERY).and_then(Value::as_f64), mastery);
                if let Some(mastery) = mastery {
                    let scaled = result["score"]["scaled"].as_f64().expect("a score");
                    prop_assert_eq!(scaled >= mastery, verb(statement) == "passed");
                }
            } else {
                prop_assert!(result.get("success").is_none() && result.get("score").is_none());
            }
        }
        for mode in [LaunchMode::Browse, LaunchMode::Review] {
            let quiet = self::launch(mastery, mode);
            prop_assert!(statements.iter().all(|it| quiet.follow(it).is_none()));
        }
    }

    #[test]
    fn nothing_that_a_system_keeps_makes_reading_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".*") {
        let _ = LaunchData::read(&bytes);
        let _ = Preferences::read(&bytes);
        let _ = learner(&text);
    }
}

fn categories(statement: &Value) -> Vec<String> {
    let list = statement["context"]["contextActivities"]["category"].as_array();
    let ids = list
        .into_iter()
        .flatten()
        .filter_map(|it| it["id"].as_str());
    ids.map(str::to_owned).collect()
}

#[test]
fn what_a_system_must_keep_is_asked_for() {
    #[track_caller]
    fn check(pointer: &str, wrong: Value, says: &str) {
        let mut data = data();
        *data.pointer_mut(pointer).expect(pointer) = wrong;
        let flaw = LaunchData::read(data.to_string().as_bytes()).expect_err(pointer);
        assert!(flaw.to_string().contains(says), "{flaw}");
    }
    check("", json!("text"), "contextTemplate");
    check("/contextTemplate", json!(null), "contextTemplate");
    check("/contextTemplate/extensions", json!({}), "session id");
    for wrong in [json!("text"), json!({"category": "text"})] {
        check(
            "/contextTemplate/contextActivities",
            wrong,
            "contextActivities",
        );
    }
    check("/launchMode", json!("normal"), "launchMode");
    check("/masteryScore", json!(1.5), "masteryScore");
    check("/masteryScore", json!("0.5"), "masteryScore");
    // A way back that is none of the web is no way back.
    let mut elsewhere = data();
    elsewhere["returnURL"] = json!("javascript:alert(1)");
    let read = LaunchData::read(elsewhere.to_string().as_bytes()).expect("launch data");
    assert_eq!(read.return_url, None);
    for nobody in [
        "",
        "{}",
        r#"{"mbox":"mailto:a@b.c"}"#,
        r#"{"objectType":"Group","account":{"homePage":"h","name":"n"}}"#,
    ] {
        assert!(learner(nobody).is_err(), "{nobody}");
    }
}

#[test]
fn ours_is_added_to_a_single_activity_as_to_a_list() {
    let theirs = "https://lms.example.edu/about";
    let mut data = data();
    data["contextTemplate"]["contextActivities"]["category"] = json!({ "id": theirs });
    let mut launch = launch(None, LaunchMode::Normal);
    let data = LaunchData::read(data.to_string().as_bytes()).expect("launch data");
    launch.template = data.template;
    let ids = categories(&launch.initialized());
    assert_eq!(ids, [theirs, CATEGORY]);
}

#[test]
fn the_language_that_is_liked_best_is_chosen() {
    let spoken = ["zh-Hans".to_owned(), "en".to_owned()];
    for (liked, best) in [
        ("fr-FR, en-US ,zh-CN", Some("en")),
        ("zh-Hans,en", Some("zh-Hans")),
        ("ZH", Some("zh-Hans")),
        ("fr", None),
        ("", None),
    ] {
        let json = json!({"languagePreference": liked, "audioPreference": "on"}).to_string();
        let liked = Preferences::read(json.as_bytes());
        assert_eq!(liked.best_of(&spoken), best);
    }
}
