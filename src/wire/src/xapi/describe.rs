//! What the parts of a venue are called: activities with the words of the package.

use std::collections::BTreeMap;

use xinghuo_tour::{Checkpoint, OptionId, Question, QuestionKind, StopId, Venue, VenueId};

use super::{
    Activity, Component, Definition, LanguageMap, activity_type, response::correct_pattern,
};

/// The texts of a package: by language, then by key, such as `stop.table.title`.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// How the activities of one venue are named.
pub(super) struct Naming<'a> {
    /// What their IRIs begin with, without a slash at the end.
    pub(super) base: &'a str,
    pub(super) venue: &'a VenueId,
    pub(super) words: &'a Words,
}

impl Naming<'_> {
    /// The venue, without words.
    pub(super) fn whole(&self) -> Activity {
        let id = format!("{}/venues/{}", self.base, self.venue);
        activity(id, activity_type::VENUE)
    }

    /// The venue.
    pub(super) fn venue(&self) -> Activity {
        let mut whole = self.whole();
        whole.definition.name = self.text("venue.title");
        whole.definition.description = self.text("venue.summary");
        whole
    }

    /// A stop.
    pub(super) fn stop(&self, stop: &StopId) -> Activity {
        let mut part = self.part("stops", stop.as_str(), activity_type::STOP);
        part.definition.name = self.text(&format!("stop.{stop}.title"));
        part.definition.description = self.text(&format!("stop.{stop}.lead"));
        part
    }

    /// A checkpoint. It is called what its stop is called, and nothing else is told about it alone.
    pub(super) fn checkpoint(&self, venue: &Venue, checkpoint: &Checkpoint) -> Activity {
        let mut part = self.part(
            "checkpoints",
            checkpoint.id.as_str(),
            activity_type::CHECKPOINT,
        );
        if let Some(stop) = venue.stop_asking(&checkpoint.id) {
            part.definition.name = self.text(&format!("stop.{}.title", stop.id));
        }
        part
    }

    /// A question with everything that it offers, and with its key only where that is public.
    pub(super) fn question(&self, checkpoint: &Checkpoint, question: &Question) -> Activity {
        let who = format!("question.{}", question.id);
        let components = |ids: &[OptionId], side: &str| {
            let component = |id: &OptionId| Component {
                id: id.to_string(),
                description: self.text(&format!("{who}.{side}.{id}")),
            };
            ids.iter().map(component).collect::<Vec<_>>()
        };
        let mut part = self.part("questions", question.id.as_str(), activity_type::QUESTION);
        let definition = &mut part.definition;
        definition.name = self.text(&format!("{who}.prompt"));
        definition.description = definition.name.clone();
        definition.correct_responses_pattern =
            correct_pattern(checkpoint, question).into_iter().collect();
        let options = components(&question.options, "option");
        let interaction = match question.kind {
            QuestionKind::Single | QuestionKind::Multiple => {
                definition.choices = options;
                "choice"
            }
            QuestionKind::Order => {
                definition.choices = options;
                "sequencing"
            }
            QuestionKind::Match => {
                definition.source = options;
                definition.target = components(&question.targets, "target");
                "matching"
            }
            QuestionKind::Locate => "other",
        };
        definition.interaction_type = Some(interaction.to_owned());
        part
    }

    fn part(&self, parts: &str, id: &str, kind: &str) -> Activity {
        let id = format!("{}/venues/{}/{parts}/{id}", self.base, self.venue);
        activity(id, kind)
    }

    /// A text in every language that has it.
    fn text(&self, key: &str) -> LanguageMap {
        let texts = self.words.iter();
        let texts = texts.filter_map(|(tag, texts)| Some((tag.clone(), texts.get(key)?.clone())));
        texts.collect()
    }
}

fn activity(id: String, kind: &str) -> Activity {
    Activity {
        id,
        definition: Definition {
            kind: kind.to_owned(),
            ..Definition::default()
        },
    }
}
