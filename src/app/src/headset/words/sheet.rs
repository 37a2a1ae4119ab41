//! What is written on the board: laid out by `egui` whenever something of it changes, and handed
//! to whoever paints it.

use std::sync::{Arc, Mutex};

use bevy::prelude::*;
use xinghuo_tour::{CheckpointPanel, Progress, StopId};

use super::{
    Speech, Surface,
    board::Board,
    egui::{
        self, ClippedPrimitive, Context, FontData, FontDefinitions, FontFamily, RawInput, Rect,
        TexturesDelta, pos2,
    },
    page::{self, Laid, Shown},
    panel::{Drafts, Panel, Side},
    place::{HANDLE_PX, PANEL_PX},
    table::Words,
};
use crate::{
    headset::{Headset, Wear},
    locate::Locating,
    message::{Message as ToPage, Outgoing, PressView},
    session::{Attention, Visit},
};

/// How often a page is laid out after a change, so that what depends on itself comes to rest.
const PASSES: u32 = 3;
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
    painted: Mutex<Option<Painted>>,
    was: Option<Seen>,
    told: Vec<PressView>,
    passes: u32,
}

/// All that a page depends on, but for what touches it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    words: Words,
    side: Option<(Side, Option<StopId>, u32)>,
    progress: Progress,
    checkpoint: Option<CheckpointPanel>,
    drafts: Drafts,
    standing: Option<StopId>,
    locating: bool,
    wear: Wear,
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
        let data = FontData::from_owned(font.to_vec());
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
    }

    fn run(
        &mut self,
        size: Vec2,
        events: Vec<egui::Event>,
        secs: f64,
        lay: impl FnMut(&mut egui::Ui),
    ) {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(
                pos2(0.0, 0.0),
                egui::vec2(size.x, size.y),
            )),
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
}

/// Tells the page what can be pressed, and where in the room that is.
pub(super) fn tell(mut sheet: ResMut<Sheet>, laid: Res<Laid>, mut outgoing: ResMut<Outgoing>) {
    let board = sheet.board;
    let views = laid.presses.all.iter().filter_map(|(says, at)| {
        let [left, right, _, below] = board?.corners();
        let share = Vec2::new(at.x, at.y) / board?.size_px;
        let position = left + (right - left) * share.x + (below - left) * share.y;
        Some(PressView {
            says: says.clone(),
            position: position.to_array(),
        })
    });
    let presses: Vec<_> = views.collect();
    if presses != sheet.told {
        sheet.told.clone_from(&presses);
        outgoing.send(ToPage::Panel { presses });
    }
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
    attention: Res<Attention>,
    drafts: Res<Drafts>,
    locating: Res<Locating>,
    time: Res<Time<Real>>,
) {
    laid.asks.clear();
    if !sheet.has_letters {
        surface.show(None);
    }
    sheet.board = surface.board;
    if surface.board.is_none() {
        *laid = Laid::default();
        return;
    }
    let stop = panel.as_ref().and_then(|it| it.stop.as_ref());
    let checkpoint = stop.and_then(|it| visit.checkpoint(it));
    let seen = Seen {
        words: speech.0.clone(),
        side: panel
            .as_ref()
            .map(|it| (it.side, it.stop.clone(), it.scrolled.to_bits())),
        progress: visit.progress().clone(),
        checkpoint: checkpoint.clone(),
        drafts: drafts.clone(),
        standing: attention.standing.clone(),
        locating: locating.0.is_some(),
        wear: headset.wear.clone(),
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
    let shown = Shown {
        words: &speech.0,
        venue: &visit.venue,
        progress: visit.progress(),
        room: visit.room(),
        standing: attention.standing.as_ref(),
        checkpoint,
        drafts: &drafts,
        locating: locating.0.as_ref(),
        wear: &headset.wear,
    };
    let size = if panel.is_some() { PANEL_PX } else { HANDLE_PX };
    let mut now = Laid::default();
    sheet.run(size, events, time.elapsed_secs_f64(), |ui| {
        now = match &panel {
            Some(panel) => page::open(ui, panel, &shown),
            None => page::handle(ui, &shown),
        };
    });
    surface.over = now.presses.over;
    *laid = now;
}
