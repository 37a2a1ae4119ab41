//! The right answer of a question: of its kind, complete, and not told by the hint.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;
use xinghuo_tour::{ArtifactId, OptionId, QuestionId, QuestionKind, Response};

use crate::{
    finding::Code,
    source::{fields::Fields, nearest::nearest, stop_file::Stops, words::columns},
};

/// Holds the choices that a question offers against its kind.
pub(super) fn check_choices(
    fields: &mut Fields<'_>,
    kind: QuestionKind,
    options: &[OptionId],
    targets: &[OptionId],
) {
    let (options_wanted, targets_wanted) = match kind {
        QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Order => (2, 0),
        QuestionKind::Match => (2, 2),
        QuestionKind::Locate => (0, 0),
    };
    for (key, choices, wanted) in [
        ("options", options, options_wanted),
        ("targets", targets, targets_wanted),
    ] {
        let there = choices.len();
        if wanted == 0 && there > 0 {
            let message = format!("a question of this kind has no {key}");
            fields.find(Code::OptionsUnfit, key, message);
        } else if there < wanted {
            let message = format!("the question needs at least {wanted} {key}, and has {there}");
            fields.find(Code::OptionsUnfit, key, message);
        }
    }
}

/// The right answer, if it is one.
pub(super) fn read(
    fields: &mut Fields<'_>,
    kind: QuestionKind,
    answer: Option<Value>,
    options: &[OptionId],
    targets: &[OptionId],
    stops: &Stops,
) -> Option<Response> {
    let Some(answer) = answer else {
        let message = "the question has no right answer";
        fields.find(Code::AnswerMissing, "answer", message);
        return None;
    };
    match (kind, answer) {
        (QuestionKind::Single, Value::String(text)) => {
            known(fields, "answer", &text, options).map(Response::Single)
        }
        (QuestionKind::Multiple, Value::Array(values)) => {
            let chosen = list(fields, &values, options)?;
            let set: BTreeSet<_> = chosen.iter().cloned().collect();
            if set.is_empty() {
                let message = "the question has no right answer";
                fields.find(Code::AnswerMissing, "answer", message);
            } else if set.len() < chosen.len() {
                unfit(fields, "the answer names an option twice");
            }
            Some(Response::Multiple(set))
        }
        (QuestionKind::Order, Value::Array(values)) => {
            let order = list(fields, &values, options)?;
            let each: BTreeSet<_> = order.iter().collect();
            if order.len() != options.len() || each.len() != options.len() {
                unfit(fields, "the answer does not name every option once");
            }
            Some(Response::Order(order))
        }
        (QuestionKind::Match, Value::Table(pairs)) => {
            let mut matched = BTreeMap::new();
            let left_out = options.iter().find(|id| !pairs.contains_key(id.as_str()));
            for (left, right) in pairs {
                let key = format!("answer.{left}");
                let Value::String(right) = right else {
                    fields.wrong(&key, &right, "the id of a target");
                    continue;
                };
                let left = known(fields, &key, &left, options);
                let right = known(fields, &key, &right, targets);
                matched.extend(left.zip(right));
            }
            if let Some(left_out) = left_out {
                unfit(
                    fields,
                    format!("the answer has no target for \"{left_out}\""),
                );
            }
            Some(Response::Match(matched))
        }
        (QuestionKind::Locate, Value::String(text)) => {
            artifact(fields, &text, stops).map(Response::Locate)
        }
        (_, answer) => {
            let should = match kind {
                QuestionKind::Single => "the id of an option",
                QuestionKind::Multiple | QuestionKind::Order => "a list of option ids",
                QuestionKind::Match => "a table of option and target",
                QuestionKind::Locate => "the id of an artifact",
            };
            let kind = answer.type_str();
            unfit(
                fields,
                format!("the answer is of the kind {kind}, not {should}"),
            );
            None
        }
    }
}

fn unfit(fields: &mut Fields<'_>, message: impl Into<String>) {
    fields.find(Code::AnswerUnfit, "answer", message);
}

/// The choice that is called `text`.
fn known(fields: &mut Fields<'_>, key: &str, text: &str, choices: &[OptionId]) -> Option<OptionId> {
    let found = choices.iter().find(|id| id.as_str() == text).cloned();
    if found.is_none() {
        let message = format!("the answer names {text:?}, which is no choice of the question");
        let hint = nearest(text, choices.iter().map(OptionId::as_str));
        fields.find_with_hint(Code::AnswerUnknown, key, message, hint);
    }
    found
}

fn list(fields: &mut Fields<'_>, values: &[Value], options: &[OptionId]) -> Option<Vec<OptionId>> {
    let mut ids = Vec::new();
    for (n, value) in values.iter().enumerate() {
        let key = format!("answer[{n}]");
        match value {
            Value::String(text) => ids.push(known(fields, &key, text, options)),
            value => {
                fields.wrong(&key, value, "the id of an option");
                ids.push(None);
            }
        }
    }
    ids.into_iter().collect()
}

fn artifact(fields: &mut Fields<'_>, text: &str, stops: &Stops) -> Option<ArtifactId> {
    let mut ids = stops.artifacts.iter().map(|(id, _)| id);
    let found = ids.find(|id| id.as_str() == text).cloned();
    // An artifact that could not be read may be the one.
    if found.is_none() && !fields.desk.blind {
        let message = format!("the answer names {text:?}, which is no artifact of the venue");
        let ids = stops.artifacts.iter().map(|(id, _)| id.as_str());
        let hint = nearest(text, ids);
        fields.find_with_hint(Code::AnswerUnknown, "answer", message, hint);
    }
    found
}

/// A hint that has the text of a right option in it gives the answer away.
pub(super) fn check_hint(fields: &mut Fields<'_>, id: &QuestionId, key: &Response) {
    let right: Vec<&OptionId> = match key {
        Response::Single(option) => vec![option],
        Response::Multiple(options) => options.iter().collect(),
        Response::Order(_) | Response::Match(_) | Response::Locate(_) => return,
    };
    for language in fields.desk.languages.clone() {
        let told = right.iter().find(|option| {
            let desk = &fields.desk;
            let text = desk.kept(&language, &format!("question.{id}.option.{option}"));
            let hint = desk.kept(&language, &format!("question.{id}.hint"));
            // A single character or digit says too little to give anything away.
            text.zip(hint).is_some_and(|(text, hint)| {
                columns(text) >= 3 && hint.to_lowercase().contains(&text.to_lowercase())
            })
        });
        if let Some(option) = told {
            let message = format!("the hint has the text of the right answer \"{option}\" in it");
            let hint = "point to the place where the answer can be seen".to_owned();
            let place = format!("hint.{language}");
            fields.find_with_hint(Code::HintTells, &place, message, hint);
        }
    }
}
