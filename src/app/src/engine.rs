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

use crate::TourSystems;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(TaskPoolPlugin::default())
        .init_resource::<Time<Real>>()
        .configure_sets(Update, TimeSystems.before(TourSystems::Sense))
        .add_systems(
            Update,
            (
                message_update_system.run_if(message_update_condition),
                tick.in_set(TimeSystems),
            )
                .chain(),
        );
    app.main_mut().update_schedule = Some(Update.intern());
}

fn tick(mut time: ResMut<Time<Real>>) {
    time.update();
}
