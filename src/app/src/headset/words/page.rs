//! A page of the panel: its sides above, its words, and how to come to those further down.

use bevy::prelude::Resource;
use xinghuo_tour::{ArtifactId, CheckpointPanel, Progress, QuestionId, RoomId, StopId, Venue};

use super::{
    egui::{
        Align, Frame, Layout, Margin, Rect, ScrollArea, Ui, UiBuilder,
        scroll_area::{ScrollBarVisibility, ScrollSource},
        vec2,
    },
    look::{self, Press, Presses, Sign, press, press_sign},
    panel::{Ask, Drafts, Panel, Side},
    plan::{Here, Plan},
    questions, route, settings, story,
    table::Table,
};
use crate::{headset::Wear, theme};

const ROUND: u8 = 28;
const MARGIN_PX: i8 = 40;
const GAP_PX: f32 = 16.0;
/// What is seen twice when words are scrolled.
const AGAIN_PX: f32 = 90.0;
/// What the handle says at most.
const HANDLE_LINES: usize = 2;

/// All that a page may show.
pub(super) struct Shown<'a> {
    pub(super) words: &'a Table,
    pub(super) venue: &'a Venue,
    pub(super) progress: &'a Progress,
    pub(super) room: &'a RoomId,
    pub(super) standing: Option<&'a StopId>,
    pub(super) checkpoint: Option<CheckpointPanel>,
    pub(super) drafts: &'a Drafts,
    pub(super) locating: Option<&'a QuestionId>,
    pub(super) wear: &'a Wear,
    /// Whether the visitor has no stick to turn with.
    pub(super) turns: bool,
    /// The room from above, and where in it the visitor is, while that is shown.
    pub(super) plan: Option<(&'a Plan, Here)>,
}

impl Shown<'_> {
    /// The artifacts to choose from, where one is asked for.
    pub(super) fn artifacts(&self) -> &[ArtifactId] {
        &self.words.artifacts
    }
}

/// What laying a page out told.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(super) struct Laid {
    pub(super) asks: Vec<Ask>,
    pub(super) presses: Presses,
    /// How high its words are, and how much of them is seen.
    pub(super) content: f32,
    pub(super) seen: f32,
}

/// Lays out an open panel.
pub(super) fn open(ui: &mut Ui, panel: &Panel, shown: &Shown<'_>) -> Laid {
    let mut laid = Laid::default();
    paper().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP_PX, GAP_PX);
        sides(ui, panel, shown, &mut laid);
        ui.add_space(GAP_PX / 2.0);
        let foot = !panel.fits();
        let height = ui.available_height() - if foot { 100.0 } else { 0.0 };
        let body = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
        let mut words = ui.new_child(UiBuilder::new().max_rect(body));
        let area = ScrollArea::vertical()
            .id_salt((panel.side as u8, panel.stop.as_ref().map(StopId::as_str)))
            .auto_shrink(false)
            .animated(false)
            .scroll_source(ScrollSource::NONE)
            .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
            .vertical_scroll_offset(panel.scrolled)
            .show(&mut words, |ui| {
                notices(ui, shown, &mut laid);
                match panel.side {
                    Side::Story => story::lay(ui, panel, shown, &mut laid),
                    Side::Questions => questions::lay(ui, panel, shown, &mut laid),
                    Side::Route => route::lay(ui, shown, &mut laid),
                    Side::Settings => settings::lay(ui, shown, &mut laid),
                }
            });
        (laid.content, laid.seen) = (area.content_size.y, area.inner_rect.height());
        let goes_on = panel.scrolled < laid.content - laid.seen - 1.0;
        look::fade(ui, body, (panel.scrolled > 1.0, goes_on));
        ui.advance_cursor_after_rect(body);
        if foot {
            scrolling(ui, panel, shown, &mut laid);
        }
    });
    laid
}

