//! The route: the plan of the room, and stops room by room, where one is, and what is done.

use xinghuo_tour::{Progress, RoomId};

use super::{
    egui::Ui,
    look::{self, Press, Sign, press},
    page::{Laid, Shown},
    panel::Ask,
    plan,
};

pub(super) fn lay(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let words = shown.words;
    if let Some(key) = ending(shown.progress) {
        look::paragraph(ui, words.ui(key), look::ink());
    }
    let required = || shown.progress.stops.iter().filter(|it| it.required);
    let done = required().filter(|it| it.done).count().to_string();
    let of = required().count().to_string();
    let count = words.ui_with("progress.stops", &[("done", &done), ("of", &of)]);
    look::paragraph(ui, &count, look::soft());
    plan::lay(ui, shown, laid);
    let mut room: Option<&RoomId> = None;
    for (i, stop) in shown.venue.stops.iter().enumerate() {
        if room != Some(&stop.room) {
            room = Some(&stop.room);
            room_heading(ui, &stop.room, shown, laid);
        }
        let of = shown.progress.stops.iter().find(|it| it.stop == stop.id);
        let sign = match of {
            Some(it) if it.done => Sign::Done,
            _ if shown.standing == Some(&stop.id) => Sign::Here,
            _ => Sign::One(false),
        };
        let mut text = format!("{}  {}", i + 1, words.title(&stop.id));
        if !stop.required {
            text.push_str(words.ui("route.optional"));
        }
        let here = shown.standing == Some(&stop.id);
        let how = Press::WIDE.with(sign).enabled(!here);
        if press(ui, &mut laid.presses, &text, how) {
            laid.asks.push(Ask::GoTo(stop.id.clone()));
        }
    }
}

fn room_heading(ui: &mut Ui, room: &RoomId, shown: &Shown<'_>, laid: &mut Laid) {
    if shown.venue.rooms.len() < 2 {
        return;
    }
    let words = shown.words;
    look::heading(ui, &words.text(format!("room.{room}.title")));
    if room == shown.room {
        look::paragraph(ui, words.ui("route.room-here"), look::soft());
    } else if press(
        ui,
        &mut laid.presses,
        words.ui("route.go-into"),
        Press::WIDE,
    ) {
        laid.asks.push(Ask::GoInto(room.clone()));
    }
}

/// What there is to say of a visit that has come to an end.
fn ending(progress: &Progress) -> Option<&'static str> {
    match (progress.completed, progress.passed, progress.failed) {
        (true, true, _) => Some("summary.completed-passed"),
        (true, _, true) => Some("summary.completed-failed"),
        (true, ..) => Some("summary.completed"),
        (_, true, _) => Some("summary.passed"),
        (_, _, true) => Some("summary.failed"),
        _ => None,
    }
}
