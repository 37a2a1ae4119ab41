//! How panels look: sizes, colours, and the few things that they are made of.

use std::sync::Arc;

use bevy::color::Srgba;

use super::egui::{
    self, Align, Color32, FontId, Galley, Id, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui,
    Vec2, pos2,
    text::{LayoutJob, TextFormat},
    vec2,
};
use crate::theme;

/// The size of body text, pixels of the panel.
pub(super) const BODY_PX: f32 = 40.0;
/// The height of a capital letter in Noto Sans SC, in shares of that size.
#[cfg(test)]
pub(super) const CAPITAL_SHARE: f32 = 0.733;

const HEADING_PX: f32 = 46.0;
const TITLE_PX: f32 = 58.0;
/// The line below a title.
const RULE_PX: Vec2 = vec2(120.0, 5.0);
/// Over how much of a page its words fade where they go on.
const FADE_PX: f32 = 56.0;
const LINE: f32 = 1.45;
/// Nothing that can be pressed is lower than this, pixels.
pub(super) const PRESS_PX: f32 = 84.0;
const ROUND: u8 = 14;
const PAD: Vec2 = vec2(26.0, 16.0);
/// How large the drawn signs are, pixels.
const SIGN_PX: f32 = 18.0;
const STROKE_PX: f32 = 5.0;

/// Marks that must not begin a line.
const CLOSING: &str = "，。、；：？！”’）》」』…—·,.;:?!)";

/// A colour of the theme, as egui has it.
pub(super) fn color(it: Srgba) -> Color32 {
    let [r, g, b] = [it.red, it.green, it.blue].map(|part| (part * 255.0).round() as u8);
    Color32::from_rgb(r, g, b)
}

pub(super) fn ink() -> Color32 {
    color(theme::BLINK)
}

pub(super) fn soft() -> Color32 {
    color(theme::PANEL_SOFT)
}

/// A sign that is drawn, so that no font need have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    None,
    /// One of several is chosen, or not.
    One(bool),
    /// Chosen among several, or not.
    Some(bool),
    Done,
    Here,
    Up,
    Down,
    Left,
    Right,
    Cross,
}

/// What can be pressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Press {
    pub(super) sign: Sign,
    /// Stands out from the others.
    pub(super) first: bool,
    pub(super) enabled: bool,
    /// As wide as there is room; else as wide as its words.
    pub(super) wide: bool,
    /// The most lines that it says.
    pub(super) lines: usize,
}

impl Press {
    pub(super) const WIDE: Self = Self {
        sign: Sign::None,
        first: false,
        enabled: true,
        wide: true,
        lines: usize::MAX,
    };
    pub(super) const SMALL: Self = Self {
        wide: false,
        ..Self::WIDE
    };

    pub(super) const fn with(self, sign: Sign) -> Self {
        Self { sign, ..self }
    }

    pub(super) const fn first(self, first: bool) -> Self {
        Self { first, ..self }
    }

    pub(super) const fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }
}

/// What can be pressed, and which of it a ray or a look is over.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Presses {
    pub(super) over: Option<Id>,
    /// Those in view: what each says or does, and its middle in pixels.
    pub(super) all: Vec<(String, Pos2)>,
}

impl Presses {
    /// What is cut off in the middle is not offered: a finger that trembles would miss it.
    fn offer(&mut self, ui: &Ui, says: &str, part: Rect) {
        let offered = ui.clip_rect().shrink2(vec2(0.0, FADE_PX / 2.0));
        if offered.contains(part.center()) {
            self.all.push((says.to_owned(), part.center()));
        }
    }
}

/// Lays out text of a size to a width; of more than so many `lines` it is cut short.
fn set(
    ui: &Ui,
    text: &str,
    (size_px, color): (f32, Color32),
    width: f32,
    lines: usize,
) -> Arc<Galley> {
    let job = |text: String| {
        let format = TextFormat {
            font_id: FontId::proportional(size_px),
            line_height: Some((size_px * LINE).round()),
            color,
            valign: Align::Center,
            ..TextFormat::default()
        };
        let mut job = LayoutJob::single_section(text, format);
        job.wrap.max_width = width;
        job.wrap.max_rows = lines;
        job
    };
    let mut text = text.to_owned();
    // What closes a sentence stays with it: a line that would begin with it begins a character
    // earlier. Each turn mends one line.
    for _ in 0..60 {
        let galley = ui.painter().layout_job(job(text.clone()));
        let Some(mended) = mended(&galley) else {
            return galley;
        };
        text = mended;
    }
    ui.painter().layout_job(job(text))
}

