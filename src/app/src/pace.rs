//! How finely frames are drawn: less so while something moves and frames come late, and as finely
//! as the device shows them once everything is still.

use bevy::prelude::*;

use crate::{
    AtCanvas, TourSystems,
    awake::Awake,
    theme::{self, Quality},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pace>()
        .add_systems(Update, keep.in_set(TourSystems::Present).in_set(AtCanvas));
}

/// The steps of fineness: pixels along each side, in shares of what the device shows.
const STEPS: [f32; 4] = [1.0, 0.85, 0.7, 0.55];
/// Of so many frames the pace is told: enough for one that is late by chance not to count.
const TOLD_BY: usize = 24;

/// How finely the next frame is drawn.
#[derive(Resource, Debug, Default)]
pub(crate) struct Pace {
    /// Which of the steps is taken while something moves.
    step: usize,
    /// How long the last frames took, seconds.
    recent: Vec<f32>,
    /// Whether something moves, or did a moment ago.
    moving: bool,
    /// For how long nothing has moved, seconds.
    still_secs: f32,
}

impl Pace {
    /// Pixels along each side, in shares of what the device shows.
    pub(crate) fn share(&self) -> f32 {
        if self.moving { STEPS[self.step] } else { 1.0 }
    }

    /// Takes a frame that came `secs` after the one before it, while something moved.
    fn take(&mut self, secs: f32) {
        self.recent.push(secs);
        if self.recent.len() < TOLD_BY {
            return;
        }
        self.recent.sort_by(f32::total_cmp);
        let median = self.recent[TOLD_BY / 2];
        self.recent.clear();
        if median > theme::FRAME_LATE_SECS {
            self.step = (self.step + 1).min(STEPS.len() - 1);
        } else if median < theme::FRAME_EARLY_SECS {
            self.step = self.step.saturating_sub(1);
        }
    }
}

fn keep(
    mut pace: ResMut<Pace>,
    mut awake: ResMut<Awake>,
    quality: Res<Quality>,
    time: Res<Time<Real>>,
) {
    if !quality.adapts {
        return;
    }
    let before = pace.share();
    if awake.moves() {
        // A frame after a pause tells nothing of the pace.
        if pace.moving && pace.still_secs == 0.0 {
            pace.take(time.delta_secs());
        }
        (pace.moving, pace.still_secs) = (true, 0.0);
    } else if pace.moving && pace.share() < 1.0 {
        pace.still_secs += time.delta_secs();
        if pace.still_secs < theme::FINE_AFTER_SECS {
            awake.again_in((theme::FINE_AFTER_SECS * 1000.0) as u64);
        } else {
            pace.moving = false;
        }
    }
    if pace.share().total_cmp(&before).is_ne() {
        awake.draw();
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "a step is taken as it is, and nothing is computed with it"
)]
mod tests {
    use super::*;

    fn walks(pace: &mut Pace, frames: usize, secs: f32) {
        pace.moving = true;
        (0..frames).for_each(|_| pace.take(secs));
    }

    #[test]
    fn frames_that_come_late_are_drawn_less_finely_and_never_below_the_last_step() {
        let mut pace = Pace::default();
        walks(&mut pace, TOLD_BY, 0.05);
        assert_eq!(pace.share(), STEPS[1]);
        walks(&mut pace, 20 * TOLD_BY, 0.05);
        assert_eq!(pace.share(), STEPS[3]);
    }

    #[test]
    fn what_is_quick_again_is_drawn_finely_again() {
        let mut pace = Pace::default();
        walks(&mut pace, 4 * TOLD_BY, 0.05);
        walks(&mut pace, 4 * TOLD_BY, 0.017);
        assert_eq!(pace.share(), 1.0);
    }

    #[test]
    fn neither_a_single_late_frame_nor_thirty_a_second_changes_anything() {
        let mut pace = Pace::default();
        walks(&mut pace, TOLD_BY - 1, 0.016);
        walks(&mut pace, 1, 2.0);
        assert_eq!(pace.share(), 1.0);
        walks(&mut pace, 2 * TOLD_BY, 0.05);
        let share = pace.share();
        walks(&mut pace, 10 * TOLD_BY, 0.031);
        assert_eq!(pace.share(), share);
    }

    #[test]
    fn what_is_still_is_drawn_as_finely_as_it_can_be() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, crate::awake::plugin, plugin));
        let step = std::time::Duration::from_millis(100);
        app.insert_resource(bevy::time::TimeUpdateStrategy::ManualDuration(step));
        app.insert_resource(Quality::default());
        app.world_mut().resource_mut::<Pace>().step = 2;
        app.add_systems(
            Update,
            (|mut awake: ResMut<Awake>, mut frames: Local<u32>| {
                *frames += 1;
                if *frames < 3 {
                    awake.animate();
                }
            })
            .in_set(TourSystems::Decide)
            .before(TourSystems::Present),
        );
        let mut shares = Vec::new();
        for _ in 0..12 {
            app.update();
            shares.push(app.world().resource::<Pace>().share());
        }
        assert_eq!(shares[0], STEPS[2]);
        assert_eq!(shares[11], 1.0);
        assert!(!app.world().resource::<Awake>().draws());
    }
}
