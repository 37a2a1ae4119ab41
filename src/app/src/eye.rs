//! The visitor's eye: where it is, where it looks, and what of the world falls on the canvas.

use bevy::prelude::*;

use crate::room::ray::Ray;

/// The near plane, metres.
const NEAR_M: f32 = 0.05;
/// The vertical angle of view on wide canvases.
const FOV_Y_DEG: f32 = 58.0;
/// The horizontal angle of view that narrow canvases keep, as far as the vertical one allows.
const FOV_X_LEAST_DEG: f32 = 52.0;
/// The vertical angle of view never grows beyond this.
const FOV_Y_MOST_DEG: f32 = 82.0;

/// The eye through which everything is seen.
#[derive(Resource, Debug, Clone, PartialEq)]
pub(crate) struct Eye {
    /// Where it is, in the world.
    pub(crate) position: Vec3,
    /// The compass: 0 looks along −Z, positive turns to the left. Radians.
    pub(crate) yaw: f32,
    /// Up is positive. Radians.
    pub(crate) pitch: f32,
    /// The canvas, CSS pixels.
    pub(crate) size: Vec2,
    /// How far the middle of the view is moved on the canvas, in halves of its width and height.
    pub(crate) shift: Vec2,
}

impl Default for Eye {
    fn default() -> Self {
        Self {
            position: Vec3::ZERO,
            yaw: 0.0,
            pitch: 0.0,
            size: Vec2::new(16.0, 9.0),
            shift: Vec2::ZERO,
        }
    }
}

impl Eye {
    /// The eye's orientation.
    pub(crate) fn rotation(&self) -> Quat {
        Quat::from_euler(EulerRot::YXZ, self.yaw, self.pitch, 0.0)
    }

    /// Width over height.
    pub(crate) fn aspect(&self) -> f32 {
        (self.size.x / self.size.y.max(1.0)).max(0.1)
    }

    /// The vertical angle of view, radians. A narrow canvas sees higher so as not to see too little
    /// from side to side.
    pub(crate) fn fov_y(&self) -> f32 {
        let wide = FOV_Y_DEG.to_radians();
        let narrow = 2.0 * ((FOV_X_LEAST_DEG.to_radians() / 2.0).tan() / self.aspect()).atan();
        wide.max(narrow.min(FOV_Y_MOST_DEG.to_radians()))
    }

    /// From the world to clip space: depth is 1 at the near plane and 0 at infinity.
    pub(crate) fn clip_from_world(&self) -> Mat4 {
        let mut clip_from_view =
            Mat4::perspective_infinite_reverse_rh(self.fov_y(), self.aspect(), NEAR_M);
        // Clip space is divided by w = −z, so a shift of the whole image belongs into the z column.
        clip_from_view.z_axis.x = -self.shift.x;
        clip_from_view.z_axis.y = -self.shift.y;
        let world_from_view = Mat4::from_rotation_translation(self.rotation(), self.position);
        clip_from_view * world_from_view.inverse()
    }

    /// Where a point of the world falls: −1 to 1 from left to right and from bottom to top, and
    /// nowhere if it lies behind.
    pub(crate) fn ndc(&self, point_in_world: Vec3) -> Option<Vec2> {
        ndc(&self.clip_from_world(), point_in_world)
    }

    /// Where a point of the world falls on the canvas, CSS pixels from its top left, by
    /// [`Eye::clip_from_world`], which is worked out once for many points.
    pub(crate) fn on_canvas(&self, clip_from_world: &Mat4, point_in_world: Vec3) -> Option<Vec2> {
        let ndc = ndc(clip_from_world, point_in_world)?;
        Some((ndc * Vec2::new(0.5, -0.5) + 0.5) * self.size)
    }

    /// The ray that leaves the eye through a point of the canvas, CSS pixels from its top left.
    pub(crate) fn ray(&self, on_canvas: Vec2) -> Ray {
        let ndc = (on_canvas / self.size.max(Vec2::ONE) - 0.5) * Vec2::new(2.0, -2.0) - self.shift;
        let tan = (self.fov_y() / 2.0).tan();
        let in_view = Vec3::new(ndc.x * tan * self.aspect(), ndc.y * tan, -1.0);
        Ray {
            origin: self.position,
            direction: (self.rotation() * in_view).normalize(),
        }
    }
}

fn ndc(clip_from_world: &Mat4, point_in_world: Vec3) -> Option<Vec2> {
    let clip = *clip_from_world * point_in_world.extend(1.0);
    (clip.w > NEAR_M).then(|| clip.truncate().truncate() / clip.w)
}

/// Yaw and pitch of a look in `direction`.
pub(crate) fn angles(direction: Vec3) -> (f32, f32) {
    let flat = Vec2::new(direction.x, direction.z).length();
    ((-direction.x).atan2(-direction.z), direction.y.atan2(flat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ray_through_a_point_of_the_canvas_meets_what_is_drawn_there() {
        let eye = Eye {
            position: Vec3::new(1.0, 1.6, -2.0),
            yaw: 0.7,
            pitch: -0.2,
            size: Vec2::new(390.0, 844.0),
            shift: Vec2::new(-0.4, 0.3),
        };
        let point = Vec3::new(-1.0, 1.0, -5.0);
        let ray = eye.ray(
            eye.on_canvas(&eye.clip_from_world(), point)
                .expect("it is in front"),
        );
        let along = (point - ray.origin).dot(ray.direction);
        assert!((ray.origin + ray.direction * along - point).length() < 1e-3);
    }

    #[test]
    fn angles_are_those_of_the_look() {
        let eye = Eye {
            yaw: -2.1,
            pitch: 0.4,
            ..default()
        };
        let (yaw, pitch) = angles(eye.rotation() * Vec3::NEG_Z);
        assert!((yaw - eye.yaw).abs() < 1e-5 && (pitch - eye.pitch).abs() < 1e-5);
    }
}
