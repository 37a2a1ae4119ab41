//! Answering a question by finding an artifact in the room.

use bevy::prelude::*;
use xinghuo_tour::{Action, QuestionId, Response};

use crate::{
    TourSystems,
    command::Command,
    input::{Key, Stroke},
    message::{Message as ToPage, Outgoing},
    picking::Picked,
    session::VisitorActed,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Locating>()
        .add_systems(Update, (begin, find).chain().in_set(TourSystems::Decide));
}

/// The question for which an artifact is being looked for.
#[derive(Resource, Debug, Default)]
pub(crate) struct Locating(pub(crate) Option<QuestionId>);

fn begin(
    mut commands: MessageReader<Command>,
    mut strokes: MessageReader<Stroke>,
    mut locating: ResMut<Locating>,
    mut outgoing: ResMut<Outgoing>,
) {
    let escaped = strokes.read().any(|it| it.down && it.key == Key::Escape);
    let mut next = locating.0.clone();
    for command in commands.read() {
        match command {
            Command::Locate(question) => next = Some(question.clone()),
            Command::CancelLocate => next = None,
            _ => {}
        }
    }
    if escaped {
        next = None;
    }
    if next != locating.0 {
        locating.0.clone_from(&next);
        outgoing.send(ToPage::Locating { question: next });
    }
}

fn find(
    mut picked: MessageReader<Picked>,
    mut locating: ResMut<Locating>,
    mut actions: MessageWriter<VisitorActed>,
    mut outgoing: ResMut<Outgoing>,
) {
    for pick in picked.read() {
        if let Picked::Artifact { artifact, .. } = pick
            && let Some(question) = locating.0.take()
        {
            let response = Response::Locate(artifact.clone());
            actions.write(VisitorActed(Action::Answer { question, response }));
            outgoing.send(ToPage::Locating { question: None });
        }
    }
}