/// The text with a break before the last character of the line above the first line that begins
/// with what should not.
fn mended(galley: &Galley) -> Option<String> {
    let mut from = 0;
    let text = galley.text();
    let mut before = None;
    for row in &galley.rows {
        let count = row.row.glyphs.len() + usize::from(row.ends_with_newline);
        let first = text.chars().nth(from);
        if before == Some(false) && first.is_some_and(|it| CLOSING.contains(it)) && from >= 2 {
            let cut = text.char_indices().nth(from - 1)?.0;
            return Some(format!("{}\n{}", &text[..cut], &text[cut..]));
        }
        from += count;
        before = Some(row.ends_with_newline);
    }
    None
}

/// A paragraph.
pub(super) fn paragraph(ui: &mut Ui, text: &str, color: Color32) {
    sized(ui, text, BODY_PX, color);
}

/// What a page is about, with a line below it.
pub(super) fn title(ui: &mut Ui, text: &str) {
    sized(ui, text, TITLE_PX, ink());
    let (rect, _) = ui.allocate_exact_size(RULE_PX, Sense::hover());
    ui.painter()
        .rect_filled(rect, 2, color(theme::LANTERN_DONE));
}

/// A heading.
pub(super) fn heading(ui: &mut Ui, text: &str) {
    sized(ui, text, HEADING_PX, ink());
}

/// Has what goes on above or below a part of the page fade there, so that no line is cut in two.
pub(super) fn fade(ui: &Ui, part: Rect, (above, below): (bool, bool)) {
    let paper = color(theme::PAPER);
    let clear = Color32::from_rgba_premultiplied(0, 0, 0, 0);
    let mut mesh = egui::Mesh::default();
    let mut strip = |from: f32, to: f32| {
        let first = mesh.vertices.len() as u32;
        for (y, color) in [(from, paper), (to, clear)] {
            mesh.colored_vertex(pos2(part.left(), y), color);
            mesh.colored_vertex(pos2(part.right(), y), color);
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 1, first + 2, first + 3);
    };
    if above {
        strip(part.top(), part.top() + FADE_PX);
    }
    if below {
        strip(part.bottom(), part.bottom() - FADE_PX);
    }
    ui.painter().add(egui::Shape::mesh(mesh));
}

fn sized(ui: &mut Ui, text: &str, size_px: f32, color: Color32) {
    let galley = set(ui, text, (size_px, color), ui.available_width(), usize::MAX);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, color);
}

/// One line on a plate as large as it needs, at the top left; how large that is.
pub(super) fn plate(ui: &Ui, text: &str, most: f32) -> Vec2 {
    let galley = set(ui, text, (BODY_PX, ink()), most - 2.0 * PAD.x, 1);
    let at = ui.max_rect().min;
    let rect = Rect::from_min_size(at, galley.size() + 2.0 * PAD);
    ui.painter().rect_filled(rect, ROUND, color(theme::PAPER));
    ui.painter().galley(at + PAD, galley, ink());
    rect.size()
}

/// A note on ground of its own; `edge` is the colour at its side.
pub(super) fn note(ui: &mut Ui, edge: Color32, add: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let ground = ui.painter().add(egui::Shape::Noop);
    let inner = Rect::from_min_size(
        ui.cursor().min + PAD,
        vec2(width - 2.0 * PAD.x, f32::INFINITY),
    );
    let mut below = ui.new_child(egui::UiBuilder::new().max_rect(inner));
    add(&mut below);
    let rect = below.min_rect().expand2(PAD);
    let rect = Rect::from_min_size(ui.cursor().min, vec2(width, rect.height()));
    let side = Rect::from_min_size(rect.min, vec2(8.0, rect.height()));
    ui.painter().set(
        ground,
        egui::Shape::rect_filled(rect, ROUND, color(theme::PANEL_NOTE)),
    );
    ui.painter().rect_filled(side, 0, edge);
    ui.allocate_rect(rect, Sense::hover());
}

/// Something to press that shows a sign alone, and what it does; whether it was.
pub(super) fn press_sign(ui: &mut Ui, presses: &mut Presses, does: &str, how: Press) -> bool {
    press_that(ui, presses, ("", does), how)
}

/// Something to press; whether it was.
pub(super) fn press(ui: &mut Ui, presses: &mut Presses, text: &str, how: Press) -> bool {
    press_that(ui, presses, (text, text), how)
}

