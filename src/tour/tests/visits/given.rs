//! What the tests start from.

use std::{fs, path::PathBuf};

use serde::de::DeserializeOwned;
use xinghuo_tour::{Action, OptionId, Question, QuestionKind, Response, Venue};

/// Where the data lies.
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

/// The venue of most tests, with its keys: two rooms, four stops, three of them required.
pub(crate) fn venue() -> Venue {
    read::<Venue>("venue.json")
        .checked()
        .expect("a right venue")
}

/// An action from its JSON, for short.
pub(crate) fn action(json: &str) -> Action {
    serde_json::from_str(json).expect(json)
}

/// An answer that fits a question and is wrong.
pub(crate) fn wrong_answer(venue: &Venue, question: &Question) -> Response {
    let reversed = || question.options.iter().rev().cloned();
    let all = |targets: &[OptionId]| {
        let target = targets.last().cloned().expect("a target");
        reversed().map(|it| (it, target.clone())).collect()
    };
    let candidates = match question.kind {
        QuestionKind::Single => reversed().map(Response::Single).collect(),
        QuestionKind::Multiple => reversed()
            .map(|it| Response::Multiple([it].into()))
            .collect(),
        QuestionKind::Order => vec![
            Response::Order(reversed().collect()),
            Response::Order(question.options.clone()),
        ],
        QuestionKind::Match => vec![Response::Match(all(&question.targets))],
        QuestionKind::Locate => venue
            .stops
            .iter()
            .filter_map(|stop| Some(Response::Locate(stop.artifact.as_ref()?.id.clone())))
            .collect::<Vec<_>>(),
    };
    let is_wrong = |it: &Response| Some(it) != question.key.as_ref();
    candidates
        .into_iter()
        .find(is_wrong)
        .expect("a wrong answer")
}
