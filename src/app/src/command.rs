//! What the page asks of the tour: one command for each function that it can call.

use std::sync::Arc;

use bevy::prelude::*;
use serde::Deserialize;
use xinghuo_tour::{Entry, IdError, QuestionId, Response, RoomId, StopId, Verdict};

use crate::headset::{Font, Table, Wear};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Command>();
}

/// What the page asks for.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Go to a stop.
    GoTo(StopId),
    /// Hold a stop's artifact closely, and go there first if need be.
    Open(StopId),
    /// Go into another room.
    GoInto(RoomId),
    /// Put the artifact back.
    Close,
    /// Light up the lantern of a stop, or of none.
    Focus(Option<StopId>),
    /// The story of a stop was read or heard to its end.
    StoryRead(StopId),
    /// The description of a stop's artifact was read to its end.
    Described(StopId),
    /// Open a stop in the text walk.
    Arrive(StopId),
    /// Answer a question.
    Answer(Answer),
    /// Let the visitor answer a question by finding an artifact.
    Locate(QuestionId),
    /// No longer.
    CancelLocate,
    /// The thumb-stick: to the right and forwards, each in −1 to 1.
    Walk(Vec2),
    /// Turn the view: to the left and up, degrees.
    Turn(Vec2),
    /// The server's word on answers.
    Learn(Vec<Verdict>),
    /// Whether something lies over the tour.
    Pause(bool),
    /// How much of the canvas something covers.
    Inset(Inset),
    /// Whether the page is hidden.
    Hide(bool),
    /// The visitor puts a headset on.
    PutOn(Wear),
    /// The visitor has taken it off.
    TakeOff,
    /// The visitor wants to wear it otherwise.
    Wear(Wear),
    /// What is said in the headset.
    Words(Arc<Table>),
    /// The letters in which it is written.
    Font(Font),
}

/// An answer as the page gives it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Answer {
    /// The question.
    pub(crate) question: QuestionId,
    /// The answer.
    pub(crate) response: Response,
}

/// How much of the canvas something covers, CSS pixels from each side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Inset {
    /// From the left.
    pub(crate) left: f32,
    /// From the top.
    pub(crate) top: f32,
    /// From the right.
    pub(crate) right: f32,
    /// From the bottom.
    pub(crate) bottom: f32,
}

/// How a tour begins.
#[derive(Resource, Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    /// Where the package is.
    pub(crate) package_url: String,
    /// The visit's seed.
    pub(crate) seed: u64,
    /// What the visit's log holds already.
    #[serde(default)]
    pub(crate) entries: Vec<Entry>,
    /// What the server has said of it.
    #[serde(default)]
    pub(crate) verdicts: Vec<Verdict>,
    /// How long ago the visit began, milliseconds.
    #[serde(default)]
    pub(crate) started_ms_ago: f64,
    /// Whether the visitor asked for less motion.
    #[serde(default)]
    pub(crate) reduced_motion: bool,
    /// Whether this browser can show the room in a headset.
    #[serde(default)]
    pub(crate) headset: bool,
    /// The most device pixels per CSS pixel.
    #[serde(default = "two")]
    pub(crate) pixel_ratio_max: f32,
}

fn two() -> f32 {
    2.0
}

/// Why what the page sent is no command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The name is not one.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The JSON is not what it should be.
    #[error("the argument does not parse: {0}")]
    Json(#[from] serde_json::Error),
}

impl Command {
    /// From the argument of `focus_stop`, in which an empty text is no stop.
    pub(crate) fn focus(stop: &str) -> Result<Self, CommandError> {
        if stop.is_empty() {
            return Ok(Self::Focus(None));
        }
        Ok(Self::Focus(Some(stop.parse()?)))
    }

    /// From the argument of `answer`.
    pub(crate) fn answer(json: &str) -> Result<Self, CommandError> {
        Ok(Self::Answer(serde_json::from_str(json)?))
    }

    /// From the argument of `headset_begin`.
    pub(crate) fn put_on(json: &str) -> Result<Self, CommandError> {
        Ok(Self::PutOn(serde_json::from_str(json)?))
    }

    /// From the argument of `headset_words`.
    pub(crate) fn words(json: &str) -> Result<Self, CommandError> {
        Ok(Self::Words(serde_json::from_str::<Table>(json)?.into()))
    }

    /// From the argument of `learn`.
    pub(crate) fn learn(json: &str) -> Result<Self, CommandError> {
        Ok(Self::Learn(serde_json::from_str(json)?))
    }

    /// From the arguments of `walk`. What is no number counts as none.
    #[must_use]
    pub(crate) fn walk(x: f32, z: f32) -> Self {
        let within = |it: f32| {
            if it.is_finite() {
                it.clamp(-1.0, 1.0)
            } else {
                0.0
            }
        };
        Self::Walk(Vec2::new(within(x), within(z)))
    }

    /// From the arguments of `turn`. What is no number counts as none.
    #[must_use]
    pub(crate) fn turn(yaw_deg: f32, pitch_deg: f32) -> Self {
        let within = |it: f32| if it.is_finite() { it % 360.0 } else { 0.0 };
        Self::Turn(Vec2::new(within(yaw_deg), within(pitch_deg)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_from_json() {
        let json = r#"{"question":"who","response":{"kind":"multiple","value":["b","a"]}}"#;
        let Ok(Command::Answer(answer)) = Command::answer(json) else {
            panic!("it is an answer");
        };
        let both = ["a", "b"].map(|it| it.parse().expect("an id"));
        assert_eq!(answer.response, Response::Multiple(both.into()));
    }

    #[test]
    fn what_is_no_command_is_an_error() {
        assert!(Command::focus("Not An Id").is_err());
        assert!(Command::answer("{}").is_err());
        assert!(Command::learn("null").is_err());
        assert!(matches!(Command::focus(""), Ok(Command::Focus(None))));
    }

    #[test]
    fn no_number_moves_nobody() {
        assert_eq!(
            Command::walk(f32::NAN, 7.0),
            Command::Walk(Vec2::new(0.0, 1.0))
        );
        assert_eq!(
            Command::turn(f32::INFINITY, 10.0),
            Command::Turn(Vec2::new(0.0, 10.0))
        );
    }

    #[test]
    fn a_config_needs_no_more_than_a_package_and_a_seed() {
        let config: Config =
            serde_json::from_str(r#"{"packageUrl":"/packages/a/b/","seed":7}"#).expect("a config");
        assert!(config.entries.is_empty() && config.pixel_ratio_max > 1.0);
    }
}
