//! Steps from border to border: what edges do not join, a stride may.
//!
//! Scans and models leave kerbs, gaps and folds where a floor goes on. Nobody would stop there.

use std::collections::HashMap;

use bevy::math::{Vec2, Vec3, Vec3Swizzles};

use super::navmesh::{Navmesh, Spot, cross};

/// How far beyond a border a stride looks for floor, metres: first near, then far.
const STRIDES_M: [f32; 2] = [0.05, 0.15];
/// The longest of them, and what rounding may add.
const STRIDE_MOST_M: f32 = 0.16;
/// How high a stride goes up or down, metres.
const KERB_M: f32 = 0.35;
/// How finely borders are searched for places to cross, metres.
const SAMPLE_M: f32 = 0.08;

/// A place to cross from a border to a triangle beyond it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub(super) to: usize,
    /// From right to left, as seen by whoever crosses.
    pub(super) gate: [Vec3; 2],
}

impl Navmesh {
    /// The floor one stride beyond the border at `at`, if there is any at about the same height.
    pub(super) fn stride(&self, from: usize, at: Vec3, toward: Vec2) -> Option<Spot> {
        self.stride_onto(0..self.triangles.len(), from, at, toward)
    }

    /// The same where it can only lie on some of the triangles.
    fn stride_onto(
        &self,
        triangles: impl Iterator<Item = usize> + Clone,
        from: usize,
        at: Vec3,
        toward: Vec2,
    ) -> Option<Spot> {
        STRIDES_M.iter().find_map(|stride| {
            let beyond = at.xz() + toward * *stride;
            let triangles = triangles.clone();
            let held = triangles.filter(|it| *it != from && self.is_over(*it, beyond));
            held.map(|triangle| Spot {
                triangle,
                position: Vec3::new(beyond.x, self.height(triangle, beyond), beyond.y),
            })
            .filter(|it| (it.position.y - at.y).abs() <= KERB_M)
            .min_by(|a, b| {
                let off = |it: &Spot| (it.position.y - at.y).abs();
                off(a).total_cmp(&off(b))
            })
        })
    }

    fn is_over(&self, triangle: usize, point: Vec2) -> bool {
        (0..3).all(|side| self.beyond(triangle, side, point) <= 0.0)
    }

    /// Finds the crossings between parts of the floor that no edge joins.
    pub(super) fn find_crossings(&mut self) {
        let parts = self.parts();
        let mut crossings = vec![Vec::new(); self.triangles.len()];
        let all = 0..self.triangles.len();
        let boxes: Vec<_> = all
            .clone()
            .map(|it| around([0, 1, 2].map(|corner| self.corner(it, corner))))
            .collect();
        for triangle in all.clone() {
            for side in (0..3).filter(|side| self.neighbors[triangle][*side].is_none()) {
                // Borders are kilometres long in a large hall, and most triangles are far away.
                let [low, high] = around(self.side(triangle, side));
                let (low, high) = (low - STRIDE_MOST_M, high + STRIDE_MOST_M);
                let is_near = |it: &usize| {
                    let [least, most] = boxes[*it];
                    least.cmple(high).all() && most.cmpge(low).all()
                };
                let near: Vec<_> = all.clone().filter(is_near).collect();
                let mut reached: HashMap<usize, [Vec3; 2]> = HashMap::new();
                for (point, toward) in self.along(triangle, side) {
                    let near = near.iter().copied();
                    let Some(spot) = self.stride_onto(near, triangle, point, toward) else {
                        continue;
                    };
                    if parts[spot.triangle] != parts[triangle] {
                        reached.entry(spot.triangle).or_insert([point; 2])[1] = point;
                    }
                }
                let found = reached.into_iter().map(|(to, gate)| Crossing { to, gate });
                crossings[triangle].extend(found);
            }
        }
        // A map's order is not always the same; a way should be.
        for found in &mut crossings {
            found.sort_by_key(|it| it.to);
        }
        self.crossings = crossings;
    }

