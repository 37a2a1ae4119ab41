//! The visit's clock.

use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Clock>();
}

/// Milliseconds since the visit began, never falling.
#[derive(Resource, Debug, Default, Clone, Copy)]
pub(crate) struct Clock {
    millis: u64,
}

impl Clock {
    /// The time at which an action happens now.
    pub(crate) fn at(self) -> u64 {
        self.millis
    }

    /// Moves on to `millis`, unless that is in the past.
    pub(crate) fn set(&mut self, millis: u64) {
        self.millis = self.millis.max(millis);
    }
}
