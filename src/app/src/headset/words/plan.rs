//! The plan of the room: its floor as seen from above, the stops by their numbers, the doors, and
//! where the visitor stands and looks. A stop or a door on it leads there.

use bevy::{ecs::system::SystemParam, math::Vec3Swizzles, prelude::*};
use xinghuo_tour::{RoomId, StopId};

use super::{
    egui::{
        self, Align2, FontId, Rect, Sense, Stroke, Ui,
        epaint::{Mesh, PathShape},
        pos2, vec2,
    },
    look,
    page::{Laid, Shown},
    panel::Ask,
};
use crate::{
    eye::Eye,
    room::{DoorPlace, StopPlace},
    session::Attention,
    theme,
    walking::Navmesh,
};

/// The most that a plan takes of a page, and what a metre is at the most; pixels.
const HEIGHT_PX: f32 = 420.0;
const METRE_PX: f32 = 110.0;
/// A stop's disc, and how far the middles of two are from each other; pixels.
const DISC_PX: f32 = 36.0;
const APART_PX: f32 = 84.0;
/// A room of more stops than this has no plan, since their discs would not find room on it.
const MOST_STOPS: usize = 40;
/// How often discs that lie over each other are moved apart.
const TURNS: usize = 40;
const NUMBER_PX: f32 = 38.0;
const BORDER_PX: f32 = 4.0;
/// How exactly the plan knows where the visitor is, metres, and looks, radians: finer than anybody
/// sees, and coarse enough that standing still does not draw it anew.
const STEP_M: f32 = 0.2;
const STEP_RAD: f32 = 0.12;

/// A room as seen from above: metres to the right and downwards.
#[derive(Resource, Debug, Clone, PartialEq)]
pub(super) struct Plan {
    floor: Vec<[Vec2; 3]>,
    borders: Vec<[Vec2; 2]>,
    stops: Vec<(StopId, Vec2)>,
    doors: Vec<(RoomId, Vec2)>,
    from: Vec2,
    size: Vec2,
    /// Whether it lies on its side, so that what is long is broad.
    turned: bool,
}

/// Where the visitor is on the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Here {
    at: Vec2,
    toward: Vec2,
}

/// Where in the room the visitor is.
#[derive(SystemParam)]
pub(super) struct Whereabouts<'w> {
    pub(super) attention: Res<'w, Attention>,
    plan: Option<Res<'w, Plan>>,
    eye: Res<'w, Eye>,
}

impl Whereabouts<'_> {
    /// The plan of the room, and where on it they are.
    pub(super) fn plan(&self) -> Option<(&Plan, Here)> {
        let plan = self.plan.as_deref()?;
        Some((plan, plan.here(self.eye.position, self.eye.yaw)))
    }
}

impl Plan {
    fn new(floor: &Navmesh, stops: &[&StopPlace], doors: &[&DoorPlace]) -> Self {
        let corners: Vec<Vec2> = floor.seen_from_above().flatten().collect();
        let least = corners.iter().copied().reduce(Vec2::min);
        let most = corners.iter().copied().reduce(Vec2::max);
        let size = most.unwrap_or_default() - least.unwrap_or_default();
        let turned = size.y > size.x;
        let lay = |it: Vec2| laid(it, turned);
        let ends = [least, most].map(|it| lay(it.unwrap_or_default()));
        Self {
            floor: floor.seen_from_above().map(|it| it.map(lay)).collect(),
            borders: floor.borders().map(|it| it.map(lay)).collect(),
            stops: stops
                .iter()
                .map(|it| (it.stop.clone(), lay(it.spot.position.xz())))
                .collect(),
            doors: doors
                .iter()
                .map(|it| (it.to.clone(), lay(it.spot.position.xz())))
                .collect(),
            from: ends[0].min(ends[1]),
            size: lay(size).abs(),
            turned,
        }
    }

    fn can_be_read(&self) -> bool {
        self.size.min_element() > 0.0 && self.stops.len() <= MOST_STOPS
    }

    /// Where a visitor is on it who stands at `position` and looks by `yaw`, radians.
    pub(super) fn here(&self, position: Vec3, yaw: f32) -> Here {
        let at = (position.xz() / STEP_M).round() * STEP_M;
        let yaw = (yaw / STEP_RAD).round() * STEP_RAD;
        Here {
            at: laid(at, self.turned),
            toward: laid(Vec2::new(-yaw.sin(), -yaw.cos()), self.turned),
        }
    }
}

/// A quarter turn where the plan lies on its side.
fn laid(it: Vec2, turned: bool) -> Vec2 {
    if turned { Vec2::new(it.y, -it.x) } else { it }
}

/// Draws up the plan of a room that has just been entered.
pub(super) fn draw_up(
    mut commands: Commands,
    floor: Res<Navmesh>,
    stops: Query<&StopPlace>,
    doors: Query<&DoorPlace>,
) {
    let stops: Vec<_> = stops.iter().collect();
    let doors: Vec<_> = doors.iter().collect();
    commands.insert_resource(Plan::new(&floor, &stops, &doors));
}

