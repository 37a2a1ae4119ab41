//! Where panels stand: beside what one has come to see, at a distance at which eyes are at rest,
//! and never before it.

use bevy::{math::Vec3Swizzles, prelude::*};

use super::board::{Board, facing};
use crate::{
    journey::shortest,
    room::{
        Walls,
        ray::{Bounds, Ray},
    },
};

/// The panel, pixels.
pub(crate) const PANEL_PX: Vec2 = Vec2::new(1280.0, 940.0);
/// What is below it in the picture: the name of something, pixels.
pub(super) const LABEL_PX: Vec2 = Vec2::new(1280.0, 100.0);
/// Where that begins.
pub(crate) const LABEL_TOP_PX: f32 = PANEL_PX.y;
/// The whole picture, pixels.
pub(crate) const SHEET_PX: Vec2 = Vec2::new(PANEL_PX.x, PANEL_PX.y + LABEL_PX.y);
/// How far away a name is no larger than farther away, metres.
const LABEL_FAR_M: f32 = 9.0;
/// How far towards the eye it comes from what it names, so as not to stand in a wall.
const LABEL_NEARER: f32 = 0.9;
/// How far from the eye it stands where there is room, and where there is little; metres.
const FAR_M: f32 = 1.6;
const NEAR_M: f32 = 0.7;
/// And where hands touch it.
const TOUCH_M: f32 = 0.55;
/// How wide it is, in shares of its distance: words are as large from near as from far.
const WIDTH_SHARE: f32 = 0.94;
/// How far beside what it must not hide its middle is, degrees, besides half of what that takes.
const BESIDE_DEG: f32 = 30.0;
/// Ways to look for a place, from what it stands beside: the nearest that is free is taken.
const MORE_DEG: [f32; 4] = [0.0, 15.0, 30.0, 50.0];
/// How far below the eye its middle is, in shares of its distance.
const BELOW_SHARE: f32 = 0.06;
/// What it keeps from a wall, metres.
const CLEAR_M: f32 = 0.06;

/// The handle by which a panel is opened, pixels.
pub(crate) const HANDLE_PX: Vec2 = Vec2::new(620.0, 150.0);
/// Where it hovers: how far away, metres, and how far below the look ahead, degrees.
const HANDLE_FAR_M: f32 = 0.9;
const HANDLE_BELOW_DEG: f32 = 34.0;
/// How wide it is, in shares of its distance.
const HANDLE_WIDTH_SHARE: f32 = 0.467;
/// How far beside what it must not hide its middle is, degrees.
const HANDLE_BESIDE_DEG: f32 = 22.0;
/// Wider than this nothing is stepped aside for, degrees.
const WIDEST_DEG: f32 = 40.0;

/// How far from the eye a panel stands where there is room: within reach of who has hands to
/// touch it with.
pub(super) const fn far_m(touched: bool) -> f32 {
    if touched { TOUCH_M } else { FAR_M }
}

/// Where a panel stands for somebody at `eye` who looks along the compass `yaw`. It hides nothing
/// of a `thing` whose compass and half width in the view are given; all angles in radians.
pub(super) fn panel(
    eye: Vec3,
    yaw: f32,
    thing: Option<(f32, f32)>,
    walls: Option<&Walls>,
    far_m: f32,
) -> Board {
    let near_m = NEAR_M.min(far_m);
    let hides = |at: f32| {
        thing.is_some_and(|(thing, half_width)| {
            shortest(thing, at).abs() < half_width + BESIDE_DEG.to_radians() - 1e-4
        })
    };
    let beside = thing.map_or((yaw, 0.0), |(thing, half_width)| {
        (thing, half_width + BESIDE_DEG.to_radians())
    });
    let mut tries: Vec<f32> = MORE_DEG
        .into_iter()
        .flat_map(|more| {
            let more = more.to_radians();
            let (thing, least) = beside;
            [
                yaw + more,
                yaw - more,
                thing + least + more,
                thing - least - more,
            ]
        })
        .filter(|it| !hides(*it))
        .collect();
    tries.sort_by(|a, b| shortest(yaw, *a).abs().total_cmp(&shortest(yaw, *b).abs()));
    let mut best: Option<(f32, Board)> = None;
    for to in tries {
        let board = at(eye, to, far_m);
        let free = clear(eye, &board, walls, far_m);
        if free >= far_m {
            return board;
        }
        if best.as_ref().is_none_or(|(far, _)| free > *far + 0.15) {
            best = Some((free, at(eye, to, free.max(near_m))));
        }
    }
    best.map_or_else(|| at(eye, yaw, near_m), |(_, board)| board)
}

