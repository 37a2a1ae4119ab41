//! What the tests start from. The venue is that of the tests of `tour`.

use std::{fmt::Debug, fs, path::PathBuf, str::FromStr, sync::Arc};

use serde::de::DeserializeOwned;
use xinghuo_tour::{Entry, Venue};
use xinghuo_wire::xapi::{Received, VisitIdentity};

/// The seed of the visit in `tests/data/visit.json`.
pub(crate) const SEED: u64 = 2;

/// Where a file of the data lies, relative to this crate's.
pub(crate) fn data(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(path)
}

/// What a file of the data holds.
pub(crate) fn read<T: DeserializeOwned>(path: &str) -> T {
    let text = fs::read_to_string(data(path)).expect(path);
    serde_json::from_str(&text).expect(path)
}

pub(crate) fn venue() -> Venue {
    let venue: Venue = read("../../../tour/tests/data/venue.json");
    venue.checked().expect("a right venue")
}

pub(crate) fn entries() -> Vec<Entry> {
    read("visit.json")
}

/// The visit as a server near the visitor received it.
pub(crate) fn log() -> Vec<Received> {
    let received = |entry: Entry| Received {
        after_ms: entry.at + 40,
        entry,
    };
    entries().into_iter().map(received).collect()
}

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

pub(crate) fn identity() -> VisitIdentity {
    VisitIdentity {
        visit: parsed("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
        home_page: "https://tours.example.edu".to_owned(),
        pseudonym: "visitor-7d1e".to_owned(),
        venue: parsed("red-boat"),
        package: parsed("0123456789abcdef0123456789abcdef"),
        activity_base: "https://tours.example.edu/xapi".to_owned(),
        language: parsed("zh-Hans"),
        created: parsed("2026-11-22T06:00:00Z"),
        words: Arc::new(read("words.json")),
    }
}