/// Moves discs apart that lie over each other, and keeps them within `most`.
fn spread(discs: &mut [Vec2], most: Vec2) {
    for _ in 0..TURNS {
        let mut moved = false;
        for i in 0..discs.len() {
            for j in i + 1..discs.len() {
                let between = discs[j] - discs[i];
                let short = APART_PX - between.length();
                if short > 0.5 {
                    let by = between.try_normalize().unwrap_or(Vec2::X) * short / 2.0;
                    discs[i] -= by;
                    discs[j] += by;
                    moved = true;
                }
            }
        }
        let (least, most) = (Vec2::splat(DISC_PX), most - Vec2::splat(DISC_PX));
        for it in discs.iter_mut() {
            *it = it.clamp(least, most.max(least));
        }
        if !moved {
            break;
        }
    }
}

/// The plan on a page.
struct Chart<'a> {
    plan: &'a Plan,
    part: Rect,
    metre_px: f32,
}

impl Chart<'_> {
    fn at(&self, it: Vec2) -> egui::Pos2 {
        let it = (it - self.plan.from) * self.metre_px;
        let room = self.part.size() - px(self.plan.size * self.metre_px);
        self.part.min + room / 2.0 + px(it)
    }

    fn floor(&self, ui: &Ui) {
        let mut mesh = Mesh::default();
        let ground = look::color(theme::PANEL_PRESS);
        for triangle in &self.plan.floor {
            let first = mesh.vertices.len() as u32;
            for corner in triangle {
                mesh.colored_vertex(self.at(*corner), ground);
            }
            mesh.add_triangle(first, first + 1, first + 2);
        }
        ui.painter().add(egui::Shape::mesh(mesh));
        let stroke = Stroke::new(BORDER_PX, look::color(theme::PANEL_FAINT));
        for border in &self.plan.borders {
            ui.painter()
                .line_segment(border.map(|it| self.at(it)), stroke);
        }
    }

    fn here(&self, ui: &Ui, here: Here) {
        let at = self.at(here.at);
        let ahead = px(here.toward);
        let aside = vec2(-ahead.y, ahead.x);
        let points = [(26.0, 0.0), (-16.0, 17.0), (-8.0, 0.0), (-16.0, -17.0)];
        // The notch makes it hollow, which is filled as two halves.
        let corner = |(x, y): (f32, f32)| at + ahead * x + aside * y;
        let edge = Stroke::new(BORDER_PX, look::color(theme::PAPER));
        for half in [[0, 1, 2], [0, 2, 3]] {
            let half = half.map(|it| corner(points[it])).to_vec();
            ui.painter()
                .add(PathShape::convex_polygon(half, look::ink(), Stroke::NONE));
        }
        let whole = points.map(corner).to_vec();
        ui.painter().add(PathShape::closed_line(whole, edge));
    }
}

fn px(it: Vec2) -> egui::Vec2 {
    vec2(it.x, it.y)
}

/// Lays out the plan with all that can be pressed on it.
pub(super) fn lay(ui: &mut Ui, shown: &Shown<'_>, laid: &mut Laid) {
    let Some((plan, here)) = shown.plan.filter(|(plan, _)| plan.can_be_read()) else {
        return;
    };
    let margin = 2.0 * DISC_PX;
    let room = Vec2::new(ui.available_width(), HEIGHT_PX) - margin;
    let metre_px = (room / plan.size).min_element().min(METRE_PX);
    let size = vec2(ui.available_width(), plan.size.y * metre_px + margin);
    let (part, _) = ui.allocate_exact_size(size, Sense::hover());
    let chart = Chart {
        plan,
        part,
        metre_px,
    };
    chart.floor(ui);
    let words = shown.words;
    for (to, at) in &plan.doors {
        let at = chart.at(*at);
        let says = words.text(format!("room.{to}.title"));
        let part = Rect::from_center_size(at, egui::Vec2::splat(look::PRESS_PX));
        let (pressed, over) = look::press_part(ui, &mut laid.presses, part, &says, true);
        door(ui, at, over);
        if pressed {
            laid.asks.push(Ask::GoInto(to.clone()));
        }
    }
    let within = Vec2::new(part.width(), part.height());
    let places = plan.stops.iter().map(|(_, it)| chart.at(*it) - part.min);
    let places: Vec<_> = places.map(|it| Vec2::new(it.x, it.y)).collect();
    let mut discs = places.clone();
    spread(&mut discs, within);
    for ((stop, _), (place, disc)) in plan.stops.iter().zip(places.into_iter().zip(discs)) {
        let (place, at) = (part.min + px(place), part.min + px(disc));
        ui.painter()
            .line_segment([place, at], Stroke::new(BORDER_PX, look::soft()));
        let says = words.title(stop);
        let standing = shown.standing == Some(stop);
        let part = Rect::from_center_size(at, egui::Vec2::splat(look::PRESS_PX));
        let (pressed, over) = look::press_part(ui, &mut laid.presses, part, &says, !standing);
        disc_of(ui, at, stop, shown, over || standing);
        if pressed {
            laid.asks.push(Ask::GoTo(stop.clone()));
        }
    }
    chart.here(ui, here);
}

