//! The shape of the lantern that hovers over a stop: a paper belly between two wooden rims.

use std::f32::consts::TAU;

use bevy::math::Vec3;

const SIDES: u32 = 16;

/// Radius, height and glow along the profile, bottom to top, in lantern sizes.
const PROFILE: [(f32, f32, f32); 12] = [
    (0.00, -1.00, 0.0),
    (0.16, -1.00, 0.0),
    (0.40, -0.84, 0.0),
    (0.42, -0.76, 0.0),
    (0.60, -0.52, 1.0),
    (0.70, -0.18, 1.0),
    (0.70, 0.18, 1.0),
    (0.60, 0.52, 1.0),
    (0.42, 0.76, 0.0),
    (0.40, 0.84, 0.0),
    (0.16, 1.00, 0.0),
    (0.00, 1.00, 0.0),
];

/// The corners as bytes (position, normal, glow) and the triangles' indices.
pub(super) fn shape() -> (Vec<u8>, Vec<u32>) {
    let mut corners = Vec::new();
    let mut indices = Vec::new();
    for (row, (radius, height, glow)) in PROFILE.iter().enumerate() {
        let below = PROFILE[row.saturating_sub(1)];
        let above = PROFILE[(row + 1).min(PROFILE.len() - 1)];
        // Across the profile from its neighbours' direction.
        let (out, up) = (above.1 - below.1, below.0 - above.0);
        for side in 0..=SIDES {
            let (sin, cos) = (TAU * side as f32 / SIDES as f32).sin_cos();
            let position = Vec3::new(radius * cos, *height, radius * sin);
            let normal = Vec3::new(out * cos, up, out * sin).normalize_or(Vec3::Y);
            corners.extend(corner(position, normal, *glow));
        }
    }
    let ring = SIDES + 1;
    for row in 0..PROFILE.len() as u32 - 1 {
        for side in 0..SIDES {
            let a = row * ring + side;
            let (b, c, d) = (a + 1, a + ring, a + ring + 1);
            indices.extend([a, c, b, b, c, d]);
        }
    }
    (corners, indices)
}

/// A corner as bytes: position, normal, glow.
pub(super) fn corner(position: Vec3, normal: Vec3, glow: f32) -> impl Iterator<Item = u8> {
    let ([x, y, z], [nx, ny, nz]) = (position.to_array(), normal.to_array());
    [x, y, z, nx, ny, nz, glow]
        .into_iter()
        .flat_map(f32::to_le_bytes)
}