/// The compass of a thing as seen from `eye`, and half of its width in the view; radians.
pub(super) fn seen(eye: Vec3, thing: &Bounds) -> (f32, f32) {
    let to = thing.center() - eye;
    let far = to.xz().length().max(0.1);
    let half_width = (thing.radius() / far).atan();
    (
        (-to.x).atan2(-to.z),
        half_width.min(WIDEST_DEG.to_radians()),
    )
}

/// Where the handle hovers for somebody who looks along the compass `yaw`, beside a `thing`.
pub(super) fn handle(eye: Vec3, yaw: f32, thing: Option<(f32, f32)>, touched: bool) -> Board {
    let far_m = HANDLE_FAR_M.min(far_m(touched));
    let yaw = thing.map_or(yaw, |(thing, half_width)| {
        let off = shortest(thing, yaw);
        let least = half_width + HANDLE_BESIDE_DEG.to_radians();
        if off.abs() < least {
            thing + least.copysign(off)
        } else {
            yaw
        }
    });
    let look = Quat::from_euler(EulerRot::YXZ, yaw, -HANDLE_BELOW_DEG.to_radians(), 0.0);
    let center = eye + look * Vec3::NEG_Z * far_m;
    Board {
        center,
        rotation: facing(center, eye),
        size_m: HANDLE_PX * (HANDLE_WIDTH_SHARE * far_m / HANDLE_PX.x),
        size_px: HANDLE_PX,
    }
}

/// Where a name of so many pixels hovers above `place` for somebody at `eye`; its words are as high
/// as those of a panel.
pub(super) fn label(place: Vec3, eye: Vec3, size_px: Vec2) -> Board {
    let far_m = (place.distance(eye) * LABEL_NEARER).min(LABEL_FAR_M);
    let size_m = size_px * (WIDTH_SHARE * far_m / PANEL_PX.x);
    let center = eye + (place - eye) * LABEL_NEARER + Vec3::Y * size_m.y / 2.0;
    Board {
        center,
        rotation: facing(center, eye),
        size_m,
        size_px,
    }
}

fn at(eye: Vec3, yaw: f32, far_m: f32) -> Board {
    let ahead = Quat::from_rotation_y(yaw) * Vec3::NEG_Z;
    let center = eye + (ahead - Vec3::Y * BELOW_SHARE) * far_m;
    Board {
        center,
        rotation: facing(center, eye),
        size_m: PANEL_PX * (WIDTH_SHARE * far_m / PANEL_PX.x),
        size_px: PANEL_PX,
    }
}

