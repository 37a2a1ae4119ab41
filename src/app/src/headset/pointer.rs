//! The marks that a headset shows in the room: rays, arcs, rings where they end, and hands.

use std::f32::consts::TAU;

use bevy::{color::Srgba, prelude::*};

/// How many marks there can be at once.
pub(crate) const MARKS_MOST: usize = 12;

/// Corners of a tube's section.
const SIDES: usize = 5;
/// Corners of the section of something that one has in view for long.
const LIMB_SIDES: usize = 9;
/// Of a ring, which is thinner than it is wide: corners of its section, and along it.
const RING_SIDES: usize = 4;
const RING_STEPS: usize = 32;

/// What is to be drawn: corners with position, normal and glow, and triangles of them.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Marks {
    pub(crate) corners: Vec<[f32; 7]>,
    pub(crate) indices: Vec<u32>,
    pub(crate) each: Vec<Mark>,
}

/// Triangles of one colour.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) indices: std::ops::Range<u32>,
    pub(crate) color: Srgba,
    pub(crate) alpha: f32,
}

impl Marks {
    /// Nothing is shown any more.
    pub(super) fn clear(&mut self) {
        self.corners.clear();
        self.indices.clear();
        self.each.clear();
    }

    /// A line through `points`.
    pub(super) fn line(&mut self, points: &[Vec3], radius_m: f32, color: Srgba, alpha: f32) {
        let first = self.indices.len();
        let points: Vec<_> = points.iter().map(|it| (*it, radius_m)).collect();
        self.tube(&points, Vec3::Y, &turn::<SIDES>(), false);
        self.finish(first, color, alpha);
    }

    /// Round things that belong together: each a row of points, and how thick it is there.
    pub(super) fn limbs(&mut self, limbs: &[Vec<(Vec3, f32)>], color: Srgba) {
        let first = self.indices.len();
        let section = turn::<LIMB_SIDES>();
        for limb in limbs {
            self.tube(limb, Vec3::Y, &section, false);
        }
        self.finish(first, color, 1.0);
    }

    /// A ring round `center` on a surface whose normal is `up`; of a whole turn, `share` is drawn.
    pub(super) fn ring(&mut self, center: Vec3, up: Vec3, radius_m: f32, share: f32, color: Srgba) {
        let first = self.indices.len();
        let across = up.any_orthonormal_vector();
        let along = up.cross(across);
        let steps = (RING_STEPS as f32 * share.clamp(0.0, 1.0)).round() as usize;
        let round = turn::<RING_STEPS>();
        let points: Vec<_> = (0..=steps)
            .map(|i| {
                let to = round[i % RING_STEPS];
                let at = center + (across * to.x + along * to.y) * radius_m;
                (at, radius_m * 0.07)
            })
            .collect();
        self.tube(&points, up, &turn::<RING_SIDES>(), steps == RING_STEPS);
        self.finish(first, color, 1.0);
    }

    /// A tube through points with radii, its sections upright along `up` and with a corner in each of
    /// these directions. Its ends are open, or joined if it is `closed`: nobody looks into them.
    fn tube(&mut self, points: &[(Vec3, f32)], up: Vec3, section: &[Vec2], closed: bool) {
        if points.len() < 2 {
            return;
        }
        let first = self.corners.len() as u32;
        let last = points.len() - 1;
        for (i, (point, radius_m)) in points.iter().enumerate() {
            let (before, _) = points[if i > 0 {
                i - 1
            } else if closed {
                last - 1
            } else {
                0
            }];
            let (after, _) = points[if i < last {
                i + 1
            } else if closed {
                1
            } else {
                last
            }];
            let ahead = (after - before).normalize_or(Vec3::Y);
            let across = up.cross(ahead).normalize_or(ahead.any_orthonormal_vector());
            let over = ahead.cross(across);
            for corner in section {
                let normal = across * corner.x + over * corner.y;
                let [x, y, z] = (*point + normal * *radius_m).to_array();
                let [nx, ny, nz] = normal.to_array();
                self.corners.push([x, y, z, nx, ny, nz, 1.0]);
            }
        }
        let sides = section.len() as u32;
        for row in 0..last as u32 {
            for side in 0..sides {
                let next = (side + 1) % sides;
                let (a, b) = (first + row * sides + side, first + row * sides + next);
                let (c, d) = (a + sides, b + sides);
                self.indices.extend([a, b, c, b, d, c]);
            }
        }
    }

    fn finish(&mut self, first: usize, color: Srgba, alpha: f32) {
        if self.each.len() == MARKS_MOST {
            self.indices.truncate(first);
        } else if self.indices.len() > first {
            self.each.push(Mark {
                indices: first as u32..self.indices.len() as u32,
                color,
                alpha,
            });
        }
    }
}

/// So many directions, all the way round.
fn turn<const N: usize>() -> [Vec2; N] {
    std::array::from_fn(|i| Vec2::from_angle(TAU * i as f32 / N as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(marks: &Marks) {
        assert!(!marks.indices.is_empty());
        for triangle in marks.indices.chunks_exact(3) {
            let corner = |i: u32| Vec3::from_slice(&marks.corners[i as usize][..3]);
            let normal = Vec3::from_slice(&marks.corners[triangle[0] as usize][3..6]);
            let [a, b, c] = [0, 1, 2].map(|i| corner(triangle[i]));
            assert!(
                (b - a).cross(c - a).dot(normal) > 0.0,
                "{triangle:?} faces inwards"
            );
        }
    }

    #[test]
    fn lines_and_rings_face_outwards() {
        let mut marks = Marks::default();
        let points = [
            Vec3::ZERO,
            Vec3::new(0.0, 0.3, -1.0),
            Vec3::new(0.2, 0.1, -2.0),
        ];
        marks.line(&points, 0.01, Srgba::WHITE, 1.0);
        marks.line(&[Vec3::ZERO, Vec3::Y], 0.01, Srgba::WHITE, 1.0);
        check(&marks);
        let mut ring = Marks::default();
        ring.ring(Vec3::ONE, Vec3::Y, 0.3, 1.0, Srgba::WHITE);
        check(&ring);
    }

    #[test]
    fn more_marks_than_there_is_room_for_are_left_out() {
        let mut marks = Marks::default();
        for _ in 0..MARKS_MOST + 3 {
            marks.line(&[Vec3::ZERO, Vec3::X], 0.01, Srgba::WHITE, 1.0);
        }
        let end = marks.each.last().map(|it| it.indices.end);
        assert_eq!(marks.each.len(), MARKS_MOST);
        assert_eq!(end, Some(marks.indices.len() as u32));
    }
}
