//! What is written on the board: laid out by `egui` whenever something of it changes, and handed
//! to whoever paints it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bevy::{ecs::change_detection::Tick, prelude::*};
use xinghuo_tour::StopId;

use super::{
    Speech, Surface,
    board::Board,
    egui::{
        self, ClippedPrimitive, Context, FontData, FontDefinitions, FontFamily, RawInput, Rect,
        TexturesDelta, UiBuilder, pos2,
    },
    label::Named,
    look,
    page::{self, Laid, Shown},
    panel::{Drafts, Panel, Side},
    place::{self, HANDLE_PX, LABEL_PX, LABEL_TOP_PX, PANEL_PX, SHEET_PX},
    plan::{Here, Whereabouts},
};
use crate::{
    awake::Awake,
    headset::{Headset, Wear},
    locate::Locating,
    message::{Message as ToPage, Outgoing, PressView},
    session::{Attention, Visit},
};

/// How often a page is laid out after a change, so that what depends on itself comes to rest.
const PASSES: u32 = 3;
/// How many letters are written at a time while nobody reads, how many altogether, and how long after
/// each other; milliseconds.
const LETTERS_AT_ONCE: usize = 8;
const LETTERS_MOST: usize = 400;
const BETWEEN_MILLIS: u64 = 60;
/// How far a ray may move between press and release, pixels.
const PRESS_MOVES_PX: f32 = 120.0;

/// Letters, as a file has them.
pub(crate) type Font = Arc<[u8]>;

/// What is to be painted.
#[derive(Default)]
pub(crate) struct Painted {
    /// Triangles in pixels from the top left, farthest first.
    pub(crate) shapes: Vec<ClippedPrimitive>,
    /// What has changed in the pictures of letters.
    pub(crate) pictures: TexturesDelta,
}

/// Where it is written. What has been painted is taken from here.
#[derive(Resource, Default)]
pub(crate) struct Sheet {
    context: Context,
    has_letters: bool,
    /// Where it stands, while there is something to read.
    pub(crate) board: Option<Board>,
    /// Where the name of something hovers, while something is named.
    pub(crate) label: Option<Board>,
    /// How large that is, pixels.
    label_px: Vec2,
    painted: Mutex<Option<Painted>>,
    was: Option<Seen>,
    told: (Vec<PressView>, Option<String>),
    passes: u32,
    rehearsal: Rehearsal,
}

/// What has been written before anybody reads.
#[derive(Debug, Default, PartialEq)]
enum Rehearsal {
    #[default]
    Nothing,
    /// All but these letters.
    Letters(VecDeque<char>),
    Done,
}

/// All that a page depends on, but for what touches it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    /// When there was last something new in the words, the visit, what was begun, and where the visitor
    /// stands: held against each other themselves with every frame, they took longer than all the rest.
    changed: [Tick; 4],
    side: Option<(Side, Option<StopId>, u32)>,
    locating: bool,
    wear: Wear,
    turns: bool,
    here: Option<Here>,
    named: Option<String>,
}

