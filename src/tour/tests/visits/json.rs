//! The JSON of logs and events is what databases and browsers hold: it does not change by accident.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use xinghuo_tour::{Action, Entry, Event, Refusal, Response, Session, Verdict};

use crate::given;

/// Reading what was written is the identity.
#[track_caller]
pub(crate) fn goes_through<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("JSON");
    let back: T = serde_json::from_str(&json).expect(&json);
    assert_eq!(&back, value, "{json}");
}

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).expect("JSON"), json);
    goes_through(value);
}

#[test]
fn entries_are_written_as_they_always_were() {
    let entry = |action| Entry {
        seq: 1,
        at: 2,
        action,
    };
    let stop = || "table".parse().unwrap();
    check(
        &entry(Action::Enter {
            room: "lake".parse().unwrap(),
        }),
        r#"{"seq":1,"at":2,"action":{"type":"enter","room":"lake"}}"#,
    );
    check(
        &entry(Action::Look {
            stop: stop(),
            millis: 500,
        }),
        r#"{"seq":1,"at":2,"action":{"type":"look","stop":"table","millis":500}}"#,
    );
    check(
        &entry(Action::Answer {
            question: "q".parse().unwrap(),
            response: Response::Match([("a".parse().unwrap(), "b".parse().unwrap())].into()),
        }),
        r#"{"seq":1,"at":2,"action":{"type":"answer","question":"q","response":{"kind":"match","value":{"a":"b"}}}}"#,
    );
    check(
        &Verdict {
            seq: 3,
            question: "q".parse().unwrap(),
            right: true,
            lead_back: None,
        },
        r#"{"seq":3,"question":"q","right":true}"#,
    );
    check(
        &Verdict {
            seq: 3,
            question: "q".parse().unwrap(),
            right: false,
            lead_back: Some(stop()),
        },
        r#"{"seq":3,"question":"q","right":false,"leadBack":"table"}"#,
    );
}

/// Logs of every version so far, as databases and browsers hold them: each kind of action and of
/// answer, and the order of keys that a database or an export may have put them into.
#[test]
fn logs_are_read_as_they_always_were() {
    let actions = [
        r#"{"type":"enter","room":"lake"}"#,
        r#"{"type":"arrive","stop":"table"}"#,
        r#"{"millis":500,"stop":"table","type":"look"}"#,
        r#"{"type":"describe","stop":"table"}"#,
        r#"{"type":"story","stop":"table"}"#,
        r#"{"type":"answer","question":"q","response":{"kind":"single","value":"a"}}"#,
        r#"{"type":"answer","question":"q","response":{"kind":"multiple","value":["a","b"]}}"#,
        r#"{"type":"answer","question":"q","response":{"value":["b","a"],"kind":"order"}}"#,
        r#"{"type":"answer","question":"q","response":{"kind":"match","value":{"a":"b"}}}"#,
        r#"{"type":"answer","question":"q","response":{"kind":"locate","value":"lamp"}}"#,
    ];
    for action in actions {
        let entry = format!(r#"{{"action":{action},"at":2,"seq":1}}"#);
        let read: Entry = serde_json::from_str(&entry).expect(&entry);
        goes_through(&read);
    }
}

/// Nothing that a visitor could claim of an entry has a place in it, and what has none is named.
#[test]
fn an_entry_holds_what_was_done_and_nothing_else() {
    let entry = |at_entry: &str, at_action: &str, at_response: &str| {
        format!(
            r#"{{"seq":1,"at":2,"action":{{"type":"answer","question":"q","response":{{"kind":"single","value":"a"{at_response}}}{at_action}}}{at_entry}}}"#
        )
    };
    let claim = r#","completed":true"#;
    let plain: Entry = serde_json::from_str(&entry("", "", "")).expect("an entry");
    goes_through(&plain);
    for claiming in [
        entry(claim, "", ""),
        entry("", claim, ""),
        entry("", "", claim),
    ] {
        let refused = serde_json::from_str::<Entry>(&claiming).expect_err(&claiming);
        assert!(refused.to_string().contains("completed"), "{refused}");
    }
    for action in ["enter\",\"room", "arrive\",\"stop", "describe\",\"stop"] {
        let json = format!(r#"{{"type":"{action}":"table"{claim}}}"#);
        let refused = serde_json::from_str::<Action>(&json).expect_err(&json);
        assert!(refused.to_string().contains("completed"), "{refused}");
    }
}

#[test]
fn events_are_written_as_they_always_were() {
    let stop = || "table".parse().unwrap();
    check(
        &Event::StopDone { stop: stop() },
        r#"{"type":"stop-done","stop":"table"}"#,
    );
    check(&Event::Completed, r#"{"type":"completed"}"#);
    check(
        &Event::Passed { scaled: 0.75 },
        r#"{"type":"passed","scaled":0.75}"#,
    );
    check(
        &Event::Refused(Refusal::MoreThanTheClock),
        r#"{"type":"refused","reason":"more-than-the-clock"}"#,
    );
    check(
        &Event::Marked {
            checkpoint: "c".parse().unwrap(),
            question: "q".parse().unwrap(),
            right: false,
            attempt: 1,
            score: 0.0,
            settled: false,
            lead_back: Some(stop()),
            next: None,
        },
        r#"{"type":"marked","checkpoint":"c","question":"q","right":false,"attempt":1,"score":0.0,"settled":false,"leadBack":"table","next":null}"#,
    );
}

#[test]
fn a_venue_goes_through_json() {
    goes_through(&given::venue());
    goes_through(&given::venue().without_keys());
}

#[test]
fn ids_that_are_not_kebab_case_are_not_read() {
    for wrong in [
        "",
        "A",
        "a_b",
        "-a",
        "a-",
        "a--b",
        "\u{661f}",
        "../x",
        &"a".repeat(65),
    ] {
        let json = format!(r#"{{"type":"arrive","stop":"{wrong}"}}"#);
        assert!(serde_json::from_str::<Action>(&json).is_err(), "{wrong}");
    }
}

#[test]
fn a_log_has_an_end() {
    let venue = given::venue();
    let mut session = Session::new(0);
    let arrive = given::action(r#"{"type":"arrive","stop":"table"}"#);
    for _ in 0..Session::MAX_ENTRIES {
        session.apply(&venue, &arrive, 0);
    }
    assert_eq!(session.seq(), Session::MAX_ENTRIES);
    assert_eq!(
        session.apply(&venue, &arrive, 0),
        [Event::Refused(Refusal::TooLong)]
    );
    assert_eq!(session.seq(), Session::MAX_ENTRIES);
}
