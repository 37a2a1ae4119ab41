//! What is asked at a stop, what has been answered, and after a wrong answer where to look again.

use xinghuo_tour::{SlotPanel, SlotStatus, StopId};

use super::{
    choosing,
    egui::Ui,
    look::{self, Press, note, press},
    page::{Laid, Shown},
    panel::{Ask, Panel, Place},
};
use crate::theme;

pub(super) fn lay(ui: &mut Ui, panel: &Panel, shown: &Shown<'_>, laid: &mut Laid) {
    let Some(stop) = &panel.stop else { return };
    let Some(checkpoint) = &shown.checkpoint else {
        return closed(ui, stop, shown, laid);
    };
    let slots = &checkpoint.slots;
    let up_to = checkpoint.open.map_or(slots.len(), |it| it + 1);
    // What is asked now comes first: nobody should have to look for it.
    for (i, slot) in slots.iter().enumerate().take(up_to).rev() {
        match slot.status {
            SlotStatus::Right => right(ui, slot, shown),
            SlotStatus::Exhausted => wrong(ui, slot, shown, laid),
            SlotStatus::Open | SlotStatus::Pending => {
                wrong(ui, slot, shown, laid);
                asked(ui, panel, slot, (i, slots.len()), shown, laid);
            }
        }
    }
    if checkpoint.open.is_none() {
        look::paragraph(ui, shown.words.ui("question.through"), look::ink());
        if let Some(next) = next(stop, shown) {
            let how = Press::WIDE.first(true);
            if press(ui, &mut laid.presses, shown.words.ui("card.next"), how) {
                laid.asks.push(Ask::GoTo(next));
            }
        }
    }
}

/// Nothing can be answered here yet, or ever.
fn closed(ui: &mut Ui, stop: &StopId, shown: &Shown<'_>, laid: &mut Laid) {
    let done = |it: &StopId| {
        shown
            .progress
            .stops
            .iter()
            .any(|of| of.stop == *it && of.done)
    };
    let before = shown.venue.stop(stop).map(|it| &it.prerequisites);
    let missing: Vec<_> = before
        .into_iter()
        .flatten()
        .filter(|it| !done(it))
        .collect();
    if missing.is_empty() {
        return look::paragraph(ui, shown.words.ui("question.go-first"), look::ink());
    }
    let titles: Vec<_> = missing.iter().map(|it| shown.words.title(it)).collect();
    let titles = titles.join(shown.words.ui("list.comma"));
    let text = shown
        .words
        .ui_with("question.locked", &[("stops", &titles)]);
    look::paragraph(ui, &text, look::ink());
    for stop in missing {
        if press(ui, &mut laid.presses, &shown.words.title(stop), Press::WIDE) {
            laid.asks.push(Ask::GoTo(stop.clone()));
        }
    }
}

fn right(ui: &mut Ui, slot: &SlotPanel, shown: &Shown<'_>) {
    let id = &slot.question.question;
    note(ui, look::color(theme::LANTERN_OPEN), |ui| {
        look::paragraph(ui, shown.words.ui("question.right"), look::ink());
        look::paragraph(ui, &shown.words.of_question(id, "prompt"), look::soft());
        if let Some(feedback) = shown.words.feedback(id) {
            look::paragraph(ui, feedback, look::ink());
        }
    });
}

fn wrong(ui: &mut Ui, slot: &SlotPanel, shown: &Shown<'_>, laid: &mut Laid) {
    let Some(question) = &slot.last_wrong else {
        return;
    };
    let through = slot.status == SlotStatus::Exhausted;
    let words = shown.words;
    note(ui, look::color(theme::LANTERN_DONE), |ui| {
        let key = if through {
            "question.left"
        } else {
            "question.wrong"
        };
        look::paragraph(ui, words.ui(key), look::ink());
        if let Some(hint) = words.hint(question) {
            look::paragraph(ui, hint, look::ink());
        }
        if let Some(stop) = &slot.lead_back {
            let text = words.ui_with("question.look-again", &[("stop", &words.title(stop))]);
            if press(ui, &mut laid.presses, &text, Press::WIDE) {
                laid.asks.push(Ask::LookAgain(stop.clone()));
            }
        }
        if slot.status == SlotStatus::Open {
            look::paragraph(ui, words.ui("question.another"), look::soft());
        }
    });
}

fn asked(
    ui: &mut Ui,
    panel: &Panel,
    slot: &SlotPanel,
    (index, of): (usize, usize),
    shown: &Shown<'_>,
    laid: &mut Laid,
) {
    let words = shown.words;
    let id = &slot.question.question;
    let number = |it: usize| it.to_string();
    let (place, of) = (number(index + 1), number(of));
    let mut eyebrow = words.ui_with("question.place", &[("place", &place), ("of", &of)]);
    if slot.attempt > 1 {
        let (attempt, of) = (slot.attempt.to_string(), slot.attempts.to_string());
        let text = words.ui_with("question.attempt", &[("attempt", &attempt), ("of", &of)]);
        eyebrow = format!("{eyebrow}  {text}");
    }
    look::paragraph(ui, &eyebrow, look::soft());
    look::heading(ui, &words.of_question(id, "prompt"));
    let pending = slot.status == SlotStatus::Pending;
    let place: Place = (id.clone(), slot.attempt);
    choosing::lay(ui, &slot.question, &place, panel, shown, pending, laid);
    if pending {
        return look::paragraph(ui, words.ui("question.pending"), look::soft());
    }
    let draft = shown.drafts.0.get(&place);
    let whole = draft.filter(|it| choosing::is_whole(it, &slot.question));
    let how = Press::WIDE.first(true).enabled(whole.is_some());
    if press(ui, &mut laid.presses, words.ui("question.answer"), how)
        && let Some(answer) = whole
    {
        laid.asks.push(Ask::Answer(id.clone(), answer.clone()));
    }
}

/// The next stop on the route that is not done, after this one and then from the start.
fn next(stop: &StopId, shown: &Shown<'_>) -> Option<StopId> {
    let stops = &shown.progress.stops;
    let at = stops.iter().position(|it| it.stop == *stop)?;
    let round = stops[at + 1..].iter().chain(&stops[..at]);
    round
        .into_iter()
        .find(|it| !it.done)
        .map(|it| it.stop.clone())
}
