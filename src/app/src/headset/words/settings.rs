//! What suits the visitor in the headset, the language, and the way out.

use super::{
    egui::Ui,
    look::{self, Press, Sign, press},
    page::{Laid, Shown},
    panel::Ask,
};
use crate::headset::Wear;

/// How far a turn by the stick can go, degrees.
const TURNS_DEG: [u16; 2] = [30, 45];

pub(super) fn lay(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let (words, wear) = (shown.words, shown.wear);
    let toggles = [
        (
            "headset.seated",
            wear.seated,
            Wear {
                seated: !wear.seated,
                ..wear.clone()
            },
        ),
        (
            "headset.glide",
            wear.glide,
            Wear {
                glide: !wear.glide,
                ..wear.clone()
            },
        ),
    ];
    for (key, is, then) in toggles {
        if press(
            ui,
            &mut laid.presses,
            words.ui(key),
            Press::WIDE.with(Sign::Some(is)),
        ) {
            laid.asks.push(Ask::Wear(then));
        }
    }
    look::paragraph(ui, words.ui("headset.turn"), look::ink());
    ui.horizontal(|ui| {
        for degrees in TURNS_DEG {
            let turn_deg = f32::from(degrees);
            let is = (wear.turn_deg - turn_deg).abs() < 0.5;
            let text = words.ui_with("headset.degrees", &[("degrees", &degrees.to_string())]);
            let how = Press::SMALL.with(Sign::One(is));
            if press(ui, &mut laid.presses, &text, how) {
                laid.asks.push(Ask::Wear(Wear {
                    turn_deg,
                    ..wear.clone()
                }));
            }
        }
    });
    for language in &words.languages {
        if press(ui, &mut laid.presses, &language.name, Press::WIDE) {
            laid.asks.push(Ask::Speak(language.tag.clone()));
        }
    }
    if press(
        ui,
        &mut laid.presses,
        words.ui("headset.leave"),
        Press::WIDE.first(true),
    ) {
        laid.asks.push(Ask::Leave);
    }
}
