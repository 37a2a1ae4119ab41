//! A journey to a stop or to a place on the floor: the visitor glides along the shortest way.

use std::f32::consts::{PI, TAU};

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::StopId;

use crate::{
    TourSystems,
    awake::Awake,
    blink::Blink,
    closeup::CloseUp,
    command::{Command, Config},
    message::{Message as ToPage, Outgoing},
    picking::Picked,
    room::StopPlace,
    session::Attention,
    theme,
    walking::{Navmesh, Spot, Visitor},
};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<JourneyWanted>()
        .add_message::<JourneyEnded>()
        .add_systems(
            Update,
            (want, set_out, glide)
                .chain()
                .in_set(TourSystems::Decide)
                .run_if(resource_exists::<Visitor>),
        );
}

/// Somebody wants the visitor to go somewhere.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) enum JourneyWanted {
    /// To a stop, perhaps in order to open its artifact.
    Stop { stop: StopId, then_open: bool },
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
    ends: Option<JourneyEnded>,
}

/// Share of the time after which the visitor turns to what there is to see.
const TURN_FROM: f32 = 0.55;
/// How far ahead on the way the visitor looks.
const AHEAD_M: f32 = 1.2;

impl Journey {
    fn new(
        way: Vec<Vec3>,
        goal: Spot,
        look: Option<(f32, f32)>,
        ends: Option<JourneyEnded>,
    ) -> Self {
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
            ends,
        }
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
    let mut floor = None;
    for command in commands.read() {
        match command {
            Command::GoTo(stop) => to(stop, false),
            Command::Open(stop) => to(stop, true),
            _ => {}
        }
    }
    for pick in picks.read() {
        match pick {
            Picked::Marker(stop) => to(stop, attention.standing.as_ref() == Some(stop)),
            Picked::Artifact { stop, .. } => to(stop, true),
            Picked::Floor(spot) => floor = Some(*spot),
        }
    }
    if let Some(spot) = floor {
        wanted.write(JourneyWanted::Floor(spot));
    }
}

fn set_out(
    mut wanted: MessageReader<JourneyWanted>,
    mut commands: Commands,
    mut visitor: ResMut<Visitor>,
    mut blink: ResMut<Blink>,
    mut awake: ResMut<Awake>,
    navmesh: Res<Navmesh>,
    config: Res<Config>,
    places: Query<&StopPlace>,
    close_up: Option<Res<CloseUp>>,
) {
    let Some(wanted) = wanted.read().last() else {
        return;
    };
    let mut journey = match wanted {
        JourneyWanted::Floor(goal) => {
            let Some(way) = navmesh.path(visitor.spot, *goal) else {
                return;
            };
            Journey::new(way, *goal, None, None)
        }
        JourneyWanted::Stop { stop, then_open } => {
            let Some(place) = places.iter().find(|it| it.stop == *stop) else {
                return;
            };
            let ended = JourneyEnded {
                stop: stop.clone(),
                then_open: *then_open,
            };
            // An island is reached too, only not on foot.
            let way = navmesh
                .path(visitor.spot, place.spot)
                .unwrap_or_else(|| vec![visitor.spot.position, place.spot.position]);
            Journey::new(way, place.spot, Some((place.yaw, place.pitch)), Some(ended))
        }
    };
    if config.reduced_motion || close_up.is_some() {
        if config.reduced_motion {
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
        if let Some(end) = journey.ends.take() {
            let stop = end.stop.clone();
            outgoing.send(ToPage::Arrived { stop });
            ended.write(end);
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
