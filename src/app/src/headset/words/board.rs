//! The board on which words stand in the room, and where on it a ray meets it.

use bevy::prelude::*;

use crate::room::ray::Ray;

/// A rectangle in the world, seen from its +Z side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Board {
    /// Its middle.
    pub(crate) center: Vec3,
    pub(crate) rotation: Quat,
    /// Width and height, metres.
    pub(crate) size_m: Vec2,
    /// Width and height, pixels of what is painted on it.
    pub(crate) size_px: Vec2,
}

impl Board {
    /// Where a ray meets its front: how far, and at which pixel from its top left.
    pub(super) fn meets(&self, ray: &Ray) -> Option<(f32, Vec2)> {
        let inverse = self.rotation.inverse();
        let from = inverse * (ray.origin - self.center);
        let along = inverse * ray.direction;
        if along.z > -1e-4 || from.z <= 0.0 {
            return None;
        }
        let far = from.z / -along.z;
        let share = (from + along * far).truncate() / self.size_m;
        let within = share.abs().max_element() <= 0.5;
        within.then(|| (far, Vec2::new(share.x + 0.5, 0.5 - share.y) * self.size_px))
    }

    /// How far before its front something at `place` is, over which pixel, and where on the board
    /// that is; nothing beside it.
    pub(super) fn near(&self, place: Vec3) -> Option<(f32, Vec2, Vec3)> {
        let from = self.rotation.inverse() * (place - self.center);
        let share = from.truncate() / self.size_m;
        let at = Vec2::new(share.x + 0.5, 0.5 - share.y) * self.size_px;
        let on = self.center + self.rotation * from.with_z(0.0);
        (share.abs().max_element() <= 0.5).then_some((from.z, at, on))
    }

    /// Its corners: top left, top right, bottom right, bottom left.
    pub(crate) fn corners(&self) -> [Vec3; 4] {
        [(-0.5, 0.5), (0.5, 0.5), (0.5, -0.5), (-0.5, -0.5)].map(|(x, y)| {
            let at = self.size_m * Vec2::new(x, y);
            self.center + self.rotation * at.extend(0.0)
        })
    }

    /// How high `px` of its pixels are to an eye at `eye`, degrees.
    #[cfg(test)]
    pub(super) fn height_deg(&self, px: f32, eye: Vec3) -> f32 {
        let metres = px * self.size_m.y / self.size_px.y;
        let far = self.center.distance(eye);
        2.0 * (metres / 2.0 / far).atan().to_degrees()
    }
}

/// Which way something at `at` is to be turned so that it faces somebody at `eye`.
pub(super) fn facing(at: Vec3, eye: Vec3) -> Quat {
    let toward = (eye - at).normalize_or(Vec3::Z);
    Transform::IDENTITY.looking_to(-toward, Vec3::Y).rotation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Board {
        let center = Vec3::new(1.0, 1.5, -2.0);
        Board {
            center,
            rotation: facing(center, Vec3::new(0.0, 1.6, 0.0)),
            size_m: Vec2::new(1.5, 1.1),
            size_px: Vec2::new(1280.0, 940.0),
        }
    }

    fn ray_to(at: Vec3) -> Ray {
        let origin = Vec3::new(0.0, 1.6, 0.0);
        Ray {
            origin,
            direction: (at - origin).normalize(),
        }
    }

    #[test]
    fn a_ray_meets_the_pixel_that_it_points_at() {
        let board = board();
        let [top_left, _, bottom_right, _] = board.corners();
        for (share, pixel) in [
            (0.1, Vec2::new(128.0, 94.0)),
            (0.5, Vec2::new(640.0, 470.0)),
        ] {
            let at = top_left.lerp(bottom_right, share);
            let (far, met) = board.meets(&ray_to(at)).expect("it is met");
            assert!(met.distance(pixel) < 0.5, "{met}");
            assert!((far - at.distance(Vec3::new(0.0, 1.6, 0.0))).abs() < 1e-3);
        }
    }

    #[test]
    fn a_finger_is_over_the_pixel_that_is_behind_it() {
        let board = board();
        let [top_left, _, bottom_right, _] = board.corners();
        let front = board.rotation * Vec3::Z;
        let finger = top_left.lerp(bottom_right, 0.25) + front * 0.04;
        let (far, at, on) = board.near(finger).expect("it is over it");
        assert!((far - 0.04).abs() < 1e-4 && at.distance(Vec2::new(320.0, 235.0)) < 0.5);
        assert!(on.distance(finger - front * 0.04) < 1e-4);
        assert_eq!(board.near(top_left - (bottom_right - top_left) * 0.1), None);
    }

    #[test]
    fn a_ray_from_behind_or_beside_meets_nothing() {
        let board = board();
        let behind = Ray {
            origin: board.center - board.rotation * Vec3::Z,
            direction: board.rotation * Vec3::Z,
        };
        assert_eq!(board.meets(&behind), None);
        let [top_left, top_right, ..] = board.corners();
        let beside = top_right + (top_right - top_left) * 0.02;
        assert_eq!(board.meets(&ray_to(beside)), None);
    }
}
