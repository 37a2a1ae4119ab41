//! What the page can call.

#![expect(
    unreachable_pub,
    reason = "wasm-bindgen exports public functions only, and no other crate calls these"
)]

use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;
use xinghuo_tour::IdError;

use super::{console, frames, load, page};
use crate::command::{Command, CommandError, Config, Inset};

/// Begins the tour: on a canvas, or with `null` as a text walk. `config` is JSON, see [`Config`];
/// `on_message` receives every [`Message`](crate::message::Message) as an object.
#[wasm_bindgen]
pub fn start(canvas: Option<HtmlCanvasElement>, config: &str, on_message: js_sys::Function) {
    console::listen();
    page::listen(on_message);
    match serde_json::from_str::<Config>(config) {
        Ok(config) => load::begin(canvas, config),
        Err(cause) => page::fail(
            crate::message::FailureCode::Internal,
            &format!("the config does not parse: {cause}"),
        ),
    }
}

/// Goes to a stop.
#[wasm_bindgen]
pub fn go_to(stop: &str) {
    with_stop(stop, Command::GoTo);
}

/// Holds a stop's artifact closely, and goes there first if need be.
#[wasm_bindgen]
pub fn open(stop: &str) {
    with_stop(stop, Command::Open);
}

/// Goes into another room, through as many doors as lie between.
#[wasm_bindgen]
pub fn go_into(room: &str) {
    take(
        room.parse()
            .map(Command::GoInto)
            .map_err(CommandError::from),
    );
}

/// Puts the artifact back.
#[wasm_bindgen]
pub fn close() {
    frames::command(Command::Close);
}

/// Lights up the lantern of a stop; of none, if the text is empty.
#[wasm_bindgen]
pub fn focus_stop(stop: &str) {
    take(Command::focus(stop));
}

/// The story of a stop was read or heard to its end.
#[wasm_bindgen]
pub fn story_read(stop: &str) {
    with_stop(stop, Command::StoryRead);
}

/// The description of a stop's artifact was read to its end.
#[wasm_bindgen]
pub fn described(stop: &str) {
    with_stop(stop, Command::Described);
}

/// Opens a stop in the text walk.
#[wasm_bindgen]
pub fn arrive(stop: &str) {
    with_stop(stop, Command::Arrive);
}

/// Answers a question: JSON `{question, response}`.
#[wasm_bindgen]
pub fn answer(json: &str) {
    take(Command::answer(json));
}

/// Lets the visitor answer a question by finding an artifact in the scene.
#[wasm_bindgen]
pub fn locate(question: &str) {
    take(
        question
            .parse()
            .map(Command::Locate)
            .map_err(CommandError::from),
    );
}

/// No longer.
#[wasm_bindgen]
pub fn cancel_locate() {
    frames::command(Command::CancelLocate);
}

/// The thumb-stick: to the right and forwards, each in −1 to 1.
#[wasm_bindgen]
pub fn walk(x: f32, z: f32) {
    frames::command(Command::walk(x, z));
}

/// Turns the view: to the left and up, degrees.
#[wasm_bindgen]
pub fn turn(yaw_deg: f32, pitch_deg: f32) {
    frames::command(Command::turn(yaw_deg, pitch_deg));
}

/// How much of the canvas the page covers, CSS pixels from each side.
#[wasm_bindgen]
pub fn inset(left: f32, top: f32, right: f32, bottom: f32) {
    frames::command(Command::Inset(Inset {
        left,
        top,
        right,
        bottom,
    }));
}

/// The server's word on answers: JSON, a list of verdicts.
#[wasm_bindgen]
pub fn learn(json: &str) {
    take(Command::learn(json));
}

/// Whether something lies over the tour, so that nothing is looked at.
#[wasm_bindgen]
pub fn pause(paused: bool) {
    frames::command(Command::Pause(paused));
}

/// What the visitor understood so far, as JSON; `null` before the tour is ready.
#[wasm_bindgen]
#[must_use]
pub fn summary() -> String {
    frames::summary()
}

fn with_stop(stop: &str, command: impl FnOnce(xinghuo_tour::StopId) -> Command) {
    take(stop.parse().map(command).map_err(|it: IdError| it.into()));
}

fn take(command: Result<Command, CommandError>) {
    match command {
        Ok(command) => frames::command(command),
        Err(cause) => console::warn(&cause.to_string()),
    }
}