impl Sheet {
    /// Takes what has been written since it was taken last.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only a browser paints")
    )]
    pub(crate) fn take(&self) -> Option<Painted> {
        self.painted.lock().ok()?.take()
    }

    /// Writes with these letters from now on.
    pub(super) fn write_with(&mut self, font: &Font) {
        let name = "words".to_owned();
        let mut data = FontData::from_owned(font.to_vec());
        // What stands somewhere in a room lies on no pixels that letters could be fitted to.
        data.tweak.hinting = Some(false);
        data.tweak.subpixel_binning = Some(false);
        let mut fonts = FontDefinitions::empty();
        fonts.font_data.insert(name.clone(), Arc::new(data));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.insert(family, vec![name.clone()]);
        }
        self.context.set_fonts(fonts);
        self.context.options_mut(|it| {
            // A hand in the air is slow, and trembles.
            it.input_options.max_click_duration = f64::MAX;
            it.input_options.max_click_dist = PRESS_MOVES_PX;
        });
        self.has_letters = true;
        self.rehearsal = Rehearsal::Nothing;
    }

    /// Stands the name above what it names, which may move.
    fn hang(&mut self, named: &Named, headset: &Headset) {
        let px = self.label_px;
        let eye = headset.head.map(|it| Vec3::from(it.translation));
        let at = named
            .0
            .as_ref()
            .map(|(_, at)| *at)
            .filter(|_| px != Vec2::ZERO);
        self.label = eye.zip(at).map(|(eye, at)| place::label(at, eye, px));
    }

    fn run(&mut self, events: Vec<egui::Event>, secs: f64, lay: impl FnMut(&mut egui::Ui)) {
        let input = RawInput {
            screen_rect: Some(rect(Vec2::ZERO, SHEET_PX)),
            time: Some(secs),
            events,
            focused: true,
            ..RawInput::default()
        };
        let output = self.context.run_ui(input, lay);
        let shapes = self
            .context
            .tessellate(output.shapes, output.pixels_per_point);
        let Ok(mut painted) = self.painted.lock() else {
            return;
        };
        let before = painted.take().map(|it| it.pictures);
        let mut pictures = before.unwrap_or_default();
        pictures.append(output.textures_delta);
        *painted = Some(Painted { shapes, pictures });
    }

    /// Forgets what was laid out last, but for the letters.
    fn show_nothing(&self) {
        if let Ok(mut painted) = self.painted.lock()
            && let Some(painted) = painted.as_mut()
        {
            painted.shapes.clear();
        }
    }
}

fn rect(from: Vec2, size: Vec2) -> Rect {
    Rect::from_min_size(pos2(from.x, from.y), egui::vec2(size.x, size.y))
}

/// Lays something out in a part of the picture, and nowhere else.
fn within<R>(ui: &mut egui::Ui, part: Rect, lay: impl FnOnce(&mut egui::Ui) -> R) -> R {
    let mut inner = ui.new_child(UiBuilder::new().max_rect(part));
    inner.set_clip_rect(part);
    lay(&mut inner)
}

/// Tells the page what can be pressed, where in the room that is, and what is named.
pub(super) fn tell(
    mut sheet: ResMut<Sheet>,
    laid: Res<Laid>,
    named: Res<Named>,
    headset: Res<Headset>,
    mut outgoing: ResMut<Outgoing>,
) {
    // In the visitor's own room, places of the venue say nothing.
    let own = headset.rig.filter(|_| headset.thing.is_some());
    let board = sheet.board;
    let views = laid.presses.all.iter().filter_map(|(says, at)| {
        let [left, right, _, below] = board?.corners();
        let share = Vec2::new(at.x, at.y) / board?.size_px;
        let position = left + (right - left) * share.x + (below - left) * share.y;
        let position = own.map_or(position, |it| it.unplace(position));
        Some((says, position.to_array()))
    });
    let named = sheet.label.and(named.0.as_ref()).map(|(says, _)| says);
    let (told, told_of) = &sheet.told;
    let was = told.iter().map(|it| (&it.says, it.position));
    if was.eq(views.clone()) && told_of.as_ref() == named {
        return;
    }
    let views = views.map(|(says, position)| PressView {
        says: says.clone(),
        position,
    });
    let (presses, named): (Vec<_>, _) = (views.collect(), named.cloned());
    sheet.told = (presses.clone(), named.clone());
    outgoing.send(ToPage::Panel { presses, named });
}

/// Writes before anybody reads, a little at a time: each letter is drawn when it is first written, which
/// takes a third of a second for a page, and nobody is to wait for that in a headset.
pub(super) fn rehearse(
    mut sheet: ResMut<Sheet>,
    mut awake: ResMut<Awake>,
    speech: Res<Speech>,
    visit: Res<Visit>,
    attention: Res<Attention>,
    time: Res<Time<Real>>,
) {
    let standing = attention.standing.as_ref();
    if !sheet.has_letters || sheet.rehearsal == Rehearsal::Done {
        return;
    }
    let secs = time.elapsed_secs_f64();
    if let Rehearsal::Letters(left) = &mut sheet.rehearsal {
        let next: String = left.drain(..left.len().min(LETTERS_AT_ONCE)).collect();
        if left.is_empty() {
            sheet.rehearsal = Rehearsal::Done;
        }
        sheet.run(vec![], secs, |ui| look::paragraph(ui, &next, look::ink()));
        sheet.show_nothing();
    } else {
        let shown = Shown {
            words: &speech.0,
            venue: &visit.venue,
            progress: visit.progress(),
            room: visit.room(),
            standing,
            checkpoint: None,
            drafts: &Drafts::default(),
            locating: None,
            wear: &Wear::default(),
            turns: false,
            plan: None,
        };
        sheet.run(vec![], secs, |ui| {
            within(ui, rect(Vec2::ZERO, HANDLE_PX), |ui| {
                page::handle(ui, &shown);
            });
        });
        let stop = standing.or_else(|| visit.venue.stops.first().map(|it| &it.id));
        let letters = speech.0.letters(stop, LETTERS_MOST);
        sheet.rehearsal = Rehearsal::Letters(letters);
    }
    awake.again_in(BETWEEN_MILLIS);
}

