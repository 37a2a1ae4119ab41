//! What can be in view: boxes that are not beyond one of the four sides of the picture.

use bevy::math::{Mat3, Mat4, Vec3, Vec4};

use super::ray::Bounds;

/// How far an eye may turn, radians, and move, metres, from where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Margin {
    pub(crate) turn: f32,
    pub(crate) way_m: f32,
}

/// An eye that sees by a perspective projection.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Looking {
    pub(crate) clip_from_world: Mat4,
    pub(crate) eye: Vec3,
}

impl Looking {
    /// Whether another is no farther from this one than `margin`, and sees as widely.
    pub(crate) fn is_near(&self, other: &Self, margin: Margin) -> bool {
        let ((one, wide), (another, then)) = (self.axes(), other.axes());
        let along: f32 = (0..3).map(|i| one.col(i).dot(another.col(i))).sum();
        self.eye.distance(other.eye) <= margin.way_m
            // By its trace, how far a rotation turns.
            && (along - 1.0) / 2.0 >= margin.turn.cos()
            && wide.abs_diff_eq(then, 1e-3)
    }

    /// To the right, up and ahead, and the projection: how much it shows to the right and up, and how
    /// far its middle is aside.
    fn axes(&self) -> (Mat3, Vec4) {
        let [x, y, w] = [0, 1, 3].map(|it| self.clip_from_world.row(it).truncate());
        let ahead = w.normalize_or_zero();
        let [right, up] = [x, y].map(|it| it - ahead * it.dot(ahead));
        let wide = Vec4::new(right.length(), up.length(), x.dot(ahead), y.dot(ahead));
        let axes = [right.normalize_or_zero(), up.normalize_or_zero(), ahead];
        (Mat3::from_cols(axes[0], axes[1], axes[2]), wide)
    }
}

/// The sides of what an eye sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frustum {
    /// Planes of the world, their normals of length 1; what lies behind one is not seen.
    sides: [Vec4; 4],
    eye: Vec3,
    /// How far behind a plane what is one metre away may lie, and everything may.
    slack: f32,
    slack_m: f32,
}

impl Frustum {
    /// What is seen through a projection (Gribb and Hartmann 2001).
    pub(crate) fn new(looking: &Looking) -> Self {
        let [x, y, w] = [0, 1, 3].map(|it| looking.clip_from_world.row(it));
        Self {
            sides: [w + x, w - x, w + y, w - y].map(|it| it / it.truncate().length()),
            eye: looking.eye,
            slack: 0.0,
            slack_m: 0.0,
        }
    }

    /// What any eye sees that is no farther from this one than `margin`.
    pub(crate) fn with_margin(looking: &Looking, margin: Margin) -> Self {
        Self {
            slack: margin.turn.sin(),
            // What is near is seen by an eye that has moved under quite another angle.
            slack_m: 2.0 * margin.way_m,
            ..Self::new(looking)
        }
    }

