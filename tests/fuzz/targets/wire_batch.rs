//! Any bytes as a batch of evidence: parsed, and weighed as the server weighs it.

#![no_main]

use std::{
    fmt::Debug,
    str::FromStr,
    sync::{Arc, LazyLock},
};

use libfuzzer_sys::fuzz_target;
use xinghuo_tour::{Event, Session, Venue};
use xinghuo_wire::{
    EvidenceBatch, MAX_CLOCK_AHEAD_MS,
    xapi::{Received, Sitting, VisitIdentity},
};

static VENUE: LazyLock<Venue> = LazyLock::new(xinghuo_fuzz::venue);

/// How long ago the visit began, milliseconds.
const NOW_MS: u64 = 86_400_000;

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(batch) = serde_json::from_slice::<EvidenceBatch>(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&batch).expect("it prints");
    let again: EvidenceBatch = serde_json::from_slice(&again).expect("it parses");
    assert_eq!(again, batch);
    let Ok((first, last)) = batch.span() else {
        return;
    };
    assert_eq!(u64::from(last - first) + 1, batch.entries.len() as u64);
    let identity = VisitIdentity {
        visit: parsed("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
        home_page: "https://tours.example.edu".to_owned(),
        pseudonym: "visitor-7d1e".to_owned(),
        venue: VENUE.id.clone(),
        package: parsed("0123456789abcdef0123456789abcdef"),
        activity_base: "https://tours.example.edu/xapi".to_owned(),
        language: parsed("zh-Hans"),
        created: parsed("2026-11-22T06:00:00Z"),
        words: Arc::default(),
    };
    let mut sitting = Sitting::default();
    let mut session = Session::new(2);
    for entry in &batch.entries {
        if entry.at > NOW_MS + MAX_CLOCK_AHEAD_MS {
            return;
        }
        let before = session.clone();
        let events = session.apply(&VENUE, &entry.action, entry.at);
        if let Some(Event::Refused(_)) = events.first() {
            assert_eq!(session, before, "what is refused changes nothing");
            return;
        }
        let received = Received {
            after_ms: entry.at,
            entry: entry.clone(),
        };
        for statement in identity.follow(&VENUE, &session, &mut sitting, &received, &events) {
            serde_json::to_string(&statement).expect("a statement prints");
        }
    }
});