/// Lays out the panel, or its handle.
pub(super) fn lay(
    mut sheet: ResMut<Sheet>,
    mut surface: ResMut<Surface>,
    mut laid: ResMut<Laid>,
    speech: Res<Speech>,
    panel: Option<Res<Panel>>,
    headset: Res<Headset>,
    visit: Res<Visit>,
    drafts: Res<Drafts>,
    locating: Res<Locating>,
    named: Res<Named>,
    whereabouts: Whereabouts,
    time: Res<Time<Real>>,
) {
    laid.asks.clear();
    if !sheet.has_letters {
        surface.show(None);
    }
    sheet.board = surface.board;
    sheet.hang(&named, &headset);
    if !sheet.has_letters || (surface.board.is_none() && named.0.is_none()) {
        *laid = Laid::default();
        return;
    }
    let shows_plan = panel.as_ref().is_some_and(|it| it.side == Side::Route);
    // One's own table is in no room.
    let plan = whereabouts.plan();
    let plan = plan.filter(|_| shows_plan && headset.thing.is_none());
    let seen = Seen {
        changed: [
            speech.last_changed(),
            visit.last_changed(),
            drafts.last_changed(),
            whereabouts.attention.last_changed(),
        ],
        side: panel
            .as_ref()
            .map(|it| (it.side, it.stop.clone(), it.scrolled.to_bits())),
        locating: locating.0.is_some(),
        wear: headset.wear.clone(),
        turns: headset.turns_by_press(),
        here: plan.map(|(_, here)| here),
        named: named.0.as_ref().map(|(says, _)| says.clone()),
    };
    let events = surface.events();
    if sheet.was.as_ref() != Some(&seen) {
        (sheet.was, sheet.passes) = (Some(seen), PASSES);
    }
    if !events.is_empty() {
        sheet.passes = sheet.passes.max(1);
    }
    if sheet.passes == 0 {
        return;
    }
    sheet.passes -= 1;
    let stop = panel.as_ref().and_then(|it| it.stop.as_ref());
    let shown = Shown {
        words: &speech.0,
        venue: &visit.venue,
        progress: visit.progress(),
        room: visit.room(),
        standing: whereabouts.attention.standing.as_ref(),
        checkpoint: stop.and_then(|it| visit.checkpoint(it)),
        drafts: &drafts,
        locating: locating.0.as_ref(),
        wear: &headset.wear,
        turns: headset.turns_by_press(),
        plan,
    };
    let size = if panel.is_some() { PANEL_PX } else { HANDLE_PX };
    let mut now = Laid::default();
    let mut label_px = egui::Vec2::ZERO;
    sheet.run(events, time.elapsed_secs_f64(), |ui| {
        let part = rect(Vec2::ZERO, size);
        now = within(ui, part, |ui| match &panel {
            Some(panel) => page::open(ui, panel, &shown),
            None => page::handle(ui, &shown),
        });
        if let Some((says, _)) = &named.0 {
            let part = rect(Vec2::Y * LABEL_TOP_PX, LABEL_PX);
            label_px = within(ui, part, |ui| look::plate(ui, says, LABEL_PX.x));
        }
    });
    sheet.label_px = Vec2::new(label_px.x, label_px.y);
    sheet.hang(&named, &headset);
    surface.over = now.presses.over;
    *laid = now;
}
