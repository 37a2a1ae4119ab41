//! What cannot be seen through: the solid triangles of a room, in a tree of boxes.

use bevy::math::Vec3;

use super::ray::{Bounds, Ray};

/// How many triangles a leaf of the tree holds at most.
const LEAF: usize = 8;
/// How deep the tree of a large room is, about.
const DEPTH: usize = 24;

/// The solid triangles of a room. There are a hundred thousand of them for as long as one is in
/// it, so each corner is there once.
#[derive(Debug, Default)]
pub(crate) struct Solid {
    corners: Vec<Vec3>,
    triangles: Vec<Triangle>,
    nodes: Vec<Node>,
}

/// A triangle, and which artifact it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Triangle {
    /// The places of its corners in the list of all.
    pub(crate) corners: [u32; 3],
    /// The place of its artifact in the room's list of them.
    pub(crate) artifact: Option<u16>,
}

impl Triangle {
    fn among(&self, corners: &[Vec3]) -> [Vec3; 3] {
        self.corners.map(|it| corners[it as usize])
    }
}

#[derive(Debug)]
struct Node {
    bounds: Bounds,
    /// Of a leaf the first triangle, of a branch the second child; the first child follows it.
    next: u32,
    /// How many triangles a leaf has; a branch has none.
    count: u32,
}

impl Solid {
    /// Sorts the triangles between `corners` into the tree.
    pub(crate) fn new(corners: Vec<Vec3>, mut triangles: Vec<Triangle>) -> Self {
        let mut nodes = Vec::new();
        if !triangles.is_empty() {
            // Halved until no more than a leaf holds: each leaf is at least half full.
            nodes.reserve(triangles.len() * 4 / LEAF);
            grow(&mut nodes, &corners, &mut triangles, 0);
            nodes.shrink_to_fit();
        }
        Self {
            corners,
            triangles,
            nodes,
        }
    }

    /// Triangles by themselves, of nobody's artifact.
    #[cfg(test)]
    pub(crate) fn of(triangles: &[[Vec3; 3]]) -> Self {
        let corners = triangles.concat();
        let triangles = (0..corners.len() as u32).step_by(3).map(|it| Triangle {
            corners: [it, it + 1, it + 2],
            artifact: None,
        });
        Self::new(corners, triangles.collect())
    }

    /// The nearest triangle within `reach`: how far away it is, and whose.
    pub(crate) fn first_hit(&self, ray: &Ray, reach: f32) -> Option<(f32, Option<u16>)> {
        let mut best = None;
        let mut within = reach;
        let inverse = ray.direction.recip();
        let far = |at: usize| ray.enters(&self.nodes[at].bounds, inverse);
        // What is yet to be looked at and how far away it is, the nearest last.
        let mut open = Vec::with_capacity(DEPTH);
        if !self.nodes.is_empty() {
            open.extend(far(0).map(|it| (it, 0)));
        }
        while let Some((begins, at)) = open.pop() {
            if begins > within {
                continue;
            }
            let node = &self.nodes[at];
            let next = node.next as usize;
            if node.count == 0 {
                let [near, other] = [at + 1, next].map(|it| far(it).map(|far| (far, it)));
                match (near, other) {
                    (Some(a), Some(b)) if a.0 < b.0 => open.extend([b, a]),
                    _ => open.extend([near, other].into_iter().flatten()),
                }
                continue;
            }
            for triangle in &self.triangles[next..next + node.count as usize] {
                if let Some(distance) = ray.meets_triangle(triangle.among(&self.corners))
                    && distance < within
                {
                    within = distance;
                    best = Some((distance, triangle.artifact));
                }
            }
        }
        best
    }
}

/// Adds the node for `triangles`, which begin at `first` of all, and those below it.
fn grow(nodes: &mut Vec<Node>, corners: &[Vec3], triangles: &mut [Triangle], first: usize) {
    let bounds = Bounds::around(triangles.iter().flat_map(|it| it.among(corners)));
    let at = nodes.len();
    nodes.push(Node {
        bounds,
        next: first as u32,
        count: triangles.len() as u32,
    });
    if triangles.len() <= LEAF {
        return;
    }
    // Three times as far along as its middle, which sorts as well.
    let along =
        |it: &Triangle, axis: usize| -> f32 { it.among(corners).map(|it| it[axis]).iter().sum() };
    let extent = bounds.max - bounds.min;
    let axis = if extent.x >= extent.y.max(extent.z) {
        0
    } else if extent.y >= extent.z {
        1
    } else {
        2
    };
    let half = triangles.len() / 2;
    triangles.select_nth_unstable_by(half, |a, b| along(a, axis).total_cmp(&along(b, axis)));
    let (left, right) = triangles.split_at_mut(half);
    grow(nodes, corners, left, first);
    nodes[at].next = nodes.len() as u32;
    nodes[at].count = 0;
    grow(nodes, corners, right, first + half);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point() -> impl Strategy<Value = Vec3> {
        [-5.0f32..5.0, -5.0f32..5.0, -5.0f32..5.0].prop_map(Vec3::from)
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_trying_every_triangle_finds(
            corners in prop::collection::vec([point(), point(), point()], 1..60),
            origin in point(),
            to in point(),
        ) {
            let ray = Ray { origin, direction: (to - origin).normalize_or(Vec3::X) };
            let every = corners.iter().filter_map(|it| ray.meets_triangle(*it)).min_by(f32::total_cmp);
            let found = Solid::of(&corners).first_hit(&ray, f32::INFINITY);
            prop_assert_eq!(found.map(|it| it.0), every);
        }
    }
}
