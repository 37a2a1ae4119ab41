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
/// How far from the eye it stands where there is room, and where there is little; metres.
const FAR_M: f32 = 1.6;
const NEAR_M: f32 = 0.7;
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
const HANDLE_WIDTH_M: f32 = 0.42;
/// How far beside what it must not hide its middle is, degrees.
const HANDLE_BESIDE_DEG: f32 = 22.0;
/// Wider than this nothing is stepped aside for, degrees.
const WIDEST_DEG: f32 = 40.0;

/// Where a panel stands for somebody at `eye` who looks along the compass `yaw`. It hides nothing
/// of a `thing` whose compass and half width in the view are given; all angles in radians.
pub(super) fn panel(
    eye: Vec3,
    yaw: f32,
    thing: Option<(f32, f32)>,
    walls: Option<&Walls>,
) -> Board {
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
        let board = at(eye, to, FAR_M);
        let free = clear(eye, &board, walls);
        if free >= FAR_M {
            return board;
        }
        if best.as_ref().is_none_or(|(far, _)| free > *far + 0.15) {
            best = Some((free, at(eye, to, free.max(NEAR_M))));
        }
    }
    best.map_or_else(|| at(eye, yaw, NEAR_M), |(_, board)| board)
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
pub(super) fn handle(eye: Vec3, yaw: f32, thing: Option<(f32, f32)>) -> Board {
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
    let center = eye + look * Vec3::NEG_Z * HANDLE_FAR_M;
    Board {
        center,
        rotation: facing(center, eye),
        size_m: HANDLE_PX * (HANDLE_WIDTH_M / HANDLE_PX.x),
        size_px: HANDLE_PX,
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
fn clear(eye: Vec3, board: &Board, walls: Option<&Walls>) -> f32 {
    let Some(walls) = walls else { return FAR_M };
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
    free.fold(FAR_M, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        headset::words::look::{BODY_PX, CAPITAL_SHARE},
        room::solid::{Solid, Triangle},
    };

    const EYE: Vec3 = Vec3::new(0.0, 1.6, 0.0);

    /// A wall across the way, `far` metres along −Z.
    fn wall(far: f32) -> Walls {
        let at = |x: f32, y: f32| Vec3::new(x, y, -far);
        let [a, b, c, d] = [at(-9., 0.), at(9., 0.), at(9., 4.), at(-9., 4.)];
        let triangles = [[a, b, c], [a, c, d]].map(|corners| Triangle {
            corners,
            artifact: None,
        });
        Walls(Solid::new(triangles.into()))
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
        for walls in [None, Some(wall(1.1))] {
            let board = panel(EYE, 0.0, Some((0.0, 0.1)), walls.as_ref());
            // The height of a capital letter; a Chinese character is higher.
            let high = board.height_deg(BODY_PX * CAPITAL_SHARE, EYE);
            assert!(high >= 1.2, "{high}");
        }
    }

    #[test]
    fn a_panel_stands_beside_what_one_looks_at_and_faces_the_eye() {
        let board = panel(EYE, 0.0, Some((0.0, 0.12)), None);
        assert!(nearest_deg(&board) > 0.12f32.to_degrees(), "{board:?}");
        let to = (EYE - board.center).normalize();
        assert!((board.rotation * Vec3::Z).dot(to) > 0.999);
        assert!((board.center.distance(EYE) - FAR_M).abs() < 0.02);
    }

    #[test]
    fn a_panel_stands_before_a_wall_and_not_in_it() {
        let board = panel(EYE, 0.0, Some((0.0, 0.1)), Some(&wall(0.9)));
        assert!(board.corners().iter().all(|it| it.z > -0.9), "{board:?}");
    }

    #[test]
    fn the_handle_is_below_the_look_ahead_and_within_reach() {
        let board = handle(EYE, 1.0, None);
        assert!(board.center.y < EYE.y - 0.4);
        assert!(board.center.distance(EYE) < 1.0);
    }

    #[test]
    fn the_handle_hides_nothing_of_what_one_has_come_to_see() {
        let board = handle(EYE, 0.1, Some((0.0, 0.3)));
        assert!(nearest_deg(&board) > 0.3f32.to_degrees(), "{board:?}");
    }
}
