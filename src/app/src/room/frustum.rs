//! What can be in view: boxes that are not beyond one of the four sides of the picture.

use bevy::math::{Mat4, Vec4};

use super::ray::Bounds;

/// The sides of what an eye sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frustum {
    /// Planes of the world; what lies behind one is not seen.
    sides: [Vec4; 4],
}

impl Frustum {
    /// What is seen through a projection (Gribb and Hartmann 2001).
    pub(crate) fn new(clip_from_world: Mat4) -> Self {
        let [x, y, w] = [0, 1, 3].map(|it| clip_from_world.row(it));
        Self {
            sides: [w + x, w - x, w + y, w - y],
        }
    }

    /// Whether a box may be in view.
    pub(crate) fn meets(&self, bounds: &Bounds) -> bool {
        let (middle, half) = (bounds.center(), (bounds.max - bounds.min) / 2.0);
        self.sides.iter().all(|side| {
            let (normal, off) = (side.truncate(), side.w);
            // The corner that lies farthest on the inner side.
            normal.dot(middle) + normal.abs().dot(half) + off >= 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use bevy::math::Vec3;
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
            prop_assert!(!seen || Frustum::new(eye.clip_from_world()).meets(&bounds));
        }
    }

    #[test]
    fn what_lies_behind_or_aside_is_not_in_view() {
        let frustum = Frustum::new(Eye::default().clip_from_world());
        let at = |x, z| Bounds {
            min: Vec3::new(x, -1.0, z),
            max: Vec3::new(x + 1.0, 1.0, z + 1.0),
        };
        assert!(frustum.meets(&at(0.0, -10.0)));
        assert!(!frustum.meets(&at(-0.5, 10.0)));
        assert!(!frustum.meets(&at(40.0, -10.0)));
    }
}
