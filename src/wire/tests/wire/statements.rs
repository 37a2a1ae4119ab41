//! Statements: a golden visit, and what holds of every visit's.

use std::{collections::BTreeSet, fs};

use proptest::prelude::*;
use xinghuo_tour::{Action, Entry, Event, Marking, Session};
use xinghuo_wire::xapi::{Received, SITTING_PAUSE_MS, Sitting, Statement, extension};

use crate::given;

/// `UPDATE_GOLDEN=1` writes the file; then read the difference.
#[test]
fn a_visit_is_told_as_it_always_was() {
    let (venue, identity) = (given::venue(), given::identity());
    let log = given::log();
    let mut told = identity.statements(&venue, &log, given::SEED);
    let sitting = Sitting::of(&log);
    assert!(sitting.is_over(log.last().unwrap().after_ms + SITTING_PAUSE_MS));
    told.push(identity.terminated(&venue, &sitting));
    let json = serde_json::to_string_pretty(&told).unwrap() + "\n";
    let golden = given::data("statements.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(golden, json).unwrap();
        return;
    }
    assert_eq!(json, fs::read_to_string(golden).unwrap());
    assert_eq!(given::read::<Vec<Statement>>("statements.json"), told);
}

#[test]
fn no_key_of_the_server_is_told() {
    let venue = given::venue();
    for statement in given::identity().statements(&venue, &given::log(), given::SEED) {
        let Some(id) = statement.object.id.split("/questions/").nth(1) else {
            continue;
        };
        let (checkpoint, _) = venue.question(&id.parse().unwrap()).unwrap();
        let is_told = !statement
            .object
            .definition
            .correct_responses_pattern
            .is_empty();
        assert_eq!(is_told, checkpoint.marking == Marking::Here, "{id}");
    }
}

#[test]
fn an_answer_that_only_the_server_can_mark_is_told_without_a_mark() {
    let venue = given::venue().without_keys();
    let told = given::identity().statements(&venue, &given::log(), given::SEED);
    let answer = told.iter().find(|it| it.verb.name() == "answered").unwrap();
    let result = answer.result.as_ref().unwrap();
    assert_eq!(result.response.as_deref(), Some("li"));
    assert_eq!((result.success, result.score), (None, None));
}

#[test]
fn telling_entry_by_entry_tells_the_same() {
    let (venue, identity) = (given::venue(), given::identity());
    let mut session = Session::new(given::SEED);
    let mut sitting = Sitting::new();
    let mut told = vec![identity.initialized(&venue)];
    for received in given::log() {
        let entry = &received.entry;
        let events = session.apply(&venue, &entry.action, entry.at);
        told.extend(identity.follow(&venue, &session, &mut sitting, &received, &events));
    }
    assert_eq!(
        told,
        identity.statements(&venue, &given::log(), given::SEED)
    );
    assert_eq!(sitting, Sitting::of(&given::log()));
}

#[test]
fn statements_have_the_words_of_the_package() {
    let told = given::identity().statements(&given::venue(), &given::log(), given::SEED);
    let words = |verb: &str| {
        let statement = told.iter().find(|it| it.verb.name() == verb).unwrap();
        statement.object.definition.clone()
    };
    assert_eq!(words("initialized").name["zh-Hans"], "\u{7ea2}\u{8239}");
    assert_eq!(words("completed").description["en"], "A boat.");
    assert_eq!(words("experienced").name["en"], "The landing");
    let question = words("answered");
    assert_eq!(question.description["en"], "Who moored the boat?");
    assert_eq!(question.choices[0].description["en"], "Wang");
    assert!(question.correct_responses_pattern.is_empty());
}