    /// Points along a side from its first corner to its second, and whither it is crossed.
    fn along(&self, triangle: usize, side: usize) -> impl Iterator<Item = (Vec3, Vec2)> {
        let [a, b] = self.side(triangle, side);
        let steps = (a.distance(b) / SAMPLE_M).ceil().max(1.0) as u32;
        let edge = (b - a).xz().normalize_or_zero();
        let outward = Vec2::new(edge.y, -edge.x);
        debug_assert!(
            cross(outward, edge) >= 0.0,
            "outward lies to the right of the edge"
        );
        (0..steps).map(move |i| (a.lerp(b, (i as f32 + 0.5) / steps as f32), outward))
    }

    /// For each triangle the number of the part of the floor that it belongs to.
    fn parts(&self) -> Vec<usize> {
        let mut parts = vec![usize::MAX; self.triangles.len()];
        for first in 0..parts.len() {
            let mut open = vec![first];
            while let Some(at) = open.pop() {
                if parts[at] == usize::MAX {
                    parts[at] = first;
                    open.extend(self.neighbors[at].iter().flatten());
                }
            }
        }
        parts
    }
}

/// The least and the greatest of some points as seen from above.
fn around<const N: usize>(points: [Vec3; N]) -> [Vec2; 2] {
    let points = points.map(Vec3Swizzles::xz);
    let none = [Vec2::INFINITY, Vec2::NEG_INFINITY];
    points
        .iter()
        .fold(none, |[low, high], it| [low.min(*it), high.max(*it)])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn square(x: f32, y: f32) -> [[Vec3; 3]; 2] {
        let at = |dx: f32, z: f32| Vec3::new(x + dx, y, z);
        [
            [at(0.0, 0.0), at(0.0, 1.0), at(1.0, 1.0)],
            [at(0.0, 0.0), at(1.0, 1.0), at(1.0, 0.0)],
        ]
    }

    #[track_caller]
    fn check(gap_m: f32, kerb_m: f32, joined: bool) {
        let mesh = Navmesh::new(&[square(0.0, 0.0), square(1.0 + gap_m, kerb_m)].concat());
        let spot = |x, y| {
            mesh.nearest(Vec3::new(x, y, 0.5))
                .expect("there is a floor")
        };
        let (from, to) = (spot(0.5, 0.0), spot(1.6 + gap_m, kerb_m));
        assert_eq!(mesh.path(from, to).is_some(), joined, "path");
        let walked = mesh.walk(from, Vec2::new(1.2, 0.0));
        assert_eq!(
            walked.position.x > 1.0 + gap_m,
            joined,
            "walk to {walked:?}"
        );
    }

    #[test]
    fn a_kerb_and_a_gap_are_stepped_over() {
        check(0.0, 0.25, true);
        check(0.1, -0.2, true);
    }

    proptest! {
        #[test]
        fn who_looks_only_at_what_is_near_finds_every_crossing(
            places in proptest::collection::vec((-2.0_f32..2.0, -0.4_f32..0.4), 2..7),
        ) {
            let squares: Vec<_> = places.iter().flat_map(|(x, y)| square(*x, *y)).collect();
            let mesh = Navmesh::new(&squares);
            let parts = mesh.parts();
            for triangle in 0..mesh.triangles.len() {
                let borders = (0..3).filter(|side| mesh.neighbors[triangle][*side].is_none());
                let samples = borders.flat_map(|side| mesh.along(triangle, side));
                let reached = samples.filter_map(|(at, toward)| mesh.stride(triangle, at, toward));
                let reached = reached.map(|it| it.triangle);
                let reached: BTreeSet<_> = reached.filter(|it| parts[*it] != parts[triangle]).collect();
                let found: BTreeSet<_> = mesh.crossings[triangle].iter().map(|it| it.to).collect();
                prop_assert_eq!(found, reached);
            }
        }
    }

    #[test]
    fn a_ledge_and_open_water_are_not() {
        check(0.0, 0.6, false);
        check(0.5, 0.0, false);
    }
}
