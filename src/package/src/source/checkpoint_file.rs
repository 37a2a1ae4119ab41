//! `checkpoints/<id>.toml`: a pool of questions, and how many of them are asked.

mod answer;

use std::collections::BTreeMap;

use xinghuo_tour::{
    Checkpoint, CheckpointId, Marking, OptionId, Question, QuestionId, QuestionKind, StopId,
};

use super::{desk::Desk, fields::Fields, nearest::nearest, stem, stop_file::Stops};
use crate::finding::{Code, Pointer};

const MARKINGS: &[(&str, Marking)] = &[("server", Marking::Server), ("here", Marking::Here)];
const KINDS: &[(&str, QuestionKind)] = &[
    ("single", QuestionKind::Single),
    ("multiple", QuestionKind::Multiple),
    ("order", QuestionKind::Order),
    ("match", QuestionKind::Match),
    ("locate", QuestionKind::Locate),
];

/// The checkpoints of the package.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// Every checkpoint that has a file, right or wrong.
    pub(super) named: Vec<CheckpointId>,
    /// The checkpoints that could be read.
    pub(super) read: BTreeMap<CheckpointId, Checkpoint>,
}

/// Reads every checkpoint.
pub(super) fn read(desk: &mut Desk, stops: &Stops) -> Checkpoints {
    let mut checkpoints = Checkpoints::default();
    let mut asked: BTreeMap<QuestionId, Pointer> = BTreeMap::new();
    for (path, name) in desk.toml_files("checkpoints/") {
        let Some(id) = stem::<CheckpointId>(desk, &path, &name) else {
            continue;
        };
        checkpoints.named.push(id.clone());
        let checkpoint = Fields::of_file(desk, &path, |fields| {
            super::same_id(fields, &name);
            checkpoint(fields, id.clone(), stops, &mut asked)
        });
        if let Some(checkpoint) = checkpoint.flatten() {
            checkpoints.read.insert(id, checkpoint);
        }
    }
    checkpoints
}

fn checkpoint(
    fields: &mut Fields<'_>,
    id: CheckpointId,
    stops: &Stops,
    asked: &mut BTreeMap<QuestionId, Pointer>,
) -> Option<Checkpoint> {
    let marking = fields.choice("marking", MARKINGS);
    let draw = fields.count("draw", 1, 0..=100) as usize;
    let mut pool = 0;
    let questions = fields.tables("questions", |fields, _| {
        pool += 1;
        let question = question(fields, stops)?;
        let at = fields.at("id");
        if let Some(first) = asked.get(&question.id) {
            let message = format!(
                "the question \"{}\" is there twice: see {first}",
                question.id
            );
            fields.find(Code::IdDuplicate, "id", message);
        } else {
            asked.insert(question.id.clone(), at);
        }
        Some(question)
    });
    if draw == 0 || draw > pool {
        let message = format!("the checkpoint draws {draw} questions from a pool of {pool}");
        fields.find(Code::DrawUnfit, "draw", message);
    }
    Some(Checkpoint {
        id,
        marking: marking?,
        draw,
        questions: questions.into_iter().flatten().collect(),
    })
}

fn question(fields: &mut Fields<'_>, stops: &Stops) -> Option<Question> {
    let id = fields.id::<QuestionId>("id");
    let kind = fields.choice("kind", KINDS);
    let who = id.as_ref().map_or("", QuestionId::as_str);
    let who = format!("question.{who}");
    fields.words("prompt", &format!("{who}.prompt"), 240);
    fields.words("hint", &format!("{who}.hint"), 320);
    fields.words("feedback", &format!("{who}.feedback"), 480);
    fields.cites(&who, true);
    let options = choices(fields, "options", &format!("{who}.option"));
    let targets = choices(fields, "targets", &format!("{who}.target"));
    let shown_at = fields.id::<StopId>("shown-at");
    if let Some(stop) = shown_at.as_ref().filter(|stop| !stops.named.contains(stop)) {
        let message = format!("the answer is shown at stop \"{stop}\", which there is not");
        let hint = nearest(stop.as_str(), stops.named.iter().map(StopId::as_str));
        fields.find_with_hint(Code::IdDangling, "shown-at", message, hint);
    }
    // Asked for first, so that a question without a kind has no stray field as well.
    let answer = fields.value("answer");
    let kind = kind?;
    answer::check_choices(fields, kind, &options, &targets);
    let key = answer::read(fields, kind, answer, &options, &targets, stops);
    if let (Some(id), Some(key)) = (&id, &key) {
        answer::check_hint(fields, id, key);
    }
    Some(Question {
        id: id?,
        kind,
        options,
        targets,
        shown_at: Some(shown_at?),
        key,
    })
}

fn choices(fields: &mut Fields<'_>, key: &str, who: &str) -> Vec<OptionId> {
    let mut ids: Vec<OptionId> = Vec::new();
    fields.tables(key, |fields, _| {
        let id = fields.id::<OptionId>("id");
        let name = id.as_ref().map_or("", OptionId::as_str);
        fields.words("text", &format!("{who}.{name}"), 160);
        let Some(id) = id else { return };
        if ids.contains(&id) {
            let message = format!("the choice \"{id}\" is there twice");
            fields.find(Code::IdDuplicate, "id", message);
        } else {
            ids.push(id);
        }
    });
    ids
}
