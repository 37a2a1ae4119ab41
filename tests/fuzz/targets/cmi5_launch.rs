//! Any JSON as what a learning system says of a launch: refused for a reason, or what it is told of
//! the visit bears the enrolment, the session and the marks that cmi5 asks for.

#![no_main]

use std::{
    fmt::Debug,
    str::FromStr,
    sync::{Arc, LazyLock},
};

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use xinghuo_tour::{Entry, Session};
use xinghuo_wire::{
    StartLaunch,
    xapi::{
        Received, Sitting, Statement, VisitIdentity,
        cmi5::{CATEGORY, Launch, LaunchData, Preferences, learner},
    },
};

/// What a whole visit tells.
static VISIT: LazyLock<Vec<Statement>> = LazyLock::new(|| {
    let venue = xinghuo_fuzz::venue();
    let identity = VisitIdentity {
        visit: parsed("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
        home_page: "https://tours.example.edu".to_owned(),
        pseudonym: "visitor-7d1e".to_owned(),
        venue: venue.id.clone(),
        package: parsed("0123456789abcdef0123456789abcdef"),
        activity_base: "https://tours.example.edu/xapi".to_owned(),
        language: parsed("zh-Hans"),
        created: parsed("2026-11-22T06:00:00Z"),
        words: Arc::default(),
    };
    let entries = include_str!("../../../src/wire/tests/data/visit.json");
    let entries: Vec<Entry> = serde_json::from_str(entries).expect("a visit");
    let (mut session, mut sitting) = (Session::new(2), Sitting::default());
    let mut told = vec![identity.initialized(&venue)];
    for entry in entries {
        let events = session.apply(&venue, &entry.action, entry.at);
        let received = Received {
            after_ms: entry.at,
            entry,
        };
        told.extend(identity.follow(&venue, &session, &mut sitting, &received, &events));
    }
    told
});

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(told) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let part = |name: &str| told[name].to_string().into_bytes();
    let liked = Preferences::read(&part("preferences"));
    let spoken = ["zh-Hans".to_owned(), "en".to_owned()];
    assert!(
        liked
            .best_of(&spoken)
            .is_none_or(|it| spoken.iter().any(|one| one == it))
    );
    let asked = serde_json::from_slice::<StartLaunch>(&part("asked"));
    let (Ok(asked), Ok(data)) = (asked, LaunchData::read(&part("data"))) else {
        return;
    };
    let Ok(learner) = learner(&asked.actor) else {
        return;
    };
    let launch = Launch {
        id: parsed("0d3f9d1c-5d3f-4ff5-9d0b-4a6a3c6f7a01"),
        learner,
        registration: asked.registration,
        activity: asked.activity_id,
        template: data.template,
        mode: data.mode,
        mastery: data.mastery,
        began: parsed("2026-11-22T06:00:00Z"),
    };
    let last = VISIT.last().expect("one").timestamp;
    let ends = [launch.initialized(), launch.terminated(last)];
    let between: Vec<_> = VISIT.iter().filter_map(|it| launch.follow(it)).collect();
    for statement in ends.iter().chain(&between) {
        assert_eq!(statement["actor"], launch.learner);
        assert_eq!(
            statement["context"]["registration"],
            launch.registration.to_string()
        );
        let session = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
        assert!(statement["context"]["extensions"][session].is_string());
    }
    for defined in &ends {
        let categories = &defined["context"]["contextActivities"]["category"];
        let ids = categories.as_array().into_iter().flatten();
        assert!(ids.into_iter().any(|it| it["id"] == CATEGORY));
    }
});
