//! What stands in the place of [`words`](super::words) where the app is built without them: a
//! headset then shows the room, and nothing in it can be read.

use std::sync::Arc;

use bevy::prelude::*;
use serde::Deserialize;

use crate::room::ray::Ray;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Surface>().init_resource::<Sheet>();
}

pub(super) fn stand() {}

/// Letters, as a file has them.
pub(crate) type Font = Arc<[u8]>;

/// The words of a visit, none of which are kept.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct Table {}

/// A panel that there never is.
#[derive(Resource, Debug, Default)]
pub(super) struct Surface;

/// A ray on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Touch {
    /// Pixels from its top left.
    pub(super) at: Vec2,
    pub(super) down: bool,
    pub(super) pressed: bool,
}

impl Surface {
    pub(super) fn meets(&self, _: &Ray) -> Option<(f32, Vec2)> {
        None
    }

    pub(super) fn near(&self, _: Vec3) -> Option<(f32, Vec2, Vec3)> {
        None
    }

    pub(super) fn over(&self) -> Option<u64> {
        None
    }

    pub(super) fn front(&self) -> Vec3 {
        Vec3::Z
    }

    pub(super) fn is_open(&self) -> bool {
        false
    }

    pub(super) fn look(&mut self, _: Vec2, _: bool, _: f32) -> Option<f32> {
        None
    }

    pub(super) fn touch(&mut self, _: Touch) {}
}

/// Where the panel would be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Board;

/// What would be painted on it.
pub(crate) struct Painted;

/// What is never laid out.
#[derive(Resource, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) board: Option<Board>,
    pub(crate) label: Option<Board>,
}

impl Sheet {
    pub(crate) fn take(&self) -> Option<Painted> {
        None
    }
}
