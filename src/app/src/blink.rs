//! A blink: between two places, for visitors who asked for less motion, and between two rooms.

use bevy::prelude::*;

use crate::{TourSystems, awake::Awake, theme};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Blink>()
        .add_systems(Update, ease.in_set(TourSystems::Present));
}

/// How far the eye is shut.
#[derive(Resource, Debug, Default)]
pub(crate) struct Blink {
    /// 1 is dark.
    dark: f32,
    /// It shuts, or stays shut; otherwise it opens.
    falling: bool,
}

impl Blink {
    /// Shuts the eye at once; it opens again by itself.
    pub(crate) fn shut(&mut self) {
        self.dark = 1.0;
    }

    /// Lets the eye fall shut; it stays so until [`Blink::rise`].
    pub(crate) fn fall(&mut self) {
        self.falling = true;
    }

    /// Lets the eye open again.
    pub(crate) fn rise(&mut self) {
        self.falling = false;
    }

    /// How dark it is, in `0.0..=1.0`.
    pub(crate) fn dark(&self) -> f32 {
        self.dark
    }
}

fn ease(mut blink: ResMut<Blink>, mut awake: ResMut<Awake>) {
    let to = if blink.falling { 1.0 } else { 0.0 };
    if blink.dark < to {
        let step = awake.step_secs();
        blink.dark = (blink.dark + step / theme::BLINK_SECS).min(1.0);
        awake.animate();
    } else if blink.dark > to {
        let step = awake.step_secs();
        blink.dark = (blink.dark - step / (2.0 * theme::BLINK_SECS)).max(0.0);
        awake.animate();
    }
}