fn disc_of(ui: &Ui, at: egui::Pos2, stop: &StopId, shown: &Shown<'_>, ringed: bool) {
    let of = |it: &&xinghuo_tour::StopProgress| it.stop == *stop;
    let done = shown
        .progress
        .stops
        .iter()
        .find(of)
        .is_some_and(|it| it.done);
    let (fill, ink) = if done {
        (theme::LANTERN_DONE, look::color(theme::PAPER))
    } else {
        (theme::LANTERN_OPEN, look::ink())
    };
    let number = shown.venue.stops.iter().position(|it| it.id == *stop);
    let number = number.map(|it| (it + 1).to_string()).unwrap_or_default();
    let painter = ui.painter();
    painter.circle_filled(at, DISC_PX, look::color(fill));
    if ringed {
        let ring = Stroke::new(2.0 * BORDER_PX, look::ink());
        painter.circle_stroke(at, DISC_PX, ring);
    }
    let font = FontId::proportional(NUMBER_PX);
    painter.text(at, Align2::CENTER_CENTER, number, font, ink);
}

fn door(ui: &Ui, at: egui::Pos2, over: bool) {
    let frame = Rect::from_center_size(at, vec2(34.0, 46.0));
    let color = look::color(if over {
        theme::PANEL_PRESSED
    } else {
        theme::DOOR_SIGN
    });
    let painter = ui.painter();
    painter.rect_filled(frame, 3, color);
    let knob = pos2(frame.right() - 9.0, frame.center().y);
    painter.circle_filled(knob, 4.0, look::color(theme::PAPER));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A floor from the corner (2, 1), so many metres wide and deep.
    fn floor(wide: f32, deep: f32) -> Navmesh {
        let at = |x: f32, z: f32| Vec3::new(2.0 + x, 0.0, 1.0 + z);
        let [a, b, c, d] = [at(0.0, 0.0), at(wide, 0.0), at(wide, deep), at(0.0, deep)];
        Navmesh::new(&[[a, b, c], [a, c, d]])
    }

    #[test]
    fn a_room_is_seen_from_above_and_its_floor_has_borders_only_at_its_sides() {
        let plan = Plan::new(&floor(6.0, 3.0), &[], &[]);
        assert_eq!(
            (plan.from, plan.size),
            (Vec2::new(2.0, 1.0), Vec2::new(6.0, 3.0))
        );
        assert_eq!((plan.floor.len(), plan.borders.len()), (2, 4));
    }

    #[test]
    fn what_is_long_lies_on_its_side_and_left_stays_left() {
        let plan = Plan::new(&floor(3.0, 6.0), &[], &[]);
        assert_eq!(plan.size, Vec2::new(6.0, 3.0));
        // Whoever looks along −Z and then along −X has turned to the left, on the plan too.
        let ahead = plan.here(Vec3::ZERO, 0.0).toward;
        let left = plan.here(Vec3::ZERO, std::f32::consts::FRAC_PI_2).toward;
        // To the left is against the clock, which downwards counted is negative.
        assert!(ahead.perp_dot(left) < -0.9, "{ahead} {left}");
        let within = plan.here(Vec3::new(2.0, 0.0, 1.0), 0.0).at;
        assert!(within.cmpge(plan.from - 0.01).all(), "{within}");
        assert!(within.cmple(plan.from + plan.size + 0.01).all(), "{within}");
    }

    #[test]
    fn whoever_stands_still_does_not_move_on_the_plan() {
        let plan = Plan::new(&floor(6.0, 3.0), &[], &[]);
        let here = plan.here(Vec3::new(3.0, 0.0, 2.0), 0.5);
        assert_eq!(here, plan.here(Vec3::new(3.03, 0.1, 1.96), 0.51));
        assert_ne!(here, plan.here(Vec3::new(3.4, 0.0, 2.0), 0.5));
    }

    #[test]
    fn discs_do_not_lie_over_each_other_nor_beyond_the_page() {
        let mut discs = [
            Vec2::splat(200.0),
            Vec2::splat(200.0),
            Vec2::new(210.0, 200.0),
        ];
        spread(&mut discs, Vec2::new(1000.0, 400.0));
        for (i, a) in discs.iter().enumerate() {
            assert!(a.cmpge(Vec2::splat(DISC_PX - 0.1)).all(), "{a}");
            for b in &discs[i + 1..] {
                assert!(a.distance(*b) > APART_PX - 2.0, "{a} {b}");
            }
        }
    }
}
