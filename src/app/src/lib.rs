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
mod engine;
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
mod rehearsal;
mod room;
mod seat;
mod session;
mod text_walk;
mod theme;
#[cfg(test)]
mod trial;
mod view;
mod walking;

use bevy::prelude::*;

use headset::Headset;
use walking::Visitor;

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

/// What is done in a room that one is in, once there is one: with its floor, its walls and its visitor.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct InRoom;

/// What is done for who sees the canvas, and for nobody who wears a headset: they point, go near things, sit
/// down and look around by themselves.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AtCanvas;

/// What every tour has: the session, and the page's commands and messages.
fn meaning(app: &mut App) {
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
    // Asked once for all, and not once for each: in a headset that is done seventy times a second.
    app.configure_sets(
        Update,
        (
            InRoom.run_if(resource_exists::<Visitor>),
            AtCanvas.run_if(not(resource_exists::<Headset>)),
        ),
    );
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
