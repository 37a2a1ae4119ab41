//! The arc along which a visitor points at a place on the floor, as if throwing something there.

use bevy::{math::Vec3Swizzles, prelude::*};

use crate::{
    room::{Walls, ray::Ray},
    walking::{Navmesh, Spot},
};

/// How fast what is thrown flies, and falls.
const SPEED_M_PER_SEC: f32 = 6.5;
const FALL_M_PER_SEC2: f32 = 9.8;
/// In what steps its flight is followed, and for how many.
const STEP_SECS: f32 = 0.04;
const STEPS: usize = 50;
/// How far from where it lands, and how much above or below, there must be floor.
const BESIDE_M: f32 = 0.3;
const STEP_UP_M: f32 = 0.45;

/// A throw, and where it lands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arc {
    pub(super) points: Vec<Vec3>,
    /// Where one can stand there; nowhere, where one cannot.
    pub(super) spot: Option<Spot>,
}

impl Arc {
    /// Throws along `ray`.
    pub(super) fn throw(ray: &Ray, walls: &Walls, navmesh: &Navmesh) -> Self {
        let mut points = vec![ray.origin];
        let mut velocity = ray.direction * SPEED_M_PER_SEC;
        for _ in 0..STEPS {
            let from = points[points.len() - 1];
            velocity.y -= FALL_M_PER_SEC2 * STEP_SECS;
            let by = velocity * STEP_SECS;
            let length = by.length();
            let step = Ray {
                origin: from,
                direction: by / length,
            };
            let wall = walls.0.first_hit(&step, length).map(|(far, _)| far);
            // A floor need not be seen to be walked on.
            let floor = navmesh.meets(&step).map(|(far, _)| far);
            let floor = floor.filter(|it| *it <= length);
            let Some(far) = wall.into_iter().chain(floor).reduce(f32::min) else {
                points.push(from + by);
                continue;
            };
            let landed = step.at(far);
            points.push(landed);
            let spot = navmesh.nearest(landed).filter(|it| {
                let off = it.position - landed;
                off.xz().length() <= BESIDE_M && off.y.abs() <= STEP_UP_M
            });
            return Self { points, spot };
        }
        Self { points, spot: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::solid::Solid;

    fn quad(corners: [Vec3; 4]) -> [[Vec3; 3]; 2] {
        let [a, b, c, d] = corners;
        [[a, b, c], [a, c, d]]
    }

    /// A floor of ten metres with a wall across it four metres ahead.
    fn hall() -> (Walls, Navmesh) {
        let at = |x: f32, y: f32, z: f32| Vec3::new(x, y, z);
        let wall = quad([
            at(-5., 0., -4.),
            at(5., 0., -4.),
            at(5., 3., -4.),
            at(-5., 3., -4.),
        ]);
        let floor = quad([
            at(-5., 0., 5.),
            at(5., 0., 5.),
            at(5., 0., -4.),
            at(-5., 0., -4.),
        ]);
        (Walls(Solid::of(&wall)), Navmesh::new(&floor))
    }

    fn throw(pitch: f32) -> Arc {
        let (walls, navmesh) = hall();
        let ray = Ray {
            origin: Vec3::Y * 1.3,
            direction: Vec3::new(0.0, pitch.sin(), -pitch.cos()),
        };
        Arc::throw(&ray, &walls, &navmesh)
    }

    #[test]
    fn a_throw_lands_on_the_floor_before_the_wall() {
        let arc = throw(-0.3);
        let spot = arc.spot.expect("there is floor");
        let at = spot.position;
        assert!(at.z < -1.0 && at.z > -4.0 && at.y.abs() < 1e-3, "{at}");
        assert_eq!(arc.points.last().map(|it| it.y.abs() < 1e-3), Some(true));
    }

    #[test]
    fn nobody_is_thrown_against_a_wall_or_over_it() {
        for pitch in [0.4, 0.9] {
            let arc = throw(pitch);
            assert_eq!(arc.spot, None, "{pitch}");
            let last = arc.points.last().expect("it ends");
            assert!((last.z + 4.0).abs() < 1e-3, "{last}");
        }
    }
}
