//! The Bevy tour: a visitor walks through a venue, looks closely, and is asked.
//!
//! The ECS owns space and [`xinghuo_tour`] owns meaning: what a visitor does becomes a
//! [`VisitorActed`](session::VisitorActed), goes through the one session, and comes back as
//! messages for the page. The browser is reached from `platform` alone, drawing happens in
//! `drawing` alone, and neither is needed to test the rest.

#![allow(
    elided_lifetimes_in_paths,
    reason = "Bevy's system parameters are written without the lifetimes that all of them have"
)]
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        dead_code,
        reason = "the page that uses the rest of the tour exists in a browser only"
    )
)]
#![cfg_attr(
    not(feature = "words"),
    allow(
        dead_code,
        reason = "what only the words in a headset say and hear is not left out with them"
    )
)]

mod arriving;
mod awake;
mod blink;
mod clock;
mod closeup;
mod command;
mod doors;
#[cfg(target_arch = "wasm32")]
mod drawing;
mod eye;
mod headset;
mod input;
mod journey;
mod locate;
mod marker;
mod message;
mod observing;
mod pace;
mod passing;
mod picking;
#[cfg(target_arch = "wasm32")]
mod platform;
mod room;
mod seat;
mod session;
mod text_walk;
mod theme;
#[cfg(test)]
mod trial;
mod view;
mod walking;

use bevy::{
    app::MainScheduleOrder,
    ecs::schedule::{InternedScheduleLabel, ScheduleLabel},
    prelude::*,
};

/// What happens within an update, in this order.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TourSystems {
    /// Input becomes gestures and intents.
    Sense,
    /// The visitor moves, acts and is answered.
    Decide,
    /// The eye, the lanterns and the page follow.
    Present,
}

/// The parts of an update in which something is done. Each of the others would cost every frame a
/// little for nothing.
fn parts() -> [InternedScheduleLabel; 4] {
    [
        First.intern(),
        PreUpdate.intern(),
        Update.intern(),
        Last.intern(),
    ]
}

/// What every tour has: the session, and the page's commands and messages.
fn meaning(app: &mut App) {
    let mut order = app.world_mut().resource_mut::<MainScheduleOrder>();
    order.labels.retain(|it| parts().contains(it));
    app.configure_sets(
        Update,
        (
            TourSystems::Sense,
            TourSystems::Decide,
            TourSystems::Present,
        )
            .chain(),
    );
    app.add_plugins((
        awake::plugin,
        clock::plugin,
        command::plugin,
        message::plugin,
        session::plugin,
    ));
}

/// What a tour has that shows the venue as a place.
fn space(app: &mut App) {
    app.add_plugins((
        arriving::plugin,
        blink::plugin,
        closeup::plugin,
        doors::plugin,
        headset::plugin,
        input::plugin,
        journey::plugin,
        locate::plugin,
    ));
    app.add_plugins((
        marker::plugin,
        observing::plugin,
        pace::plugin,
        passing::plugin,
        picking::plugin,
        room::plugin,
        seat::plugin,
        view::plugin,
        walking::plugin,
    ));
}

/// What a tour has that is read rather than seen.
fn text(app: &mut App) {
    app.add_plugins(text_walk::plugin);
}

#[cfg(test)]
mod tests {
    use bevy::app::{FixedFirst, FixedLast, FixedPostUpdate, FixedPreUpdate, SpawnScene};

    use super::*;
    use crate::trial::Trial;

    #[test]
    fn nothing_is_to_be_done_in_a_part_of_an_update_that_is_left_out() {
        let trial = Trial::begin(&[]);
        let schedules = trial.app.world().resource::<Schedules>();
        for left_out in [
            FixedFirst.intern(),
            FixedPreUpdate.intern(),
            FixedUpdate.intern(),
            FixedPostUpdate.intern(),
            FixedLast.intern(),
            SpawnScene.intern(),
            PostUpdate.intern(),
        ] {
            let systems = schedules.get(left_out).map_or(0, Schedule::systems_len);
            assert_eq!(systems, 0, "{left_out:?}");
        }
    }
}
