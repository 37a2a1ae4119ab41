//! A journey to a stop, to a door or to a place on the floor: the visitor glides along the shortest
//! way.

mod goal;

use std::f32::consts::{PI, TAU};

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::{RoomId, StopId};

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    blink::Blink,
    closeup::CloseUp,
    command::{Command, Config},
    doors::DoorReached,
    headset::Headset,
    message::{Message as ToPage, Outgoing},
    passing::RoomLeft,
    picking::Picked,
    session::Attention,
    theme,
    walking::{Navmesh, Spot, Visitor},
};
use goal::Map;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<JourneyWanted>()
        .add_message::<JourneyEnded>()
        .add_observer(forget)
        .add_systems(
            Update,
            (want, set_out, glide)
                .chain()
                .in_set(TourSystems::Decide)
                .in_set(InRoom),
        );
}

/// Somebody wants the visitor to go somewhere.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) enum JourneyWanted {
    /// To a stop, perhaps in order to open its artifact, and through doors if need be.
    Stop { stop: StopId, then_open: bool },
    /// Into another room.
    Room(RoomId),
    /// To a place on the floor.
    Floor(Spot),
}

/// The visitor came to a stop that was wanted.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) struct JourneyEnded {
    pub(crate) stop: StopId,
    pub(crate) then_open: bool,
}

/// The visitor is on the way.
#[derive(Resource, Debug, Clone)]
pub(crate) struct Journey {
    way: Vec<Vec3>,
    length_m: f32,
    secs: f32,
    elapsed: f32,
    goal: Spot,
    /// Where to look in the end, if that matters.
    look: Option<(f32, f32)>,
    /// The visitor's look when it is turned for the last time.
    turned_from: Option<(f32, f32)>,
    end: Option<End>,
}

/// What comes of a journey that has led where it should.
#[derive(Debug, Clone)]
enum End {
    Stop(JourneyEnded),
    Door(DoorReached),
}

/// Share of the time after which the visitor turns to what there is to see.
const TURN_FROM: f32 = 0.55;
/// How far ahead on the way the visitor looks.
const AHEAD_M: f32 = 1.2;

impl Journey {
    fn new(way: Vec<Vec3>, goal: Spot, look: Option<(f32, f32)>, end: Option<End>) -> Self {
        let length_m: f32 = way.windows(2).map(|it| it[0].distance(it[1])).sum();
        let secs = (length_m / theme::JOURNEY_M_PER_SEC + 0.5)
            .clamp(theme::JOURNEY_SHORTEST_SECS, theme::JOURNEY_LONGEST_SECS);
        Self {
            way,
            length_m,
            secs,
            elapsed: 0.0,
            goal,
            look,
            turned_from: None,
            end,
        }
    }

    /// Whether it leads to a stop or a door rather than to a place on the floor.
    pub(crate) fn leads_somewhere(&self) -> bool {
        self.end.is_some()
    }

    /// The place on the way after so many metres.
    fn after(&self, mut metres: f32) -> Vec3 {
        for pair in self.way.windows(2) {
            let long = pair[0].distance(pair[1]);
            if metres <= long {
                return pair[0].lerp(pair[1], metres / long.max(1e-6));
            }
            metres -= long;
        }
        self.goal.position
    }
}

/// Commands and picks that ask for a journey.
fn want(
    mut commands: MessageReader<Command>,
    mut picks: MessageReader<Picked>,
    mut wanted: MessageWriter<JourneyWanted>,
    mut ended: MessageWriter<JourneyEnded>,
    attention: Res<Attention>,
) {
    let mut to = |stop: &StopId, then_open| {
        let stop = stop.clone();
        // Whoever stands there already need not go.
        if then_open && attention.standing.as_ref() == Some(&stop) {
            ended.write(JourneyEnded { stop, then_open });
        } else {
            wanted.write(JourneyWanted::Stop { stop, then_open });
        }
    };
    let mut elsewhere = None;
    for command in commands.read() {
        match command {
            Command::GoTo(stop) => to(stop, false),
            Command::Open(stop) => to(stop, true),
            Command::GoInto(room) => elsewhere = Some(JourneyWanted::Room(room.clone())),
            _ => {}
        }
    }
    for pick in picks.read() {
        match pick {
            Picked::Marker(stop) => to(stop, attention.standing.as_ref() == Some(stop)),
            Picked::Artifact { stop, .. } => to(stop, true),
            Picked::Door(room) => elsewhere = Some(JourneyWanted::Room(room.clone())),
            Picked::Floor(spot) => elsewhere = Some(JourneyWanted::Floor(*spot)),
        }
    }
    if let Some(elsewhere) = elsewhere {
        wanted.write(elsewhere);
    }
}

