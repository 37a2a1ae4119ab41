//! What suits the visitor in the headset, the language, and the way out.

use super::{
    egui::Ui,
    look::{self, Press, Sign, press, press_sign},
    page::{Laid, Shown},
    panel::Ask,
};
use crate::headset::{Wear, wear::RAISE_MOST_M};

/// How far a turn by the stick can go, degrees.
const TURNS_DEG: [u16; 2] = [30, 45];
/// By how much one is raised or lowered at a time, metres.
const RAISE_M: f32 = 0.05;

pub(super) fn lay(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let (words, wear) = (shown.words, shown.wear);
    // Whoever does not feel well finds the way out at once.
    if press(
        ui,
        &mut laid.presses,
        words.ui("headset.leave"),
        Press::WIDE.first(true),
    ) {
        laid.asks.push(Ask::Leave);
    }
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
        (
            "headset.left-handed",
            wear.left_handed,
            Wear {
                left_handed: !wear.left_handed,
                ..wear.clone()
            },
        ),
        (
            "headset.pulses",
            wear.pulses,
            Wear {
                pulses: !wear.pulses,
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
        let how = Press::SMALL.with(Sign::One(wear.turn_deg <= 0.0));
        if press(ui, &mut laid.presses, words.ui("headset.smooth"), how) {
            laid.asks.push(Ask::Wear(Wear {
                turn_deg: 0.0,
                ..wear.clone()
            }));
        }
    });
    height(ui, shown, laid);
    for language in &words.languages {
        if press(ui, &mut laid.presses, &language.name, Press::WIDE) {
            laid.asks.push(Ask::Speak(language.tag.clone()));
        }
    }
}

/// How high one sees the room from.
fn height(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let (words, wear) = (shown.words, shown.wear);
    let centimetres = (wear.raise_m * 100.0).round();
    let told = format!("{centimetres:+}");
    let told = words.ui_with("headset.height", &[("centimetres", &told)]);
    look::paragraph(ui, &told, look::ink());
    ui.horizontal(|ui| {
        for (sign, key, by) in [
            (Sign::Up, "headset.higher", RAISE_M),
            (Sign::Down, "headset.lower", -RAISE_M),
        ] {
            let raise_m = wear.raise_m + by;
            let may = raise_m.abs() <= RAISE_MOST_M + 1e-3;
            let how = Press::SMALL.with(sign).enabled(may);
            if press_sign(ui, &mut laid.presses, words.ui(key), how) {
                laid.asks.push(Ask::Wear(Wear {
                    raise_m,
                    ..wear.clone()
                }));
            }
        }
    });
}
