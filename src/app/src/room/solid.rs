//! What cannot be seen through: the solid triangles of a room, in a tree of boxes.

use bevy::math::Vec3;

use super::ray::{Bounds, Ray};

/// How many triangles a leaf of the tree holds at most.
const LEAF: usize = 8;
/// How deep the tree of a large room is, about.
const DEPTH: usize = 32;
/// So deep down, triangles are parted by their number alone.
const DEPTH_MOST: usize = 40;
/// Among how many places to part triangles the best is looked for.
const BINS: usize = 16;

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

    /// Three times its middle, which sorts as well.
    fn middle(&self, corners: &[Vec3]) -> Vec3 {
        self.among(corners).into_iter().sum()
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
            // Most leaves are at least half full.
            nodes.reserve(triangles.len() * 4 / LEAF);
            let extent = Extent::of(&triangles, &corners);
            grow(&mut nodes, &corners, &mut triangles, extent, (0, 0));
            nodes.shrink_to_fit();
        }
        let corners = sorted(corners, &mut triangles);
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

/// Adds the node for `triangles`, which begin at `first` of all, and those below it, `depth` of them
/// below the root.
fn grow(
    nodes: &mut Vec<Node>,
    corners: &[Vec3],
    triangles: &mut [Triangle],
    extent: Extent,
    (first, depth): (usize, usize),
) {
    let at = nodes.len();
    nodes.push(Node {
        bounds: extent.bounds,
        next: first as u32,
        count: triangles.len() as u32,
    });
    if triangles.len() <= LEAF {
        return;
    }
    let (cut, [near, far]) = cut(corners, triangles, &extent, depth);
    let (left, right) = triangles.split_at_mut(cut);
    grow(nodes, corners, left, near, (first, depth + 1));
    nodes[at].next = nodes.len() as u32;
    nodes[at].count = 0;
    grow(nodes, corners, right, far, (first + cut, depth + 1));
}

/// Parts triangles in two, so that a ray has the least to try (the surface area heuristic, with the
/// triangles in bins: Wald 2007). Returns how many come first, and how far either part reaches.
fn cut(
    corners: &[Vec3],
    triangles: &mut [Triangle],
    extent: &Extent,
    depth: usize,
) -> (usize, [Extent; 2]) {
    let size = extent.middles.max - extent.middles.min;
    let axis = widest(size);
    let along = |it: &Triangle| it.middle(corners)[axis];
    if depth >= DEPTH_MOST || size[axis] <= 0.0 {
        let half = triangles.len() / 2;
        triangles.select_nth_unstable_by(half, |a, b| along(a).total_cmp(&along(b)));
        let (left, right) = triangles.split_at(half);
        return (half, [left, right].map(|it| Extent::of(it, corners)));
    }
    let begins = extent.middles.min[axis];
    let scale = BINS as f32 / size[axis];
    let bin = |middle: f32| (((middle - begins) * scale) as usize).min(BINS - 1);
    let mut bins = [Extent::EMPTY; BINS];
    for triangle in &*triangles {
        let three = triangle.among(corners);
        let middle: Vec3 = three.into_iter().sum();
        bins[bin(middle[axis])].add(three, middle);
    }
    let mut behind = [Extent::EMPTY; BINS];
    let mut all = Extent::EMPTY;
    for (bin, behind) in bins.iter().zip(&mut behind).rev() {
        all = all.and(bin);
        *behind = all;
    }
    let mut best = (f32::INFINITY, BINS / 2, [Extent::EMPTY; 2]);
    let mut before = bins[0];
    for at in 1..BINS {
        let cost = before.cost() + behind[at].cost();
        if cost < best.0 {
            best = (cost, at, [before, behind[at]]);
        }
        before = before.and(&bins[at]);
    }
    let (_, at, parts) = best;
    // The first has the least along, and the last the most: neither part is empty.
    (partition(triangles, |it| bin(along(it)) < at), parts)
}

/// How far some triangles reach.
#[derive(Debug, Clone, Copy)]
struct Extent {
    bounds: Bounds,
    /// Three times their middles.
    middles: Bounds,
    count: usize,
}

impl Extent {
    const EMPTY: Self = Self {
        bounds: Bounds::EMPTY,
        middles: Bounds::EMPTY,
        count: 0,
    };

    fn of(triangles: &[Triangle], corners: &[Vec3]) -> Self {
        let mut all = Self::EMPTY;
        for triangle in triangles {
            all.add(triangle.among(corners), triangle.middle(corners));
        }
        all
    }

    fn add(&mut self, among: [Vec3; 3], middle: Vec3) {
        for corner in among {
            self.bounds.min = self.bounds.min.min(corner);
            self.bounds.max = self.bounds.max.max(corner);
        }
        self.middles.min = self.middles.min.min(middle);
        self.middles.max = self.middles.max.max(middle);
        self.count += 1;
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            bounds: self.bounds.and(&other.bounds),
            middles: self.middles.and(&other.middles),
            count: self.count + other.count,
        }
    }

    /// How much there is to try in it for the rays that come by.
    fn cost(&self) -> f32 {
        if self.count == 0 {
            return 0.0;
        }
        self.bounds.area() * self.count as f32
    }
}

/// The corners in the order in which the triangles need them: those of a leaf lie beside each other.
fn sorted(corners: Vec<Vec3>, triangles: &mut [Triangle]) -> Vec<Vec3> {
    const NEW: u32 = u32::MAX;
    let mut places = vec![NEW; corners.len()];
    let mut sorted = Vec::with_capacity(corners.len());
    for place in triangles.iter_mut().flat_map(|it| &mut it.corners) {
        let known = &mut places[*place as usize];
        if *known == NEW {
            *known = sorted.len() as u32;
            sorted.push(corners[*place as usize]);
        }
        *place = *known;
    }
    sorted
}

/// The axis along which an extent is the largest.
fn widest(extent: Vec3) -> usize {
    if extent.x >= extent.y.max(extent.z) {
        0
    } else if extent.y >= extent.z {
        1
    } else {
        2
    }
}

/// Brings those that `come` to the front; returns how many do.
fn partition<T>(all: &mut [T], comes: impl Fn(&T) -> bool) -> usize {
    let mut front = 0;
    for at in 0..all.len() {
        if comes(&all[at]) {
            all.swap(front, at);
            front += 1;
        }
    }
    front
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point() -> impl Strategy<Value = Vec3> {
        [-5.0f32..5.0, -5.0f32..5.0, -5.0f32..5.0].prop_map(Vec3::from)
    }

    #[test]
    fn triangles_in_one_place_are_a_tree_as_well() {
        let same = [Vec3::NEG_X, Vec3::X, Vec3::Y];
        let ray = Ray {
            origin: Vec3::new(0.0, 0.5, 3.0),
            direction: Vec3::NEG_Z,
        };
        let solid = Solid::of(&[same; 100]);
        assert_eq!(solid.corners.len(), 300, "each corner is one of its own");
        assert_eq!(solid.first_hit(&ray, 9.0), Some((3.0, None)));
    }

    #[test]
    fn far_down_in_the_tree_triangles_are_parted_by_number() {
        let at = |x: f32| [x, x + 0.5, x].map(|x| Vec3::new(x, x % 1.0, 0.0));
        let mut few_near = Solid::of(&[0.0, 0.1, 90.0, 90.1, 90.2, 90.3, 90.4, 90.5].map(at));
        let extent = Extent::of(&few_near.triangles, &few_near.corners);
        let mut cut = |depth| cut(&few_near.corners, &mut few_near.triangles, &extent, depth).0;
        assert_eq!((cut(0), cut(DEPTH_MOST)), (2, 4));
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
