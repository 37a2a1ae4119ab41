//! The shape of the sign at a door: a doorway with light in it.

use bevy::math::Vec3;

use super::lantern::corner;

/// The boxes that a sign is made of: least and greatest corner in sign sizes, and glow. The sign
/// faces +Z.
const BOXES: [(Vec3, Vec3, f32); 5] = [
    // Two posts, a lintel, and a step before the door.
    (
        Vec3::new(-0.62, -0.9, -0.07),
        Vec3::new(-0.48, 0.86, 0.07),
        0.0,
    ),
    (
        Vec3::new(0.48, -0.9, -0.07),
        Vec3::new(0.62, 0.86, 0.07),
        0.0,
    ),
    (
        Vec3::new(-0.62, 0.86, -0.07),
        Vec3::new(0.62, 1.0, 0.07),
        0.0,
    ),
    (
        Vec3::new(-0.74, -1.0, -0.2),
        Vec3::new(0.74, -0.9, 0.2),
        0.0,
    ),
    // The light within.
    (
        Vec3::new(-0.48, -0.9, -0.02),
        Vec3::new(0.48, 0.86, 0.02),
        1.0,
    ),
];

/// The corners as bytes and the triangles' indices, wound against the clock seen from outside.
pub(super) fn shape() -> (Vec<u8>, Vec<u32>) {
    let (mut corners, mut indices) = (Vec::new(), Vec::new());
    for (low, high, glow) in BOXES {
        let (middle, half) = ((low + high) / 2.0, (high - low) / 2.0);
        for axis in [Vec3::X, Vec3::Y, Vec3::Z] {
            for normal in [axis, -axis] {
                let right = if axis == Vec3::Y {
                    Vec3::X
                } else {
                    Vec3::Y.cross(normal)
                };
                let up = normal.cross(right);
                let first = (corners.len() / super::pipelines::LANTERN_STRIDE as usize) as u32;
                for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                    let at = middle + (normal + right * x + up * y) * half;
                    corners.extend(corner(at, normal, glow));
                }
                indices.extend([0, 1, 2, 0, 2, 3].map(|it| it + first));
            }
        }
    }
    (corners, indices)
}
