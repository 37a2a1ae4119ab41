//! The walkable surface: of how many parts it is, and on which of them something stands.

use std::collections::BTreeMap;

use super::triangles::Corners;

/// Corners that are nearer than this, metres, are one.
const WELD_M: f32 = 0.01;
/// Two parts whose edges are no higher above each other than this, metres, are a step apart.
const STEP_M: f32 = 0.3;
/// A node may stand off the edge by so much, metres.
const MARGIN_M: f32 = 0.05;
/// A node may be so far under the surface, metres …
const UNDER_M: f32 = 0.4;
/// … and so far above it: at the height of an eye.
const ABOVE_M: f32 = 2.2;
/// So many comparisons are made in search of touching parts.
const COMPARISONS: usize = 20_000_000;

/// A walkable surface.
#[derive(Debug)]
pub(in crate::source) struct Surface {
    triangles: Vec<Corners>,
    /// The part that each triangle belongs to: the least triangle of it.
    part: Vec<usize>,
}

impl Surface {
    /// Sorts triangles into parts that touch.
    pub(super) fn new(triangles: Vec<Corners>) -> Self {
        let mut part: Vec<usize> = (0..triangles.len()).collect();
        let mut owners: BTreeMap<[i64; 3], usize> = BTreeMap::new();
        for (index, corners) in triangles.iter().enumerate() {
            for corner in corners {
                let key = corner.map(|n| (n / WELD_M).round() as i64);
                let owner = *owners.entry(key).or_insert(index);
                join(&mut part, owner, index);
            }
        }
        let mut surface = Self { triangles, part };
        surface.flatten();
        if surface.parts() > 1 {
            surface.join_touching();
        }
        surface
    }

    /// Joins parts of which one has a corner on the other: a plank laid on a deck.
    fn join_touching(&mut self) {
        let count = self.triangles.len();
        if count.saturating_mul(count) > COMPARISONS / 3 {
            return;
        }
        for index in 0..count {
            for corner in self.triangles[index] {
                for other in 0..count {
                    let apart = root(&mut self.part, index) != root(&mut self.part, other);
                    let height = apart.then(|| height_at(&self.triangles[other], corner));
                    if let Some(Some(height)) = height
                        && (height - corner[1]).abs() <= STEP_M
                    {
                        join(&mut self.part, index, other);
                    }
                }
            }
        }
        self.flatten();
    }

    fn flatten(&mut self) {
        for index in 0..self.part.len() {
            self.part[index] = root(&mut self.part, index);
        }
    }

    /// How many parts there are.
    pub(in crate::source) fn parts(&self) -> usize {
        let roots = self.part.iter().enumerate();
        roots.filter(|(index, part)| index == *part).count()
    }

    /// The part that is under `point`, the nearest in height if there are several.
    pub(in crate::source) fn part_under(&self, point: [f32; 3]) -> Option<usize> {
        let heights = self.triangles.iter().zip(&self.part);
        heights
            .filter_map(|(corners, part)| Some((point[1] - height_at(corners, point)?, *part)))
            .filter(|(above, _)| (-UNDER_M..=ABOVE_M).contains(above))
            .min_by(|(a, _), (b, _)| a.abs().total_cmp(&b.abs()))
            .map(|(_, part)| part)
    }
}

fn root(part: &mut [usize], mut index: usize) -> usize {
    while part[index] != index {
        part[index] = part[part[index]];
        index = part[index];
    }
    index
}

fn join(part: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(part, a), root(part, b));
    part[a.max(b)] = a.min(b);
}

/// The height of a triangle at the place of `point`, if it reaches there, seen from above.
fn height_at(corners: &Corners, point: [f32; 3]) -> Option<f32> {
    let [a, b, c] = corners.map(|[x, y, z]| [x - point[0], y, z - point[2]]);
    // Twice the areas of the triangles that the point makes with each side, seen from above.
    let area = |p: [f32; 3], q: [f32; 3]| p[0] * q[2] - p[2] * q[0];
    let weights = [area(b, c), area(c, a), area(a, b)];
    let sum: f32 = weights.iter().sum();
    if sum.abs() < 1e-9 {
        return None;
    }
    let inside = weights.iter().all(|weight| weight / sum >= 0.0);
    if inside {
        let heights = [a[1], b[1], c[1]];
        return Some(weights.iter().zip(heights).map(|(w, y)| w / sum * y).sum());
    }
    let sides = [(a, b), (b, c), (c, a)];
    let (distance, height) = sides
        .map(|(p, q)| to_side(p, q))
        .into_iter()
        .min_by(|one, other| one.0.total_cmp(&other.0))?;
    (distance <= MARGIN_M).then_some(height)
}

/// How far the origin is from the side between `p` and `q`, seen from above, and how high that is.
fn to_side(p: [f32; 3], q: [f32; 3]) -> (f32, f32) {
    let (dx, dy, dz) = (q[0] - p[0], q[1] - p[1], q[2] - p[2]);
    let length = dx * dx + dz * dz;
    let along = if length > 0.0 {
        -(p[0] * dx + p[2] * dz) / length
    } else {
        0.0
    };
    let along = along.clamp(0.0, 1.0);
    let (x, z) = (p[0] + along * dx, p[2] + along * dz);
    (x.hypot(z), p[1] + along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, y: f32, size: f32) -> [Corners; 2] {
        let corner = |dx: f32, dz: f32| [x + dx * size, y, dz * size];
        let [near, far] = [(0., 1.), (1., 0.)].map(|(dx, dz)| corner(dx, dz));
        let halves = [corner(0., 0.), corner(1., 1.)];
        halves.map(|corner| [near, far, corner])
    }

    #[test]
    fn what_touches_is_one_part_and_what_does_not_is_two() {
        let near = [square(0., 0., 2.), square(1., 0.2, 1.5)].concat();
        assert_eq!(Surface::new(near).parts(), 1);
        let far = [square(0., 0., 2.), square(3., 0., 1.)].concat();
        assert_eq!(Surface::new(far).parts(), 2);
        let high = [square(0., 0., 2.), square(0.5, 3., 1.)].concat();
        assert_eq!(Surface::new(high).parts(), 2);
    }

    #[test]
    fn a_point_stands_on_the_surface_below_it() {
        let surface = Surface::new([square(0., 0., 2.), square(3., 0., 1.)].concat());
        let stands = surface.part_under([1.5, 1.6, 0.5]);
        assert!(stands.is_some());
        assert_ne!(stands, surface.part_under([3.5, 0., 0.5]));
        assert_eq!(surface.part_under([2.5, 0., 0.5]), None);
        assert_eq!(surface.part_under([1.5, 5., 0.5]), None);
    }
}
