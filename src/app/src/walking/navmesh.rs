//! The surface that can be walked on: triangles that know their neighbours.

use std::collections::HashMap;

use bevy::{
    math::{IVec3, Vec2, Vec3, Vec3Swizzles},
    prelude::Resource,
};

use super::step::Crossing;

/// Corners nearer to each other than this are one, metres.
const WELD_M: f32 = 0.005;
/// How often a single step may turn along a border.
const SLIDES: usize = 24;

/// A walkable surface. It may lie over itself: gangways and decks are told apart by adjacency.
#[derive(Resource, Debug, Default)]
pub(crate) struct Navmesh {
    pub(super) corners: Vec<Vec3>,
    pub(super) triangles: Vec<[usize; 3]>,
    /// For each triangle, what lies beyond the edge from corner `i` to corner `i + 1`.
    pub(super) neighbors: Vec<[Option<usize>; 3]>,
    /// For each triangle, where a stride leads to another part of the floor.
    pub(super) crossings: Vec<Vec<Crossing>>,
}

/// Where something stands on a walkable surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    /// The triangle.
    pub(crate) triangle: usize,
    /// The point on it.
    pub(crate) position: Vec3,
}

impl Navmesh {
    /// Joins triangles where their corners meet. Those without an area seen from above are left out.
    pub(crate) fn new(triangles: &[[Vec3; 3]]) -> Self {
        let mut mesh = Self::default();
        let mut known = HashMap::new();
        for triangle in triangles {
            let corners = triangle.map(|corner| mesh.weld(&mut known, corner));
            let area = cross(
                triangle[1].xz() - triangle[0].xz(),
                triangle[2].xz() - triangle[0].xz(),
            );
            if area.abs() > 1e-7 {
                // All are wound the same way, so that "inside" is one side of every edge.
                let [a, b, c] = corners;
                mesh.triangles
                    .push(if area > 0.0 { [a, b, c] } else { [a, c, b] });
            }
        }
        mesh.join();
        mesh.find_crossings();
        mesh
    }

    /// The number of the corner at `corner`, or next to it: points that belong together may lie on
    /// both sides of a border between cells.
    fn weld(&mut self, known: &mut HashMap<IVec3, usize>, corner: Vec3) -> usize {
        let cell = (corner / WELD_M).floor().as_ivec3();
        let around = (0..27).map(|i| cell + IVec3::new(i % 3, i / 3 % 3, i / 9) - IVec3::ONE);
        let near = |it: &usize| self.corners[*it].distance(corner) < WELD_M;
        if let Some(found) = around.filter_map(|it| known.get(&it).copied()).find(near) {
            return found;
        }
        self.corners.push(corner);
        known.insert(cell, self.corners.len() - 1);
        self.corners.len() - 1
    }

    fn join(&mut self) {
        let mut sides: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
        self.neighbors = vec![[None; 3]; self.triangles.len()];
        for (at, corners) in self.triangles.iter().enumerate() {
            for side in 0..3 {
                let (a, b) = (corners[side], corners[(side + 1) % 3]);
                if let Some((other, other_side)) = sides.remove(&(b, a)) {
                    self.neighbors[at][side] = Some(other);
                    self.neighbors[other][other_side] = Some(at);
                } else {
                    sides.insert((a, b), (at, side));
                }
            }
        }
    }

    /// Its triangles as seen from above, the lowest first.
    pub(crate) fn seen_from_above(&self) -> impl Iterator<Item = [Vec2; 3]> {
        let corners = |it: &[usize; 3]| it.map(|corner| self.corners[corner]);
        let mut triangles: Vec<_> = self.triangles.iter().map(corners).collect();
        triangles.sort_by(|a, b| {
            let height = |it: &[Vec3; 3]| it.iter().map(|corner| corner.y).sum::<f32>();
            height(a).total_cmp(&height(b))
        });
        triangles.into_iter().map(|it| it.map(Vec3::xz))
    }

    /// Its borders, likewise.
    pub(crate) fn borders(&self) -> impl Iterator<Item = [Vec2; 2]> {
        let sides = self.neighbors.iter().enumerate();
        sides.flat_map(move |(triangle, beyond)| {
            let open = (0..3).filter(|side| beyond[*side].is_none());
            open.map(move |side| [side, side + 1].map(|it| self.corner(triangle, it).xz()))
        })
    }

    pub(super) fn corner(&self, triangle: usize, side: usize) -> Vec3 {
        self.corners[self.triangles[triangle][side % 3]]
    }

    /// The spot nearest to `point`. Height counts as much as distance: a deck is not its cellar.
    pub(crate) fn nearest(&self, point: Vec3) -> Option<Spot> {
        (0..self.triangles.len())
            .map(|triangle| Spot {
                triangle,
                position: self.closest_on(triangle, point),
            })
            .min_by(|a, b| {
                let far = |it: &Spot| it.position.distance_squared(point);
                far(a).total_cmp(&far(b))
            })
    }