    /// Whether a box may be in view.
    pub(crate) fn meets(&self, bounds: &Bounds) -> bool {
        let (middle, half) = (bounds.center(), (bounds.max - bounds.min) / 2.0);
        let far = middle.distance(self.eye) + half.length();
        let slack = self.slack * far + self.slack_m;
        self.sides.iter().all(|side| {
            let (normal, off) = (side.truncate(), side.w);
            // The corner that lies farthest on the inner side.
            normal.dot(middle) + normal.abs().dot(half) + off + slack >= 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use bevy::math::{Affine3A, Quat};
    use proptest::prelude::*;

    use super::*;
    use crate::eye::Eye;

    fn coordinate() -> impl Strategy<Value = f32> {
        -20.0_f32..20.0
    }

    proptest! {
        #[test]
        fn a_box_with_a_point_in_view_is_in_view(
            (x, y, z) in (coordinate(), coordinate(), coordinate()),
            (a, b, c) in (0.01_f32..3.0, 0.01_f32..3.0, 0.01_f32..3.0),
            yaw in -3.0_f32..3.0,
            pitch in -1.0_f32..1.0,
        ) {
            let eye = Eye { yaw, pitch, ..Eye::default() };
            let point = Vec3::new(x, y, z);
            let bounds = Bounds { min: point - Vec3::new(a, b, c), max: point + Vec3::new(c, a, b) };
            let seen = eye.ndc(point).is_some_and(|it| it.abs().max_element() <= 1.0);
            prop_assert!(!seen || Frustum::new(&of(&eye)).meets(&bounds));
        }

        #[test]
        fn whatever_comes_into_view_within_the_margin_is_in_view_with_it(
            (a, b) in (rotation(), rotation()),
            turn in 0.0_f32..0.999,
            way in (-1.0_f32..1.0, -1.0_f32..1.0, -1.0_f32..1.0),
            (x, y, far) in (-1.0_f32..1.0, -1.0_f32..1.0, 0.05_f32..20.0),
        ) {
            let at = Vec3::new(1.0, 1.6, -2.0);
            let from = headset(a, at);
            let (axis, _) = b.to_axis_angle();
            let way = Vec3::from(way).clamp_length_max(0.99 * MARGIN.way_m);
            let then = headset(Quat::from_axis_angle(axis, turn * MARGIN.turn) * a, at + way);
            prop_assert!(from.is_near(&then, MARGIN));
            // Something small that is seen from there.
            let (_, wide) = then.axes();
            let aside = Vec3::new((x - wide.z) / wide.x, (y - wide.w) / wide.y, 1.0);
            let (axes, _) = then.axes();
            let point = then.eye + axes * aside * far;
            let clip = then.clip_from_world * point.extend(1.0);
            prop_assert!((clip.truncate() / clip.w).truncate().abs_diff_eq((x, y).into(), 1e-2));
            let bounds = Bounds { min: point - 0.001, max: point + 0.001 };
            prop_assert!(Frustum::with_margin(&from, MARGIN).meets(&bounds));
        }
    }

    const MARGIN: Margin = Margin {
        turn: 0.26,
        way_m: 0.05,
    };

    fn of(eye: &Eye) -> Looking {
        let (clip_from_world, eye) = (eye.clip_from_world(), eye.position);
        Looking {
            clip_from_world,
            eye,
        }
    }

    fn rotation() -> impl Strategy<Value = Quat> {
        let one = || -1.0_f32..1.0;
        let some =
            (one(), one(), one(), one()).prop_map(|(x, y, z, w)| Quat::from_xyzw(x, y, z, w));
        some.prop_filter("a rotation", |it| it.length() > 0.1)
            .prop_map(Quat::normalize)
    }

    /// An eye of a headset, which sees farther to one side than to the other.
    fn headset(rotation: Quat, eye: Vec3) -> Looking {
        let mut clip = Mat4::perspective_infinite_reverse_rh(1.6, 1.0, 0.05);
        (clip.z_axis.x, clip.z_axis.y) = (0.25, -0.1);
        let world_from_view = Affine3A::from_rotation_translation(rotation, eye);
        let clip_from_world = clip * Mat4::from(world_from_view.inverse());
        Looking {
            clip_from_world,
            eye,
        }
    }

    #[test]
    fn an_eye_that_has_turned_moved_or_widened_farther_is_not_near() {
        let at = Vec3::new(1.0, 1.6, -2.0);
        let from = headset(Quat::IDENTITY, at);
        for axis in [Vec3::X, Vec3::Y, Vec3::Z] {
            let turned = |by| headset(Quat::from_axis_angle(axis, by), at);
            assert!(from.is_near(&turned(0.25), MARGIN), "{axis}");
            assert!(!from.is_near(&turned(0.27), MARGIN), "{axis}");
            assert!(!from.is_near(&headset(Quat::IDENTITY, at + axis * 0.06), MARGIN));
        }
        let mut wider = headset(Quat::IDENTITY, at);
        wider.clip_from_world = Mat4::from_scale(Vec3::new(0.9, 1.0, 1.0)) * wider.clip_from_world;
        assert!(!from.is_near(&wider, MARGIN));
    }

    #[test]
    fn the_margin_is_not_everything() {
        let frustum = Frustum::with_margin(&headset(Quat::IDENTITY, Vec3::ZERO), MARGIN);
        let at = |yaw: f32| {
            let point = Quat::from_rotation_y(yaw) * Vec3::new(0.0, 0.0, -8.0);
            Bounds {
                min: point - 0.1,
                max: point + 0.1,
            }
        };
        assert!(frustum.meets(&at(0.8)));
        assert!(!frustum.meets(&at(1.4)) && !frustum.meets(&at(-1.4)) && !frustum.meets(&at(3.1)));
    }

    #[test]
    fn what_lies_behind_or_aside_is_not_in_view() {
        let frustum = Frustum::new(&of(&Eye::default()));
        let at = |x, z| Bounds {
            min: Vec3::new(x, -1.0, z),
            max: Vec3::new(x + 1.0, 1.0, z + 1.0),
        };
        assert!(frustum.meets(&at(0.0, -10.0)));
        assert!(!frustum.meets(&at(-0.5, 10.0)));
        assert!(!frustum.meets(&at(40.0, -10.0)));
    }
}
