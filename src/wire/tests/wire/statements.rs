//! Statements: a golden visit, and what holds of every visit's.

use std::{collections::BTreeSet, fs};

use proptest::prelude::*;
use xinghuo_tour::{Action, Entry, Event, Marking, Session};
use xinghuo_wire::xapi::Statement;

use crate::given;

/// `UPDATE_GOLDEN=1` writes the file; then read the difference.
#[test]
fn a_visit_is_told_as_it_always_was() {
    let (venue, identity) = (given::venue(), given::identity());
    let told = identity.statements(&venue, &given::entries(), given::SEED);
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
    for statement in given::identity().statements(&venue, &given::entries(), given::SEED) {
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
    let told = given::identity().statements(&venue, &given::entries(), given::SEED);
    let answer = told.iter().find(|it| it.verb.name() == "answered").unwrap();
    let result = answer.result.as_ref().unwrap();
    assert_eq!(result.response.as_deref(), Some("li"));
    assert_eq!((result.success, result.score), (None, None));
}

#[test]
fn telling_entry_by_entry_tells_the_same() {
    let (venue, identity) = (given::venue(), given::identity());
    let mut session = Session::new(given::SEED);
    let mut told = vec![identity.initialized(&venue)];
    for entry in given::entries() {
        let events = session.apply(&venue, &entry.action, entry.at);
        told.extend(identity.follow(&venue, &session, &entry, &events));
    }
    assert_eq!(
        told,
        identity.statements(&venue, &given::entries(), given::SEED)
    );
}

/// A visit that does the actions of the golden one in any order and any number of times.
fn visits() -> impl Strategy<Value = Vec<Entry>> {
    let actions: Vec<Action> = given::entries().into_iter().map(|it| it.action).collect();
    let one = (prop::sample::select(actions), 0..100_000_u64);
    prop::collection::vec(one, 0..60).prop_map(|steps| {
        let venue = given::venue();
        let mut session = Session::new(given::SEED);
        let mut entries = Vec::new();
        for (action, after) in steps {
            let at = session.at() + after;
            let events = session.apply(&venue, &action, at);
            if !matches!(events[..], [Event::Refused(_)]) {
                let seq = session.seq();
                entries.push(Entry { seq, at, action });
            }
        }
        entries
    })
}

proptest! {
    #[test]
    fn statements_keep_the_rules_of_cmi5(entries in visits()) {
        let (venue, identity) = (given::venue(), given::identity());
        let told = identity.statements(&venue, &entries, given::SEED);

        prop_assert_eq!(told[0].verb.name(), "initialized");
        let times = |verb: &str| told.iter().filter(|it| it.verb.name() == verb).count();
        prop_assert_eq!(times("initialized"), 1);
        prop_assert!(times("completed") <= 1);
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
            if ["completed", "passed", "failed"].contains(&verb) {
                prop_assert!(result.duration.is_some());
            }
            match verb {
                "passed" | "failed" => {
                    let mastery = &statement.context.extensions
                        ["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"];
                    let has_enough = result.score.unwrap().scaled >= mastery.as_f64().unwrap();
                    prop_assert_eq!(result.success, Some(verb == "passed"));
                    prop_assert_eq!(has_enough, verb == "passed");
                }
                "answered" => prop_assert!(result.success.is_some()),
                _ => prop_assert!(result.success.is_none() && result.score.is_none()),
            }
        }
    }

    #[test]
    fn what_was_told_stays_told(entries in visits(), part in 0.0..1.0) {
        let (venue, identity) = (given::venue(), given::identity());
        let split = (entries.len() as f64 * part) as usize;
        let early = identity.statements(&venue, &entries[..split], given::SEED);
        let whole = identity.statements(&venue, &entries, given::SEED);
        prop_assert_eq!(&whole[..early.len()], &early[..]);
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Statement>>(&json).unwrap(), whole);
    }
}
