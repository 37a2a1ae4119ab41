//! What is wrong with a venue is found, all of it, and named.

use serde::Deserialize;
use serde_json::Value;
use xinghuo_tour::{Response, Venue};

use crate::given;

/// An edit of a right venue, and the faults that follow from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    claim: String,
    /// Values by JSON pointer.
    set: serde_json::Map<String, Value>,
    /// `part: CODE`.
    faults: Vec<String>,
}

#[test]
fn every_fault_is_found_with_its_part_and_code() {
    for case in given::read::<Vec<Case>>("faults.json") {
        let mut json: Value = given::read("venue.json");
        for (pointer, value) in case.set {
            let place = json.pointer_mut(&pointer);
            *place.unwrap_or_else(|| panic!("{}: no {pointer}", case.claim)) = value;
        }
        let venue: Venue = serde_json::from_value(json).expect(&case.claim);
        let found: Vec<String> = match venue.checked() {
            Ok(_) => Vec::new(),
            Err(errors) => errors
                .iter()
                .map(|it| format!("{}: {}", it.part, it.fault.code()))
                .collect(),
        };
        assert_eq!(found, case.faults, "{}", case.claim);
    }
}

#[test]
fn a_fault_reads_as_a_sentence() {
    let mut venue = given::venue();
    venue.stops[0].prerequisites = ["table".parse().unwrap()].into();
    let errors = venue.checked().unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "stop \"landing\": the stop comes before itself: landing → table → landing"
    );
}

#[test]
fn the_public_venue_has_no_key_of_the_server_and_keeps_the_others() {
    let whole = given::venue();
    let keys = whole.keys();
    assert_eq!(keys.len(), 5);
    assert!(whole.has_every_key());
    let public = whole.clone().without_keys().checked().unwrap();
    assert!(public.keys().is_empty());
    assert!(!public.has_every_key() && !public.has_every_lead_back());
    let json = serde_json::to_string(&public).unwrap();
    assert_eq!(json.matches("\"key\":null").count(), 5);
    assert_eq!(json.matches("\"shown_at\":null").count(), 5);
    let again = public.with_keys(&keys).with_shown_at(&whole.shown_at());
    assert!(again.has_every_key() && again.has_every_lead_back());
    assert_eq!(again.keys(), keys);
    assert_eq!(again.shown_at(), whole.shown_at());
}

#[test]
fn the_public_venue_does_not_betray_the_order_of_its_options() {
    let mut whole = given::venue();
    let table = whole.checkpoints.get_mut("table").unwrap();
    table.questions[0].options.sort_by(|a, b| b.cmp(a));
    let public = whole.without_keys();
    let options = &public.checkpoints["table"].questions[0].options;
    assert!(options.is_sorted(), "{options:?}");
}

#[test]
fn keys_cannot_replace_what_is_marked_here() {
    let public = given::venue().without_keys();
    let of = || "bow-order".parse().unwrap();
    let keys = [(of(), Response::Single("mast".parse().unwrap()))];
    assert_eq!(public.clone().with_keys(&keys.into()), public);
    let shown_at = [(of(), "table".parse().unwrap())];
    assert_eq!(public.clone().with_shown_at(&shown_at.into()), public);
}
