//! What the tour takes of the engine's own course of an update: its time, and what has been said.
//! Everything is one schedule, because in a headset whatever leads from one to the next is gone
//! through seventy times a second.

use bevy::{
    app::TaskPoolPlugin,
    ecs::{
        message::{message_update_condition, message_update_system},
        schedule::ScheduleLabel,
    },
    prelude::*,
    time::TimeSystems,
};

use crate::{TourSystems, headset::Headset};

/// After how many frames of a headset is cleared away what has been said in them.
const FRAMES_SAID: u32 = 4;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(TaskPoolPlugin::default())
        .init_resource::<Time<Real>>()
        .configure_sets(Update, TimeSystems.before(TourSystems::Sense))
        .add_systems(
            Update,
            (
                message_update_system
                    .run_if(message_update_condition)
                    .run_if(is_said_enough),
                tick.in_set(TimeSystems),
            )
                .chain(),
        );
    app.main_mut().update_schedule = Some(Update.intern());
}

/// Whether what has been said is to be cleared away, which takes its time for each kind of it, whether anything was
/// said or not. Nobody hears anything twice.
fn is_said_enough(headset: Option<Res<Headset>>, mut frames: Local<u32>) -> bool {
    *frames = if headset.is_some() { *frames + 1 } else { 0 };
    (*frames).is_multiple_of(FRAMES_SAID)
}

/// The updates of an app whose plugins are all there, for its world: to be taken out of it and put back again for each
/// takes an app as long as a dozen systems.
pub(crate) struct Updates(Schedule);

impl Updates {
    /// Nothing, if the app has no updates.
    pub(crate) fn of(app: &mut App) -> Option<Self> {
        let mut all = app.world_mut().resource_mut::<Schedules>();
        all.remove(Update).map(Self)
    }

    /// Makes one.
    pub(crate) fn run(&mut self, world: &mut World) {
        if let Some(check) = world.check_change_ticks() {
            self.0.check_change_ticks(check);
        }
        self.0.run(world);
        world.clear_trackers();
    }
}

fn tick(mut time: ResMut<Time<Real>>) {
    time.update();
}