/// A visit that does the actions of the golden one in any order and any number of times, with a
/// long pause here and there, and is heard of sooner or later.
pub(crate) fn visits() -> impl Strategy<Value = Vec<Received>> {
    let actions: Vec<Action> = given::entries().into_iter().map(|it| it.action).collect();
    let span = || prop_oneof![9 => 0..100_000_u64, 1 => 1_000_000..4_000_000_u64];
    let one = (prop::sample::select(actions), span(), span());
    prop::collection::vec(one, 0..60).prop_map(|steps| {
        let venue = given::venue();
        let mut session = Session::new(given::SEED);
        let mut log: Vec<Received> = Vec::new();
        for (action, after, late) in steps {
            let at = session.at() + after;
            let events = session.apply(&venue, &action, at);
            if !matches!(events[..], [Event::Refused(_)]) {
                let seq = session.seq();
                let before = log.last().map_or(0, |it| it.after_ms);
                log.push(Received {
                    entry: Entry { seq, at, action },
                    after_ms: before.max(at + late),
                });
            }
        }
        log
    })
}

proptest! {
    #[test]
    fn statements_keep_the_rules_of_cmi5(log in visits()) {
        let (venue, identity) = (given::venue(), given::identity());
        let mut told = identity.statements(&venue, &log, given::SEED);
        told.push(identity.terminated(&venue, &Sitting::of(&log)));

        let times = |verb: &str| told.iter().filter(|it| it.verb.name() == verb).count();
        prop_assert!(times("completed") <= 1);
        let session = |it: &Statement| it.context.extensions[extension::SESSION_ID].clone();
        let sessions: BTreeSet<_> = told.iter().map(|it| session(it).to_string()).collect();
        let sittings: Vec<_> = told.chunk_by(|a, b| session(a) == session(b)).collect();
        prop_assert_eq!(sittings.len(), sessions.len(), "one after the other");
        for sitting in sittings {
            let verbs: Vec<_> = sitting.iter().map(|it| it.verb.name()).collect();
            prop_assert_eq!(verbs.first(), Some(&"initialized"));
            prop_assert_eq!(verbs.last(), Some(&"terminated"));
            for once in ["initialized", "terminated"] {
                prop_assert_eq!(verbs.iter().filter(|verb| **verb == once).count(), 1);
            }
        }
        prop_assert!(times("passed") + times("failed") <= 1);

        let ids: BTreeSet<_> = told.iter().map(|it| it.id).collect();
        prop_assert_eq!(ids.len(), told.len(), "ids are unique");
        prop_assert!(told.is_sorted_by_key(|it| it.timestamp));

        let mut is_completed = false;
        for statement in &told {
            let verb = statement.verb.name();
            let result = statement.result.clone().unwrap_or_default();
            is_completed |= verb == "completed";
            prop_assert!(!(is_completed && verb == "progressed"));
            prop_assert_eq!(result.completion.is_some(), verb == "completed");
            if ["completed", "passed", "failed", "terminated"].contains(&verb) {
                prop_assert!(result.duration.is_some());
            }
            match verb {
                "passed" | "failed" => {
                    let mastery = &statement.context.extensions
                        ["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"];
                    let score = result.score.unwrap();
                    let has_enough = score.scaled >= mastery.as_f64().unwrap();
                    let of_max = f64::from(score.raw) / f64::from(score.max);
                    prop_assert!((of_max - score.scaled).abs() < 1e-6);
                    prop_assert_eq!(result.success, Some(verb == "passed"));
                    prop_assert_eq!(has_enough, verb == "passed");
                }
                "answered" => prop_assert!(result.success.is_some()),
                _ => prop_assert!(result.success.is_none() && result.score.is_none()),
            }
        }
    }

    #[test]
    fn what_was_told_stays_told(log in visits(), part in 0.0..1.0, patience in 0..8_000_000_u64) {
        let (venue, identity) = (given::venue(), given::identity());
        let split = (log.len() as f64 * part) as usize;
        let (before, after) = log.split_at(split);
        let mut early = identity.statements(&venue, before, given::SEED);
        let sitting = Sitting::of(before);
        // Somebody asks in between; that the sitting is over is told once that is so.
        let asked = before.last().map_or(0, |it| it.after_ms) + patience;
        if sitting.is_over(asked) && after.first().is_some_and(|it| it.after_ms >= asked) {
            early.push(identity.terminated(&venue, &sitting));
        }
        let whole = identity.statements(&venue, &log, given::SEED);
        prop_assert_eq!(&whole[..early.len()], &early[..]);
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Statement>>(&json).unwrap(), whole);
    }
}
