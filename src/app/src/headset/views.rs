//! What each of the two eyes sees, as it is drawn.

use bevy::{math::Affine3A, prelude::*};

use super::{Report, rig::Rig};
use crate::room::{Walls, ray::Ray};

/// How far behind a wall the head is when nothing is seen any more.
const DARK_BEHIND_M: f32 = 0.25;

/// What is drawn for the headset.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Views {
    pub(crate) eyes: Vec<EyeView>,
    /// How far the sides of the view are shut.
    pub(crate) vignette: f32,
    /// How dark everything is.
    pub(crate) dark: f32,
    /// How finely they are drawn, in shares of the finest; 0 before the first.
    pub(crate) fineness: f32,
    /// Whether what is not drawn is the visitor's own room.
    pub(crate) clear: bool,
}

/// What one eye sees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EyeView {
    pub(crate) clip_from_world: Mat4,
    pub(crate) position: Vec3,
    /// Left, bottom, width and height in the framebuffer, pixels.
    pub(crate) viewport: [u32; 4],
    /// Where straight ahead is: −1 to 1 from left to right and from bottom to top.
    pub(crate) middle: Vec2,
}

/// What each eye sees of the world.
pub(super) fn seen(report: &Report, rig: &Rig) -> impl Iterator<Item = EyeView> {
    report.views.iter().map(|view| {
        let world_from_view = rig.place(view.pose);
        EyeView {
            clip_from_world: view.clip_from_view
                * Mat4::from(Affine3A::from(world_from_view.inverse())),
            position: world_from_view.translation.into(),
            viewport: view.viewport,
            middle: -view.clip_from_view.z_axis.truncate().truncate(),
        }
    })
}

/// How dark it is for a head at `head` above somebody who stands at `stands`: nobody looks through
/// a wall by leaning into it.
pub(super) fn behind(walls: &Walls, stands: Vec3, head: Vec3) -> f32 {
    let to = head - stands;
    let length = to.length();
    let ray = Ray {
        origin: stands,
        direction: to.normalize_or(Vec3::NEG_Z),
    };
    let wall = walls.0.first_hit(&ray, length);
    wall.map_or(0.0, |(far, _)| ((length - far) / DARK_BEHIND_M).min(1.0))
}
