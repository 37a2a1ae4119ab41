//! What panels say: every word comes from the page, in the visitor's language.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use serde::Deserialize;
use xinghuo_tour::{ArtifactId, QuestionId, RoomId, StopId};

/// The words of a visit. The page tells them anew whenever one of them changes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Table {
    /// The interface's words by key, with `{names}` to be filled in.
    ui: HashMap<String, String>,
    /// The venue's words by key, without markup.
    texts: HashMap<String, String>,
    /// What is told at each stop.
    stories: HashMap<StopId, Told>,
    /// What rightly answered questions teach, and what is said to wrong answers.
    feedback: HashMap<QuestionId, String>,
    hints: HashMap<QuestionId, String>,
    /// The languages that can be spoken instead, with what each calls itself.
    pub(super) languages: Vec<Language>,
    /// What the page has to say beside what is told and asked.
    #[serde(default)]
    pub(super) notices: Vec<Notice>,
    /// The artifacts of the venue in an order that tells nothing.
    pub(super) artifacts: Vec<ArtifactId>,
}

/// What is told at a stop.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) blocks: Vec<Block>,
    /// How long reading it takes at the least, milliseconds.
    pub(super) least_millis: f32,
}

/// One paragraph of what is told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Heading,
    Plain,
    /// Where something is from, and how it came to be.
    Soft,
    Quote,
    Item,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Language {
    /// BCP 47.
    pub(super) tag: String,
    pub(super) name: String,
}

/// Something that happened, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Notice {
    pub(super) id: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) actions: Vec<Remedy>,
}

/// What can be done about something that happened.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Remedy {
    /// What the page calls it.
    pub(super) word: String,
    pub(super) text: String,
}

/// The words, as they are shared.
pub(crate) type Words = Arc<Table>;

impl Table {
    /// A word of the interface. One that is missing shows its key, so that it is noticed.
    pub(super) fn ui<'a>(&'a self, key: &'a str) -> &'a str {
        self.ui.get(key).map_or(key, String::as_str)
    }

    /// A word of the interface with what belongs in it.
    pub(super) fn ui_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.ui(key).to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }

    /// A word of the venue, likewise.
    pub(super) fn text(&self, key: String) -> String {
        self.texts.get(&key).cloned().unwrap_or(key)
    }

    /// The title of a stop.
    pub(super) fn title(&self, stop: &StopId) -> String {
        self.text(format!("stop.{stop}.title"))
    }

    /// The title of a room.
    pub(super) fn room(&self, room: &RoomId) -> String {
        self.text(format!("room.{room}.title"))
    }

    /// A text of a question, such as its prompt.
    pub(super) fn of_question(&self, question: &QuestionId, part: &str) -> String {
        self.text(format!("question.{question}.{part}"))
    }

    /// The first letters that somebody reads who stands at a stop, each once: those of the interface, and
    /// then of what is told there.
    pub(super) fn letters(&self, stop: Option<&StopId>, most: usize) -> VecDeque<char> {
        let told = stop.and_then(|it| self.told(it)).into_iter();
        let told = told.flat_map(|it| it.blocks.iter().map(|it| &it.text));
        let mut seen = HashSet::new();
        let all = self.ui.values().chain(told).flat_map(|it| it.chars());
        let each = all.filter(|it| !it.is_whitespace() && seen.insert(*it));
        each.take(most).collect()
    }

    /// What is told at a stop.
    pub(super) fn told(&self, stop: &StopId) -> Option<&Told> {
        self.stories.get(stop)
    }

    /// What a rightly answered question teaches.
    pub(super) fn feedback(&self, question: &QuestionId) -> Option<&str> {
        self.feedback.get(question).map(String::as_str)
    }

    /// What is said to a wrong answer.
    pub(super) fn hint(&self, question: &QuestionId) -> Option<&str> {
        self.hints.get(question).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_words_and_what_is_missing_is_noticed() {
        let json = r#"{
            "ui": {"card.number": "Stop {number} of {of}"}, "texts": {"stop.lamp.title": "A lamp"},
            "stories": {"lamp": {"blocks": [{"kind": "plain", "text": "It is lit."}], "leastMillis": 400}},
            "feedback": {}, "hints": {}, "languages": [], "artifacts": ["lamp"],
            "notices": [{"id": "offline", "text": "No network.", "actions": [{"word": "retry", "text": "Again"}]}]
        }"#;
        let table: Table = serde_json::from_str(json).expect("words");
        let number = table.ui_with("card.number", &[("number", "2"), ("of", "9")]);
        assert_eq!(number, "Stop 2 of 9");
        assert_eq!(table.ui("close"), "close");
        let lamp = "lamp".parse().expect("an id");
        assert_eq!(table.title(&lamp), "A lamp");
        assert_eq!(table.notices[0].actions[0].text, "Again");
        assert_eq!(table.told(&lamp).map(|it| it.blocks.len()), Some(1));
        let letters = |stop, most| String::from_iter(table.letters(stop, most));
        assert_eq!(letters(Some(&lamp), 99), "Stop{number}fIisl.");
        assert_eq!(letters(None, 4), "Stop");
    }
}
