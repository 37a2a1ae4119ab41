//! What the page calls for a headset: `web/headset.js` has its session, and its frames come here.

#![expect(
    unreachable_pub,
    reason = "wasm-bindgen exports public functions only, and no other crate calls these"
)]

use bevy::math::UVec2;
use wasm_bindgen::prelude::*;

use super::{
    console,
    frames::{self, Inbound},
};
use crate::{
    command::Command,
    drawing::{self, Ear, Layer},
    headset::Report,
};

/// The visitor puts a headset on, and its frames take the place of the window's. `wear` is JSON,
/// see [`Wear`](crate::headset::Wear); `ear` listens to the frames.
#[wasm_bindgen]
pub fn headset_begin(wear: &str, ear: Ear) {
    match Command::put_on(wear) {
        Ok(command) => {
            drawing::listen_with(Some(ear));
            frames::wear(true);
            frames::command(Command::Hide(false));
            frames::command(command);
        }
        Err(cause) => console::warn(&cause.to_string()),
    }
}

/// What is said in the headset: JSON, see [`Table`](crate::headset::Table). Told again whenever
/// one of its words changes.
#[wasm_bindgen]
pub fn headset_words(json: &str) {
    match Command::words(json) {
        Ok(command) => frames::command(command),
        Err(cause) => console::warn(&cause.to_string()),
    }
}

/// The letters in which it is written: a font file.
#[wasm_bindgen]
pub fn headset_font(font: &[u8]) {
    frames::command(Command::Font(font.into()));
}

/// One frame of the headset, to be drawn before this returns: what [`Report::read`] reads, and the
/// framebuffer with its size in pixels. `encodes` says whether it turns light into colour itself.
#[wasm_bindgen]
pub fn headset_frame(report: &[f32], framebuffer: JsValue, width: u32, height: u32, encodes: bool) {
    let Some(report) = Report::read(report) else {
        console::warn("the headset's report does not parse");
        return;
    };
    drawing::show_in(framebuffer);
    let size = UVec2::new(width, height);
    let layer = Layer { size, encodes };
    frames::worn_frame(Inbound::Report(report, layer));
}

/// The visitor has taken the headset off, and the window's frames come again.
#[wasm_bindgen]
pub fn headset_end() {
    drawing::listen_with(None);
    frames::wear(false);
    frames::command(Command::Hide(frames::is_hidden()));
    frames::command(Command::walk(0.0, 0.0));
    frames::command(Command::TakeOff);
}