    /// The point of a triangle that is nearest to `point` as seen from above.
    fn closest_on(&self, triangle: usize, point: Vec3) -> Vec3 {
        let flat = point.xz();
        let outside = (0..3).filter(|side| self.beyond(triangle, *side, flat) > 0.0);
        let on_edge = outside.map(|side| {
            let (a, b) = (self.corner(triangle, side), self.corner(triangle, side + 1));
            let along = b.xz() - a.xz();
            let t = (flat - a.xz()).dot(along) / along.length_squared().max(1e-12);
            a.lerp(b, t.clamp(0.0, 1.0))
        });
        on_edge
            .min_by(|a, b| {
                let far = |it: &Vec3| it.xz().distance_squared(flat);
                far(a).total_cmp(&far(b))
            })
            .unwrap_or_else(|| Vec3::new(flat.x, self.height(triangle, flat), flat.y))
    }

    /// How far `point` lies beyond a side of a triangle: negative inside, scaled by the side.
    pub(super) fn beyond(&self, triangle: usize, side: usize, point: Vec2) -> f32 {
        let a = self.corner(triangle, side).xz();
        let b = self.corner(triangle, side + 1).xz();
        -cross(b - a, point - a)
    }

    /// The height of a triangle's plane under or over `point`.
    pub(crate) fn height(&self, triangle: usize, point: Vec2) -> f32 {
        let [a, b, c] = [0, 1, 2].map(|side| self.corner(triangle, side));
        let whole = cross(b.xz() - a.xz(), c.xz() - a.xz());
        let u = cross(point - a.xz(), c.xz() - a.xz()) / whole;
        let v = cross(b.xz() - a.xz(), point - a.xz()) / whole;
        a.y + u * (b.y - a.y) + v * (c.y - a.y)
    }

    /// Walks from `spot` by `step` as seen from above, and slides along borders. However long the
    /// step, the way leads from triangle to neighbouring triangle, so nothing is ever jumped over.
    pub(crate) fn walk(&self, spot: Spot, step: Vec2) -> Spot {
        let mut triangle = spot.triangle;
        let mut at = spot.position.xz();
        let mut step = step;
        let mut came_from = None;
        let mut slides = 0;
        for _ in 0..self.triangles.len() + SLIDES {
            if step.length_squared() < 1e-12 {
                break;
            }
            let Some((side, share)) = self.exit(triangle, at, step, came_from) else {
                at += step;
                break;
            };
            at += step * share;
            step *= 1.0 - share;
            if let Some(next) = self.neighbors[triangle][side] {
                came_from = Some(triangle);
                triangle = next;
                continue;
            }
            let border = Vec3::new(at.x, self.height(triangle, at), at.y);
            let toward = step.normalize_or_zero();
            if let Some(spot) = self.stride(triangle, border, toward) {
                let strode = spot.position.xz().distance(at);
                step = toward * (step.length() - strode).max(0.0);
                (triangle, at) = (spot.triangle, spot.position.xz());
                came_from = None;
                continue;
            }
            slides += 1;
            if slides > SLIDES {
                break;
            }
            let along = (self.corner(triangle, side + 1).xz() - self.corner(triangle, side).xz())
                .normalize_or_zero();
            step = along * step.dot(along);
            // A hair's breadth back inside, so that the border just met is not met again.
            let inward = Vec2::new(-along.y, along.x);
            at += inward * 1e-5;
            came_from = None;
        }
        let position = self.closest_on(triangle, Vec3::new(at.x, 0.0, at.y));
        Spot { triangle, position }
    }

    /// Through which side a step leaves a triangle, and after what share of it.
    fn exit(
        &self,
        triangle: usize,
        at: Vec2,
        step: Vec2,
        came_from: Option<usize>,
    ) -> Option<(usize, f32)> {
        let mut best: Option<(usize, f32)> = None;
        for side in 0..3 {
            if came_from.is_some() && self.neighbors[triangle][side] == came_from {
                continue;
            }
            let start = self.beyond(triangle, side, at);
            let end = self.beyond(triangle, side, at + step);
            if end <= 0.0 || end <= start {
                continue;
            }
            let share = (-start / (end - start)).clamp(0.0, 1.0);
            if best.is_none_or(|(_, least)| share < least) {
                best = Some((side, share));
            }
        }
        best
    }

    /// Whether `spot` lies on its triangle, give or take `tolerance_m`.
    #[cfg(test)]
    pub(crate) fn holds(&self, spot: Spot, tolerance_m: f32) -> bool {
        let on = self.closest_on(spot.triangle, spot.position);
        on.distance(spot.position) <= tolerance_m
    }
}

/// The third component of the cross product in the plane seen from above.
pub(super) fn cross(a: Vec2, b: Vec2) -> f32 {
    a.x * b.y - a.y * b.x
}