fn set_out(
    mut wanted: MessageReader<JourneyWanted>,
    mut commands: Commands,
    mut visitor: ResMut<Visitor>,
    mut blink: ResMut<Blink>,
    mut awake: ResMut<Awake>,
    config: Res<Config>,
    map: Map<'_, '_>,
    close_up: Option<Res<CloseUp>>,
    headset: Option<Res<Headset>>,
) {
    let wanted = wanted.read().last();
    let Some(mut journey) = wanted.and_then(|it| map.journey(visitor.spot, it)) else {
        return;
    };
    visitor.stand();
    // To be carried while standing still makes many people sick.
    let blinks = config.reduced_motion || headset.is_some();
    if blinks || close_up.is_some() {
        if blinks {
            blink.shut();
        }
        let (yaw, pitch) = journey.look.unwrap_or((visitor.yaw, visitor.pitch));
        visitor.put(journey.goal, yaw, pitch);
        journey.elapsed = journey.secs;
    }
    awake.animate();
    commands.insert_resource(journey);
}

fn glide(
    journey: Option<ResMut<Journey>>,
    mut commands: Commands,
    mut visitor: ResMut<Visitor>,
    mut ended: MessageWriter<JourneyEnded>,
    mut reached: MessageWriter<DoorReached>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    navmesh: Res<Navmesh>,
) {
    let Some(mut journey) = journey else { return };
    let secs = awake.step_secs();
    journey.elapsed += secs;
    awake.animate();
    let share = (journey.elapsed / journey.secs).min(1.0);
    if share >= 1.0 {
        let (yaw, pitch) = journey.look.unwrap_or((visitor.yaw, visitor.pitch));
        visitor.spot = journey.goal;
        (visitor.yaw, visitor.pitch) = (yaw, pitch);
        visitor.follow_floor(secs);
        match journey.end.clone() {
            Some(End::Stop(end)) => {
                let stop = end.stop.clone();
                outgoing.send(ToPage::Arrived { stop });
                ended.write(end);
            }
            Some(End::Door(door)) => _ = reached.write(door),
            None => {}
        }
        commands.remove_resource::<Journey>();
        return;
    }
    let gone = ease(share) * journey.length_m;
    let at = journey.after(gone);
    visitor.spot = follow(&navmesh, visitor.spot, at);
    visitor.follow_floor(secs);
    if share > TURN_FROM && journey.look.is_some() {
        let from = *journey
            .turned_from
            .get_or_insert((visitor.yaw, visitor.pitch));
        let (yaw, pitch) = journey.look.unwrap_or(from);
        let t = ease((share - TURN_FROM) / (1.0 - TURN_FROM));
        visitor.yaw = from.0 + shortest(from.0, yaw) * t;
        visitor.pitch = from.1 + (pitch - from.1) * t;
    } else {
        let ahead = (journey.after(gone + AHEAD_M) - at).xz();
        let t = 1.0 - (-secs * 3.5).exp();
        if ahead.length() > 0.2 {
            let heading = (-ahead.x).atan2(-ahead.y);
            visitor.yaw += shortest(visitor.yaw, heading) * t;
        }
        visitor.pitch -= visitor.pitch * t;
    }
}

/// What was wanted of the room that is left is wanted no more.
fn forget(
    _: On<RoomLeft>,
    mut commands: Commands,
    mut wanted: ResMut<Messages<JourneyWanted>>,
    mut ended: ResMut<Messages<JourneyEnded>>,
) {
    commands.remove_resource::<Journey>();
    wanted.clear();
    ended.clear();
}

/// Follows the way over the surface. Where rounding or an island has led off it, the nearest spot
/// of the surface is as good.
fn follow(navmesh: &Navmesh, from: Spot, to: Vec3) -> Spot {
    let walked = navmesh.walk(from, (to - from.position).xz());
    if walked.position.xz().distance(to.xz()) < 0.05 {
        return walked;
    }
    navmesh.nearest(to).unwrap_or(walked)
}

/// Slow at both ends (Perlin's smootherstep).
pub(crate) fn ease(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// The shorter way round from one angle to another, radians.
pub(crate) fn shortest(from: f32, to: f32) -> f32 {
    (to - from + PI).rem_euclid(TAU) - PI
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_way_round_is_never_more_than_half() {
        assert!((shortest(0.1, TAU - 0.1) + 0.2).abs() < 1e-5);
        assert!((shortest(3.0, -3.0) - (TAU - 6.0)).abs() < 1e-5);
    }

    #[test]
    fn a_journey_begins_and_ends_where_its_way_does() {
        let way = vec![Vec3::ZERO, Vec3::X * 2.0, Vec3::new(2.0, 0.0, 3.0)];
        let goal = Spot {
            triangle: 0,
            position: way[2],
        };
        let journey = Journey::new(way, goal, None, None);
        assert_eq!(journey.after(0.0), Vec3::ZERO);
        assert_eq!(journey.after(3.0), Vec3::new(2.0, 0.0, 1.0));
        assert_eq!(journey.after(9.0), goal.position);
        assert!(journey.secs <= theme::JOURNEY_LONGEST_SECS);
    }
}
