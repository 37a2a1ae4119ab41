//! The shortest way from spot to spot: A* over triangles, pulled tight.

use std::{cmp::Reverse, collections::BinaryHeap};

use bevy::math::{Vec2, Vec3, Vec3Swizzles};

use super::navmesh::{Navmesh, Spot, cross};

/// How far from a corner a way stays, metres.
const CORNER_M: f32 = 0.08;

impl Navmesh {
    /// The way from one spot to another, both included; `None` if they lie on separate islands.
    pub(crate) fn path(&self, from: Spot, to: Spot) -> Option<Vec<Vec3>> {
        let triangles = self.corridor(from, to)?;
        let mut way = vec![from.position];
        way.extend(self.tight(&triangles, from.position, to.position));
        way.push(to.position);
        way.dedup_by(|a, b| a.distance_squared(*b) < 1e-6);
        Some(way)
    }

    /// The triangles on the way, first to last.
    fn corridor(&self, from: Spot, to: Spot) -> Option<Vec<usize>> {
        let count = self.triangles.len();
        let mut cost = vec![f32::INFINITY; count];
        let mut entry = vec![from.position; count];
        let mut before = vec![None; count];
        let mut open = BinaryHeap::new();
        cost[from.triangle] = 0.0;
        open.push((Reverse(0), from.triangle));
        while let Some((_, at)) = open.pop() {
            if at == to.triangle {
                let steps = std::iter::successors(Some(at), |it| before[*it]);
                let mut found: Vec<usize> = steps.collect();
                found.reverse();
                return Some(found);
            }
            for (next, [a, b]) in self.ways_on(at) {
                let middle = a.midpoint(b);
                let spent = cost[at] + entry[at].distance(middle);
                if spent < cost[next] {
                    cost[next] = spent;
                    entry[next] = middle;
                    before[next] = Some(at);
                    let hope = spent + middle.distance(to.position);
                    // Millimetres order as integers do; floats have no total order in a heap.
                    open.push((Reverse((hope * 1000.0) as u64), next));
                }
            }
        }
        None
    }

    /// Where a triangle leads to, and through which gate.
    fn ways_on(&self, at: usize) -> impl Iterator<Item = (usize, [Vec3; 2])> {
        let joined = (0..3).filter_map(move |side| {
            let next = self.neighbors[at][side]?;
            Some((next, self.side(at, side)))
        });
        joined.chain(self.crossings[at].iter().map(|it| (it.to, it.gate)))
    }

    pub(super) fn side(&self, triangle: usize, side: usize) -> [Vec3; 2] {
        let corners = self.triangles[triangle];
        [corners[side], corners[(side + 1) % 3]].map(|it| self.corners[it])
    }

    /// The corners that a string pulled tight through the corridor touches, and where it crosses
    /// from triangle to triangle, so that it follows the height of the surface.
    fn tight(&self, corridor: &[usize], from: Vec3, to: Vec3) -> Vec<Vec3> {
        let gates: Vec<[Vec3; 2]> = corridor
            .windows(2)
            .filter_map(|pair| {
                let [a, b] = self.ways_on(pair[0]).find(|it| it.0 == pair[1])?.1;
                // Room for the shoulders on both sides, as far as the gate is wide enough.
                let margin = (CORNER_M / a.distance(b).max(1e-4)).min(0.4);
                Some([a.lerp(b, margin), b.lerp(a, margin)])
            })
            .collect();
        let bends = funnel(&gates, from.xz(), to.xz());
        let mut way = Vec::new();
        for pair in bends.windows(2) {
            let (begin, end) = (pair[0], pair[1]);
            // The goal counts as a gate for the funnel, but nothing crosses it.
            let passed = gates.iter().take(end.1).skip(begin.1);
            for gate in passed {
                if let Some(crossing) = crosses(begin.0, end.0, *gate) {
                    way.push(crossing);
                }
            }
        }
        way
    }
}

