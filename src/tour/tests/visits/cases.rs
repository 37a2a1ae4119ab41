//! Visits as data: `tests/data/cases/*.json`, each with what must follow from each step.
//!
//! `UPDATE_CASES=1` writes what does follow into the files; then read the difference.

use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xinghuo_tour::{Action, Session, StopId, Verdict};

use crate::given;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    claim: String,
    seed: u64,
    /// Whether the keys of the server are there.
    keys: bool,
    steps: Vec<Step>,
    /// How the visit stands in the end, as far as the case cares.
    end: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Step {
    Act {
        at: u64,
        action: Action,
        events: Value,
    },
    Learn {
        verdict: Verdict,
        events: Value,
    },
    Show {
        checkpoint: StopId,
        panel: Value,
    },
}

#[track_caller]
fn check(name: &str) {
    let path = format!("cases/{name}.json");
    let mut case: Case = given::read(&path);
    let told = serde_json::to_value(&case).expect("JSON");
    let venue = if case.keys {
        given::venue()
    } else {
        given::venue().without_keys()
    };
    let mut session = Session::new(case.seed);
    for step in &mut case.steps {
        match step {
            Step::Act { at, action, events } => {
                *events = json!(session.apply(&venue, action, *at));
            }
            Step::Learn { verdict, events } => *events = json!(session.learn(&venue, verdict)),
            Step::Show { checkpoint, panel } => {
                *panel = json!(session.checkpoint(&venue, checkpoint));
            }
        }
    }
    let end = json!({
        "progress": session.progress(&venue),
        "summary": session.summary(&venue),
    });
    if let Value::Object(cared_for) = &mut case.end {
        for (part, value) in cared_for {
            value.clone_from(&end[part.as_str()]);
        }
    }
    let found = serde_json::to_value(&case).expect("JSON");
    if std::env::var_os("UPDATE_CASES").is_some() {
        let text = serde_json::to_string_pretty(&case).expect("JSON") + "\n";
        fs::write(given::data(&path), text).expect("a writable file");
    } else if found != told {
        let found = serde_json::to_string_pretty(&found).expect("JSON");
        panic!("{}: this follows instead:\n{found}", case.claim);
    }
}

macro_rules! cases {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*

        #[test]
        fn every_case_is_checked() {
            let listed = [$(concat!(stringify!($name), ".json")),*];
            for file in fs::read_dir(given::data("cases")).expect("cases") {
                let name = file.expect("a file").file_name();
                assert!(listed.iter().any(|it| *it == name), "{name:?} is not listed");
            }
        }
    };
}

cases! {
    a_right_visit_completes_and_passes
    wrong_answers_lead_back_and_draw_others
    a_used_up_pool_asks_the_same_again
    the_browser_waits_for_the_server
    verdicts_out_of_order_take_effect_in_order
    looking_cannot_outrun_the_clock
    refusals_change_nothing
    repeats_are_silent
}
