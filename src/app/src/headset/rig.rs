//! Where the headset's reference space lies in the world.

use bevy::{math::Vec3Swizzles, prelude::*};

/// Below this share of a look that is level, its compass is read from the top of the head.
const LEVEL_LEAST: f32 = 0.2;

/// A reference space in the world: moved anywhere, and turned about the vertical alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rig {
    pub(super) origin: Vec3,
    yaw: f32,
}

impl Rig {
    /// The space in which `head` stands over `floor` and looks along the compass `yaw`; of its
    /// height over the floor `lift_m` is not the space's own.
    pub(super) fn under(head: Isometry3d, floor: Vec3, yaw: f32, lift_m: f32) -> Self {
        let mut rig = Self {
            origin: Vec3::ZERO,
            yaw: yaw - heading(head.rotation).0,
        };
        let head = rig.place(head).translation;
        rig.origin = floor - Vec3::new(head.x, 0.0, head.z) + Vec3::Y * lift_m;
        rig
    }

    /// The space in which `spot` lies at `place`, and is turned so that the compass `yaw` of the
    /// space is `as_yaw` of the world.
    pub(super) fn laying(spot: Vec3, place: Vec3, yaw: f32, as_yaw: f32) -> Self {
        let yaw = as_yaw - yaw;
        let origin = place - Quat::from_rotation_y(yaw) * spot;
        Self { origin, yaw }
    }

    /// A place of the space as a place of the world.
    pub(super) fn point(&self, place: Vec3) -> Vec3 {
        self.origin + Quat::from_rotation_y(self.yaw) * place
    }

    /// A place of the world as a place of the space.
    pub(super) fn unplace(&self, place: Vec3) -> Vec3 {
        Quat::from_rotation_y(-self.yaw) * (place - self.origin)
    }

    /// A pose of the space as a pose of the world.
    pub(super) fn place(&self, pose: Isometry3d) -> Isometry3d {
        Isometry3d::new(self.origin, Quat::from_rotation_y(self.yaw)) * pose
    }

    /// Turns the space about the vertical through a point of the world; to the left is positive.
    pub(super) fn turn(&mut self, about: Vec3, by: f32) {
        let from = (self.origin - about).xz();
        let (sin, cos) = by.sin_cos();
        self.origin.x = about.x + from.x * cos + from.y * sin;
        self.origin.z = about.z - from.x * sin + from.y * cos;
        self.yaw += by;
    }
}

/// Compass and tilt of a look, as [`angles`](crate::eye::angles) has them, also straight up and
/// down.
pub(super) fn heading(rotation: Quat) -> (f32, f32) {
    let ahead = rotation * Vec3::NEG_Z;
    let level = ahead.xz().length();
    let toward = if level < LEVEL_LEAST {
        rotation * Vec3::Y * -ahead.y.signum()
    } else {
        ahead
    };
    ((-toward.x).atan2(-toward.z), ahead.y.atan2(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(yaw: f32, pitch: f32) -> Isometry3d {
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw, pitch, 0.1);
        Isometry3d::new(Vec3::new(0.7, 1.6, -0.4), rotation)
    }

    #[test]
    fn the_head_stands_where_the_visitor_stood_and_looks_where_they_looked() {
        let floor = Vec3::new(5.0, 0.3, -7.0);
        let rig = Rig::under(head(2.0, -0.3), floor, -1.0, 0.0);
        let placed = rig.place(head(2.0, -0.3));
        assert!(Vec3::from(placed.translation).distance(floor + Vec3::Y * 1.6) < 1e-5);
        assert!((heading(placed.rotation).0 + 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_thing_is_laid_where_it_should_lie_and_turned_as_it_is_seen() {
        let (table, thing) = (Vec3::new(0.2, 0.75, -0.6), Vec3::new(4.0, 1.1, 9.0));
        let rig = Rig::laying(table, thing, 0.3, 1.2);
        assert!(rig.point(table).distance(thing) < 1e-5);
        assert!(rig.unplace(thing).distance(table) < 1e-5);
        let looked = Isometry3d::new(table, Quat::from_rotation_y(0.3));
        assert!((heading(rig.place(looked).rotation).0 - 1.2).abs() < 1e-5);
    }

    #[test]
    fn a_turn_leaves_the_head_where_it_is() {
        let mut rig = Rig::under(head(0.4, 0.0), Vec3::X, 0.4, 0.2);
        let before = rig.place(head(0.4, 0.0));
        rig.turn(before.translation.into(), 0.5);
        let after = rig.place(head(0.4, 0.0));
        assert!(before.translation.distance(after.translation) < 1e-5);
        assert!((heading(after.rotation).0 - 0.9).abs() < 1e-5);
    }

    #[test]
    fn the_compass_does_not_spin_for_who_looks_at_their_feet() {
        for pitch in [-1.5, -1.57, 1.5, 0.0] {
            let rotation = Quat::from_euler(EulerRot::YXZ, 0.8, pitch, 0.0);
            assert!((heading(rotation).0 - 0.8).abs() < 1e-3, "{pitch}");
        }
    }
}