/// How far away a board could stand in its direction without being in a wall; metres.
fn clear(eye: Vec3, board: &Board, walls: Option<&Walls>, far_m: f32) -> f32 {
    let Some(walls) = walls else { return far_m };
    let middle = board.center.distance(eye);
    let corners = board.corners();
    let sides = [0, 1, 2, 3].map(|i| corners[i].midpoint(corners[(i + 1) % 4]));
    let shares = corners.into_iter().chain(sides).chain([board.center]);
    let free = shares.map(|at| {
        let to = at - eye;
        let length = to.length();
        let ray = Ray {
            origin: eye,
            direction: to / length,
        };
        let wall = walls.0.first_hit(&ray, length + CLEAR_M);
        wall.map_or(middle, |(far, _)| middle * (far - CLEAR_M) / length)
    });
    free.fold(far_m, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        headset::words::look::{BODY_PX, CAPITAL_SHARE},
        room::solid::Solid,
    };

    const EYE: Vec3 = Vec3::new(0.0, 1.6, 0.0);

    /// A wall across the way, `far` metres along −Z.
    fn wall(far: f32) -> Walls {
        let at = |x: f32, y: f32| Vec3::new(x, y, -far);
        let [a, b, c, d] = [at(-9., 0.), at(9., 0.), at(9., 4.), at(-9., 4.)];
        Walls(Solid::of(&[[a, b, c], [a, c, d]]))
    }

    /// The least angle between the direction of `yaw` 0 and any corner of the board.
    fn nearest_deg(board: &Board) -> f32 {
        let angles = board.corners().map(|it| {
            let to = it - EYE;
            to.x.atan2(-to.z).abs().to_degrees()
        });
        angles.into_iter().fold(f32::MAX, f32::min)
    }

    #[test]
    fn body_text_is_at_least_a_degree_and_a_fifth_high() {
        let stands = [
            (None, FAR_M),
            (Some(wall(1.1)), FAR_M),
            (None, far_m(true)),
            (Some(wall(0.4)), far_m(true)),
        ];
        for (walls, far_m) in stands {
            let board = panel(EYE, 0.0, Some((0.0, 0.1)), walls.as_ref(), far_m);
            // The height of a capital letter; a Chinese character is higher.
            let high = board.height_deg(BODY_PX * CAPITAL_SHARE, EYE);
            assert!(high >= 1.2, "{high}");
        }
    }

    #[test]
    fn a_name_is_legible_and_above_what_it_names() {
        for far in [0.5, 2.0, 7.0] {
            let thing = EYE + Vec3::new(far, -0.1, 0.0);
            let board = label(thing, EYE, Vec2::new(400.0, 90.0));
            assert!(
                board.height_deg(BODY_PX * CAPITAL_SHARE, EYE) >= 1.19,
                "{far}"
            );
            let bottom = board.corners()[2] - EYE;
            assert!(bottom.y / bottom.x > -0.1 / far - 0.01, "{far}");
        }
    }

    #[test]
    fn a_panel_stands_beside_what_one_looks_at_and_faces_the_eye() {
        let board = panel(EYE, 0.0, Some((0.0, 0.12)), None, FAR_M);
        assert!(nearest_deg(&board) > 0.12f32.to_degrees(), "{board:?}");
        let to = (EYE - board.center).normalize();
        assert!((board.rotation * Vec3::Z).dot(to) > 0.999);
        assert!((board.center.distance(EYE) - FAR_M).abs() < 0.02);
    }

    #[test]
    fn a_panel_stands_before_a_wall_and_not_in_it() {
        let walls = wall(0.9);
        let board = panel(EYE, 0.0, Some((0.0, 0.1)), Some(&walls), FAR_M);
        assert!(board.corners().iter().all(|it| it.z > -0.9), "{board:?}");
    }

    #[test]
    fn the_handle_is_below_the_look_ahead_and_within_reach() {
        let board = handle(EYE, 1.0, None, false);
        assert!(board.center.y < EYE.y - 0.4);
        assert!(board.center.distance(EYE) < 1.0);
    }

    #[test]
    fn who_has_hands_can_touch_what_is_to_be_pressed() {
        for board in [
            handle(EYE, 0.0, None, true),
            panel(EYE, 0.0, None, None, far_m(true)),
        ] {
            let shoulder = EYE - Vec3::Y * 0.25;
            let far = board.corners().map(|it| it.distance(shoulder));
            assert!(far.into_iter().fold(0.0, f32::max) < 0.75, "{board:?}");
        }
    }

    #[test]
    fn the_handle_hides_nothing_of_what_one_has_come_to_see() {
        let board = handle(EYE, 0.1, Some((0.0, 0.3)), false);
        assert!(nearest_deg(&board) > 0.3f32.to_degrees(), "{board:?}");
    }
}
