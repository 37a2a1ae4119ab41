//! Coming to a stop, and leaving it.

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::{Action, StopId};

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    journey::{Journey, JourneyEnded},
    message::{Message as ToPage, Outgoing},
    passing::RoomLeft,
    room::StopPlace,
    session::{Attention, VisitorActed},
    theme,
    walking::Visitor,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Waiting>()
        .add_observer(leave)
        .add_systems(Update, arrive.in_set(TourSystems::Decide).in_set(InRoom));
}

/// At which stop the visitor is about to have arrived, and for how long already.
#[derive(Resource, Debug, Default)]
struct Waiting {
    stop: Option<StopId>,
    secs: f32,
}

fn arrive(
    mut waiting: ResMut<Waiting>,
    mut attention: ResMut<Attention>,
    mut ended: MessageReader<JourneyEnded>,
    mut actions: MessageWriter<VisitorActed>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    visitor: Res<Visitor>,
    journey: Option<Res<Journey>>,
    places: Query<&StopPlace>,
) {
    let far = |it: &StopPlace| {
        let apart = it.spot.position - visitor.spot.position;
        // What is a floor above is not near.
        if apart.y.abs() > 1.0 {
            f32::INFINITY
        } else {
            apart.xz().length()
        }
    };
    let left = |stop: &StopId| {
        let place = places.iter().find(|it| it.stop == *stop);
        place.is_none_or(|it| far(it) > theme::LEAVE_BEYOND_M)
    };
    let mut arrived = None;
    if let Some(end) = ended.read().last() {
        arrived = Some(end.stop.clone());
    } else if journey.is_none() {
        // Who passes by on a journey does not stop there.
        let near = places.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        let near = near
            .filter(|it| far(it) <= theme::ARRIVE_WITHIN_M)
            .map(|it| &it.stop);
        if near.is_none() || near == attention.standing.as_ref() {
            waiting.stop = None;
        } else if near != waiting.stop.as_ref() {
            waiting.stop = near.cloned();
            waiting.secs = 0.0;
            awake.animate();
        } else {
            waiting.secs += awake.step_secs();
            awake.animate();
            if waiting.secs >= theme::ARRIVE_AFTER_SECS {
                arrived = waiting.stop.take();
            }
        }
    }
    let gone = attention.standing.clone().filter(|it| {
        arrived
            .as_ref()
            .map_or_else(|| left(it), |arrived| arrived != it)
    });
    if let Some(stop) = gone {
        attention.standing = None;
        outgoing.send(ToPage::StopLeft { stop });
    }
    if let Some(stop) = arrived
        && attention.standing.as_ref() != Some(&stop)
    {
        attention.standing = Some(stop.clone());
        outgoing.send(ToPage::StopEntered { stop: stop.clone() });
        actions.write(VisitorActed(Action::Arrive { stop }));
    }
}

/// Whoever leaves a room leaves its stops.
fn leave(
    _: On<RoomLeft>,
    mut waiting: ResMut<Waiting>,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
) {
    waiting.stop = None;
    if let Some(stop) = attention.standing.take() {
        outgoing.send(ToPage::StopLeft { stop });
    }
}
