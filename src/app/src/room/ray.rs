//! Rays, and what they meet: boxes, balls and the solid triangles of a room.

use bevy::math::Vec3;

/// A half line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ray {
    /// Where it begins.
    pub(crate) origin: Vec3,
    /// Where it goes, of length 1.
    pub(crate) direction: Vec3,
}

impl Ray {
    /// The point at `distance`.
    pub(crate) fn at(&self, distance: f32) -> Vec3 {
        self.origin + self.direction * distance
    }

    /// How far away a ball begins.
    pub(crate) fn meets_ball(&self, center: Vec3, radius: f32) -> Option<f32> {
        let to = center - self.origin;
        let along = to.dot(self.direction);
        let off = to.length_squared() - along * along;
        let half = (radius * radius - off).max(0.0).sqrt();
        (off <= radius * radius && along + half > 0.0).then(|| (along - half).max(0.0))
    }

    /// How far away a box with edges along the axes begins.
    pub(crate) fn meets_box(&self, bounds: &Bounds) -> Option<f32> {
        self.enters(bounds, self.direction.recip())
    }

    /// The same, where the `inverse` of the direction is known.
    pub(crate) fn enters(&self, bounds: &Bounds, inverse: Vec3) -> Option<f32> {
        let a = (bounds.min - self.origin) * inverse;
        let b = (bounds.max - self.origin) * inverse;
        let enter = a.min(b).max_element().max(0.0);
        let leave = a.max(b).min_element();
        (enter <= leave).then_some(enter)
    }

    /// How far away a triangle is, from either side (Möller and Trumbore 1997).
    pub(crate) fn meets_triangle(&self, [a, b, c]: [Vec3; 3]) -> Option<f32> {
        let (ab, ac) = (b - a, c - a);
        let p = self.direction.cross(ac);
        let determinant = ab.dot(p);
        if determinant.abs() < 1e-10 {
            return None;
        }
        let from_a = self.origin - a;
        let u = from_a.dot(p) / determinant;
        let q = from_a.cross(ab);
        let v = self.direction.dot(q) / determinant;
        let distance = ac.dot(q) / determinant;
        (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance > 0.0).then_some(distance)
    }
}

/// A box with edges along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: Vec3,
    pub(crate) max: Vec3,
}

impl Bounds {
    /// The box that holds nothing.
    pub(crate) const EMPTY: Self = Self {
        min: Vec3::INFINITY,
        max: Vec3::NEG_INFINITY,
    };

    /// The smallest box around `points`.
    pub(crate) fn around(points: impl IntoIterator<Item = Vec3>) -> Self {
        points.into_iter().fold(Self::EMPTY, |it, point| Self {
            min: it.min.min(point),
            max: it.max.max(point),
        })
    }

    /// The smallest box around both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// Half of how large its surface is.
    pub(crate) fn area(&self) -> f32 {
        let size = self.max - self.min;
        size.x * size.y + size.y * size.z + size.z * size.x
    }

    pub(crate) fn center(&self) -> Vec3 {
        (self.min + self.max) / 2.0
    }

    /// Half the diagonal.
    pub(crate) fn radius(&self) -> f32 {
        (self.max - self.min).length() / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_and_the_one_that_holds_nothing_are_that_box() {
        let one = Bounds::around([Vec3::ZERO, Vec3::ONE]);
        let other = Bounds::around([Vec3::NEG_X]);
        assert_eq!(Bounds::EMPTY.and(&one), one);
        assert_eq!(one.and(&Bounds::EMPTY), one);
        assert_eq!(one.and(&other), Bounds::around([Vec3::NEG_X, Vec3::ONE]));
    }

    #[test]
    fn a_ray_meets_what_lies_before_it_and_nothing_behind() {
        let ray = Ray {
            origin: Vec3::ZERO,
            direction: Vec3::NEG_Z,
        };
        let triangle = |z| {
            [
                Vec3::new(-1.0, -1.0, z),
                Vec3::new(1.0, -1.0, z),
                Vec3::new(0.0, 2.0, z),
            ]
        };
        assert_eq!(ray.meets_triangle(triangle(-2.0)), Some(2.0));
        assert_eq!(ray.meets_triangle(triangle(2.0)), None);
        let ball = |z| ray.meets_ball(Vec3::new(0.0, 0.0, z), 0.5);
        assert_eq!((ball(-3.0), ball(3.0)), (Some(2.5), None));
        let cube = |z: f32| Bounds {
            min: Vec3::new(-1.0, -1.0, z),
            max: Vec3::new(1.0, 1.0, z + 1.0),
        };
        assert_eq!(ray.meets_box(&cube(-4.0)), Some(3.0));
        assert_eq!(ray.meets_box(&cube(4.0)), None);
    }
}