/// The bends of the tight string with the gate after which each lies (Mononen's funnel).
fn funnel(gates: &[[Vec3; 2]], from: Vec2, to: Vec2) -> Vec<(Vec2, usize)> {
    let mut bends = vec![(from, 0)];
    let (mut apex, mut left, mut right) = (from, from, from);
    let (mut left_at, mut right_at) = (0, 0);
    let goal = [Vec3::new(to.x, 0.0, to.y); 2];
    let mut at = 0;
    // Each turn of the loop either moves on or adds a bend; the bound holds off rounding errors.
    for _ in 0..gates.len() * gates.len() + gates.len() + 8 {
        if at > gates.len() {
            break;
        }
        let [new_right, new_left] = gates.get(at).unwrap_or(&goal).map(Vec3Swizzles::xz);
        if turn(apex, right, new_right) <= 0.0 {
            if apex == right || turn(apex, left, new_right) > 0.0 {
                (right, right_at) = (new_right, at);
            } else {
                bends.push((left, left_at + 1));
                (apex, right, at) = (left, left, left_at + 1);
                right_at = left_at;
                continue;
            }
        }
        if turn(apex, left, new_left) >= 0.0 {
            if apex == left || turn(apex, right, new_left) < 0.0 {
                (left, left_at) = (new_left, at);
            } else {
                bends.push((right, right_at + 1));
                (apex, left, at) = (right, right, right_at + 1);
                left_at = right_at;
                continue;
            }
        }
        at += 1;
    }
    bends.push((to, gates.len()));
    bends
}

/// Positive if `b` lies on the one side of the line from `apex` to `a`, negative on the other.
fn turn(apex: Vec2, a: Vec2, b: Vec2) -> f32 {
    -cross(a - apex, b - apex)
}

/// Where the line between two points passes a gate, on the gate's own height.
fn crosses(a: Vec2, b: Vec2, [left, right]: [Vec3; 2]) -> Option<Vec3> {
    let (gate, line) = (right.xz() - left.xz(), b - a);
    let determinant = cross(gate, line);
    if determinant.abs() < 1e-9 {
        return None;
    }
    let t = cross(a - left.xz(), line) / determinant;
    Some(left.lerp(right, t.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A floor of one-metre squares where the map has a `#`; rows go along +Z.
    fn floor(map: &[&str]) -> Navmesh {
        let mut triangles = Vec::new();
        for (z, row) in map.iter().enumerate() {
            for (x, _) in row.bytes().enumerate().filter(|(_, cell)| *cell == b'#') {
                let at = |dx: usize, dz: usize| {
                    let (x, z) = ((x + dx) as f32, (z + dz) as f32);
                    Vec3::new(x, x * 0.1, z)
                };
                triangles.push([at(0, 0), at(0, 1), at(1, 1)]);
                triangles.push([at(0, 0), at(1, 1), at(1, 0)]);
            }
        }
        Navmesh::new(&triangles)
    }

    const BOAT: [&str; 6] = [
        "#####..", "#...###", "#...#..", "###.#..", "..###..", "......#",
    ];

    fn spot(mesh: &Navmesh, x: f32, z: f32) -> Spot {
        mesh.nearest(Vec3::new(x, x * 0.1, z))
            .expect("the floor is not empty")
    }

    #[test]
    fn a_way_leads_round_corners_and_stays_on_the_floor() {
        let mesh = floor(&BOAT);
        let (from, to) = (spot(&mesh, 0.5, 2.5), spot(&mesh, 6.5, 1.5));
        let way = mesh.path(from, to).expect("they are joined");
        let length: f32 = way.windows(2).map(|it| it[0].distance(it[1])).sum();
        assert!((7.0..9.5).contains(&length), "{length}: {way:?}");
        for pair in way.windows(2) {
            for step in 0..=10 {
                let point = pair[0].lerp(pair[1], step as f32 / 10.0);
                let on = mesh.nearest(point).expect("the floor is not empty");
                assert!(
                    on.position.distance(point) < 0.02,
                    "{point} is off the floor"
                );
            }
        }
    }

    #[test]
    fn there_is_no_way_to_an_island() {
        let mesh = floor(&BOAT);
        assert_eq!(
            mesh.path(spot(&mesh, 0.5, 0.5), spot(&mesh, 6.5, 5.5)),
            None
        );
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_surface(
            steps in prop::collection::vec(([-3.0f32..3.0], [-3.0f32..3.0]), 1..80),
        ) {
            let mesh = floor(&BOAT);
            let mut at = spot(&mesh, 0.5, 0.5);
            for ([x], [z]) in steps {
                at = mesh.walk(at, Vec2::new(x, z));
                prop_assert!(mesh.holds(at, 1e-3), "{at:?}");
                prop_assert!(at.position.z < 5.0, "jumped to the island: {at:?}");
            }
        }

        #[test]
        fn every_two_spots_of_one_floor_are_joined(
            a in (0.0f32..7.0, 0.0f32..4.9), b in (0.0f32..7.0, 0.0f32..4.9),
        ) {
            let mesh = floor(&BOAT[..5]);
            let way = mesh.path(spot(&mesh, a.0, a.1), spot(&mesh, b.0, b.1));
            prop_assert!(way.is_some());
        }
    }
}
