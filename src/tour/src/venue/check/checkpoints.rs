//! Checkpoints: their pools, their options and their keys.

use std::collections::BTreeSet;

use super::{Errors, ErrorsAt};
use crate::{
    Venue,
    id::OptionId,
    venue::{Fault, Marking, Part, Question, QuestionKind},
};

impl Venue {
    pub(super) fn check_checkpoints(&self, errors: &mut Errors) {
        let mut seen = BTreeSet::new();
        for (id, checkpoint) in &self.checkpoints {
            let mut at = errors.at(Part::Checkpoint(id.clone()));
            if checkpoint.id != *id {
                at.push(Fault::NoSuchCheckpoint {
                    checkpoint: checkpoint.id.clone(),
                });
            }
            let pool = checkpoint.questions.len();
            if !(1..=pool).contains(&checkpoint.draw) {
                at.push(Fault::BadDraw {
                    draw: checkpoint.draw,
                    pool,
                });
            }
            for question in &checkpoint.questions {
                if !seen.insert(&question.id) {
                    at.push(Fault::QuestionTwice {
                        question: question.id.clone(),
                    });
                }
                self.check_question(question, checkpoint.marking, &mut at);
            }
        }
    }

    fn check_question(&self, question: &Question, marking: Marking, at: &mut ErrorsAt<'_>) {
        let id = || question.id.clone();
        for option in twice(&question.options).chain(twice(&question.targets)) {
            at.push(Fault::OptionTwice {
                question: id(),
                option: option.clone(),
            });
        }
        if let Err(should) = offers_enough(question) {
            at.push(Fault::BadOptions {
                question: id(),
                should,
            });
        }
        match &question.shown_at {
            Some(stop) if self.stop(stop).is_none() => at.push(Fault::ShownNowhere {
                question: id(),
                stop: stop.clone(),
            }),
            None if marking == Marking::Here => at.push(Fault::NotShown { question: id() }),
            _ => {}
        }
        match &question.key {
            Some(key) if !question.admits(self, key) => at.push(Fault::BadKey { question: id() }),
            None if marking == Marking::Here => at.push(Fault::NoKey { question: id() }),
            _ => {}
        }
    }
}

fn twice(ids: &[OptionId]) -> impl Iterator<Item = &OptionId> {
    let again = |(index, id): (usize, &OptionId)| ids[..index].contains(id);
    ids.iter()
        .enumerate()
        .filter(move |it| again(*it))
        .map(|(_, id)| id)
}

fn offers_enough(question: &Question) -> Result<(), &'static str> {
    let (options, targets) = (question.options.len(), question.targets.len());
    match question.kind {
        QuestionKind::Match if options >= 1 && targets >= 2 => Ok(()),
        QuestionKind::Match => Err("something to match, and at least two targets"),
        QuestionKind::Locate if options == 0 && targets == 0 => Ok(()),
        QuestionKind::Locate => Err("no options and no targets: it takes an artifact"),
        _ if options >= 2 && targets == 0 => Ok(()),
        _ => Err("at least two options, and no targets"),
    }
}
