//! A blink between two places, for visitors who asked for less motion.

use bevy::prelude::*;

use crate::{TourSystems, awake::Awake, theme};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Blink>()
        .add_systems(Update, open.in_set(TourSystems::Present));
}

/// How far the eye is shut.
#[derive(Resource, Debug, Default)]
pub(crate) struct Blink {
    /// 1 is dark.
    dark: f32,
}

impl Blink {
    /// Shuts the eye; it opens again by itself.
    pub(crate) fn shut(&mut self) {
        self.dark = 1.0;
    }

    /// How dark it is, in `0.0..=1.0`.
    pub(crate) fn dark(&self) -> f32 {
        self.dark
    }
}

fn open(mut blink: ResMut<Blink>, mut awake: ResMut<Awake>) {
    if blink.dark > 0.0 {
        let step = awake.step_secs();
        blink.dark = (blink.dark - step / (2.0 * theme::BLINK_SECS)).max(0.0);
        awake.animate();
    }
}