fn press_that(ui: &mut Ui, presses: &mut Presses, (text, says): (&str, &str), how: Press) -> bool {
    let signed = how.sign != Sign::None;
    let left = if signed && !text.is_empty() {
        58.0
    } else {
        0.0
    };
    let room = ui.available_width() - 2.0 * PAD.x - left;
    let ink = if !how.enabled {
        color(theme::PANEL_FAINT)
    } else if how.first {
        color(theme::PAPER)
    } else {
        ink()
    };
    let galley = set(ui, text, (BODY_PX, ink), room, how.lines);
    let width = if how.wide {
        ui.available_width()
    } else {
        (galley.size().x + 2.0 * PAD.x + left).max(PRESS_PX)
    };
    let height = (galley.size().y + 2.0 * PAD.y).max(PRESS_PX);
    let sense = if how.enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    ground(ui, rect, &response, how);
    let at = if text.is_empty() {
        rect.center()
    } else {
        pos2(rect.left() + PAD.x + SIGN_PX, rect.center().y)
    };
    draw(ui, at, how.sign, ink);
    let centered = !signed && (how.first || !how.wide);
    let x = if centered {
        rect.center().x - galley.size().x / 2.0
    } else {
        rect.left() + PAD.x + left
    };
    let y = rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(pos2(x, y), galley, ink);
    if how.enabled && response.hovered() {
        presses.over = Some(response.id);
    }
    if how.enabled {
        presses.offer(ui, says, rect);
    }
    how.enabled && response.clicked()
}

/// A part of the page that can be pressed, whatever is drawn there; whether it was, and whether a ray
/// or a look is over it.
pub(super) fn press_part(
    ui: &Ui,
    presses: &mut Presses,
    part: Rect,
    says: &str,
    enabled: bool,
) -> (bool, bool) {
    let id = ui.id().with(("part", says));
    let sense = if enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(part, id, sense);
    if !enabled {
        return (false, false);
    }
    if response.hovered() {
        presses.over = Some(id);
    }
    presses.offer(ui, says, part);
    (response.clicked(), response.hovered())
}

fn ground(ui: &Ui, rect: Rect, response: &Response, how: Press) {
    let over = how.enabled && response.hovered();
    let fill = match (how.first && how.enabled, over) {
        (true, false) => color(theme::LANTERN_DONE),
        (true, true) => color(theme::PANEL_PRESSED),
        (false, true) => color(theme::LANTERN_OPEN),
        (false, false) => color(theme::PANEL_PRESS),
    };
    ui.painter().rect_filled(rect, ROUND, fill);
    if over {
        let stroke = Stroke::new(STROKE_PX, color(theme::LANTERN_DONE));
        ui.painter()
            .rect_stroke(rect, ROUND, stroke, StrokeKind::Inside);
    }
}

fn draw(ui: &Ui, at: Pos2, sign: Sign, ink: Color32) {
    let painter = ui.painter();
    let stroke = Stroke::new(STROKE_PX, ink);
    let line = |points: &[(f32, f32)]| {
        let points = points.iter().map(|(x, y)| at + vec2(*x, *y) * SIGN_PX);
        painter.line(points.collect(), stroke);
    };
    match sign {
        Sign::None => {}
        Sign::One(chosen) => {
            painter.circle_stroke(at, SIGN_PX, stroke);
            if chosen {
                painter.circle_filled(at, SIGN_PX * 0.55, ink);
            }
        }
        Sign::Some(chosen) => {
            let rect = Rect::from_center_size(at, Vec2::splat(2.0 * SIGN_PX));
            painter.rect_stroke(rect, 4, stroke, StrokeKind::Middle);
            if chosen {
                line(&[(-0.55, 0.0), (-0.1, 0.5), (0.6, -0.5)]);
            }
        }
        Sign::Done => line(&[(-0.8, 0.0), (-0.2, 0.65), (0.9, -0.7)]),
        Sign::Here => {
            painter.circle_filled(at, SIGN_PX * 0.6, ink);
        }
        Sign::Up => line(&[(-0.8, 0.45), (0.0, -0.45), (0.8, 0.45)]),
        Sign::Down => line(&[(-0.8, -0.45), (0.0, 0.45), (0.8, -0.45)]),
        Sign::Left => line(&[(0.45, -0.8), (-0.45, 0.0), (0.45, 0.8)]),
        Sign::Right => line(&[(-0.45, -0.8), (0.45, 0.0), (-0.45, 0.8)]),
        Sign::Cross => {
            line(&[(-0.7, -0.7), (0.7, 0.7)]);
            line(&[(-0.7, 0.7), (0.7, -0.7)]);
        }
    }
}