/// Lays out the handle by which a panel is opened: it says what would be opened.
pub(super) fn handle(ui: &mut Ui, shown: &Shown<'_>) -> Laid {
    let mut laid = Laid::default();
    let title = shown.standing.map(|it| shown.words.title(it));
    let locating = shown
        .locating
        .map(|it| shown.words.of_question(it, "prompt"));
    let notice = shown.words.notices.last().map(|it| it.text.clone());
    let text = notice.or(locating).or(title);
    let text = text.unwrap_or_else(|| shown.words.ui("headset.panel").to_owned());
    let wide = Press {
        lines: HANDLE_LINES,
        ..Press::WIDE.first(true)
    };
    let mut opens = false;
    if shown.turns {
        let width = ui.available_width() - 2.0 * (look::PRESS_PX + GAP_PX);
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing = vec2(GAP_PX, GAP_PX);
            turn(ui, shown, &mut laid, (Sign::Left, "headset.turn-left", 1.0));
            ui.allocate_ui(vec2(width, ui.available_height()), |ui| {
                opens = press(ui, &mut laid.presses, &text, wide);
            });
            turn(
                ui,
                shown,
                &mut laid,
                (Sign::Right, "headset.turn-right", -1.0),
            );
        });
    } else {
        opens = press(ui, &mut laid.presses, &text, wide);
    }
    if opens {
        let side = if shown.standing.is_some() {
            Side::Story
        } else {
            Side::Route
        };
        laid.asks.push(Ask::Show(side));
    }
    laid
}

/// A way to turn for whoever has a hand or a look alone.
fn turn(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid, (sign, key, by): (Sign, &str, f32)) {
    let does = shown.words.ui(key);
    if press_sign(ui, &mut laid.presses, does, Press::SMALL.with(sign)) {
        laid.asks.push(Ask::Turn(by));
    }
}

/// What has happened meanwhile, the last of it. It comes before the words and is scrolled away with
/// them: whoever reads needs the room.
fn notices(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let Some(notice) = shown.words.notices.last() else {
        return;
    };
    look::note(ui, look::color(theme::LANTERN_OPEN), |ui| {
        look::paragraph(ui, &notice.text, look::ink());
        ui.horizontal(|ui| {
            for remedy in &notice.actions {
                let how = Press::SMALL.first(true);
                if press(ui, &mut laid.presses, &remedy.text, how) {
                    let wanted = Some(remedy.word.clone());
                    laid.asks.push(Ask::Noticed(notice.id.clone(), wanted));
                }
            }
            let away = shown.words.ui("headset.seen");
            if press(ui, &mut laid.presses, away, Press::SMALL) {
                laid.asks.push(Ask::Noticed(notice.id.clone(), None));
            }
        });
    });
}

fn paper() -> Frame {
    Frame::new()
        .fill(look::color(theme::PAPER))
        .corner_radius(ROUND)
        .inner_margin(Margin::same(MARGIN_PX))
}

fn sides(ui: &mut Ui, panel: &Panel, shown: &Shown<'_>, laid: &mut Laid) {
    let asks = |it: &StopId| {
        shown
            .venue
            .stop(it)
            .is_some_and(|it| it.checkpoint.is_some())
    };
    let questions = panel.stop.as_ref().is_some_and(asks);
    ui.horizontal(|ui| {
        let each = [
            (Side::Story, "card.story", panel.stop.is_some()),
            (Side::Questions, "card.question", questions),
            (Side::Route, "route.title", true),
            (Side::Settings, "headset.settings", true),
        ];
        for (side, key, there) in each {
            let how = Press::SMALL.first(panel.side == side);
            if there && press(ui, &mut laid.presses, shown.words.ui(key), how) {
                laid.asks.push(Ask::Show(side));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let how = Press::SMALL.with(Sign::Cross);
            if press_sign(ui, &mut laid.presses, shown.words.ui("close"), how) {
                laid.asks.push(Ask::Close);
            }
        });
    });
}

fn scrolling(ui: &mut Ui, panel: &Panel, shown: &Shown<'_>, laid: &mut Laid) {
    let step = (panel.seen - AGAIN_PX).max(AGAIN_PX);
    let width = (ui.available_width() - GAP_PX) / 2.0;
    ui.horizontal(|ui| {
        let most = panel.scroll_most();
        let each = [
            (Sign::Up, "headset.back", -step, panel.scrolled > 0.0),
            (
                Sign::Down,
                "headset.further",
                step,
                panel.scrolled < most - 1.0,
            ),
        ];
        for (sign, key, by, enabled) in each {
            let how = Press::WIDE.with(sign).enabled(enabled);
            ui.allocate_ui(vec2(width, 84.0), |ui| {
                if press_sign(ui, &mut laid.presses, shown.words.ui(key), how) {
                    laid.asks.push(Ask::Scroll(by));
                }
            });
        }
    });
}
