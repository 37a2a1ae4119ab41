//! What the tour takes of the engine's own course of an update: its time, and the schedules in which
//! it has systems. The others are empty, and in a headset each of them is run seventy times a second.

use bevy::{
    app::{MainScheduleOrder, TaskPoolPlugin},
    ecs::schedule::ScheduleLabel,
    prelude::*,
    time::TimeSystems,
};

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(TaskPoolPlugin::default())
        .init_resource::<Time<Real>>()
        .add_systems(First, tick.in_set(TimeSystems));
    let mut order = app.world_mut().resource_mut::<MainScheduleOrder>();
    order.labels = vec![First.intern(), Update.intern(), Last.intern()];
}

fn tick(mut time: ResMut<Time<Real>>) {
    time.update();
}
