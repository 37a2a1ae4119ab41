//! What the pointer is over, and what it picks: lanterns, signs, artifacts, the floor.

use bevy::prelude::*;
use xinghuo_tour::{ArtifactId, RoomId, StopId};

use crate::{
    AtCanvas, InRoom, TourSystems,
    awake::Awake,
    clock::Clock,
    closeup::CloseUp,
    doors::Sign,
    eye::Eye,
    input::Gesture,
    marker::Lantern,
    message::{Message as ToPage, Outgoing},
    passing::RoomLeft,
    room::{ArtifactPlace, Walls, ray::Ray},
    theme,
    walking::{Navmesh, Spot},
};

/// How far away a lantern or an artifact can be picked.
const REACH_M: f32 = 40.0;
/// How far away a place on the floor can be picked.
const FLOOR_REACH_M: f32 = 25.0;
/// How much larger than itself a thing is to the pointer: fingers are blunt.
const GENEROUS: f32 = 1.25;
/// How often it is looked up what the pointer is over.
const HOVER_EVERY_MILLIS: u64 = 120;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Picked>()
        .init_resource::<Hovered>()
        .add_observer(forget)
        .add_systems(
            Update,
            (pick, hover)
                .in_set(TourSystems::Decide)
                .in_set(InRoom)
                .in_set(AtCanvas)
                .run_if(not(resource_exists::<CloseUp>)),
        );
}

/// The visitor picked something.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) enum Picked {
    /// The lantern over a stop.
    Marker(StopId),
    /// An artifact and the stop that it belongs to.
    Artifact { stop: StopId, artifact: ArtifactId },
    /// The sign at the door to a room.
    Door(RoomId),
    /// A place on the floor.
    Floor(Spot),
}

/// What the pointer is over.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Hovered {
    pub(crate) stop: Option<StopId>,
    pub(crate) door: Option<RoomId>,
    artifact: Option<ArtifactId>,
    pointer: Option<Vec2>,
    looked_at: u64,
    stale: bool,
}

/// All that can be picked.
#[derive(bevy::ecs::system::SystemParam)]
pub(crate) struct Things<'w, 's> {
    eye: Res<'w, Eye>,
    pub(crate) walls: Res<'w, Walls>,
    pub(crate) navmesh: Res<'w, Navmesh>,
    lanterns: Query<'w, 's, &'static Lantern>,
    signs: Query<'w, 's, &'static Sign>,
    artifacts: Query<'w, 's, &'static ArtifactPlace>,
}

impl Things<'_, '_> {
    fn under(&self, at: Vec2) -> Option<Picked> {
        self.along(&self.eye.ray(at))
    }

    /// What a ray meets first.
    pub(crate) fn along(&self, ray: &Ray) -> Option<Picked> {
        let wall = self.walls.0.first_hit(ray, REACH_M);
        let clear = wall.map_or(REACH_M, |(far, _)| far);
        self.marker(ray, clear)
            .or_else(|| self.artifact(ray, wall))
            .or_else(|| self.floor(ray, clear))
    }

    /// Where a thing is.
    pub(crate) fn place(&self, thing: &Picked) -> Option<Vec3> {
        match thing {
            Picked::Marker(stop) => {
                let lantern = self.lanterns.iter().find(|it| it.stop == *stop)?;
                Some(lantern.position)
            }
            Picked::Artifact { artifact, .. } => {
                let place = self.artifacts.iter().find(|it| it.artifact == *artifact)?;
                Some(place.bounds.center())
            }
            Picked::Door(room) => {
                let sign = self.signs.iter().find(|it| it.to == *room)?;
                Some(sign.position)
            }
            Picked::Floor(spot) => Some(spot.position),
        }
    }

    /// The nearest lantern or sign.
    fn marker(&self, ray: &Ray, clear: f32) -> Option<Picked> {
        let met = |position: Vec3, size_m: f32, alpha: f32| {
            let far = ray.meets_ball(position, size_m * GENEROUS)?;
            (alpha > 0.3 && far < clear).then_some(far)
        };
        let lanterns = self.lanterns.iter().filter_map(|it| {
            let far = met(it.position, it.size_m, it.alpha)?;
            Some((far, Picked::Marker(it.stop.clone())))
        });
        let signs = self.signs.iter().filter_map(|it| {
            let far = met(it.position, it.size_m, it.alpha)?;
            Some((far, Picked::Door(it.to.clone())))
        });
        let nearest = lanterns.chain(signs).min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map(|(_, picked)| picked)
    }

    fn artifact(&self, ray: &Ray, wall: Option<(f32, Option<u16>)>) -> Option<Picked> {
        let picked = |it: &ArtifactPlace| Picked::Artifact {
            stop: it.stop.clone(),
            artifact: it.artifact.clone(),
        };
        let owner = wall.and_then(|(_, owner)| owner);
        if let Some(hit) = self.artifacts.iter().find(|it| Some(it.number) == owner) {
            return Some(picked(hit));
        }
        // Thin things are hard to hit; a ball around small ones is as good.
        let clear = wall.map_or(REACH_M, |(far, _)| far);
        let met = self
            .artifacts
            .iter()
            .filter(|it| it.bounds.radius() < 0.6)
            .filter_map(|it| {
                let radius = it.bounds.radius() * GENEROUS;
                let far = ray.meets_ball(it.bounds.center(), radius)?;
                (far < clear).then_some((far, it))
            });
        met.min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, it)| picked(it))
    }

    fn floor(&self, ray: &Ray, clear: f32) -> Option<Picked> {
        let (far, spot) = self.navmesh.meets(ray)?;
        // Planks lie a little above or below what is walked on.
        (far <= clear + 0.4 && far <= FLOOR_REACH_M).then_some(Picked::Floor(spot))
    }
}

fn pick(
    mut gestures: MessageReader<Gesture>,
    mut picked: MessageWriter<Picked>,
    things: Things<'_, '_>,
) {
    for gesture in gestures.read() {
        if let Gesture::Tap(at) = gesture
            && let Some(thing) = things.under(*at)
        {
            picked.write(thing);
        }
    }
}

fn hover(
    mut gestures: MessageReader<Gesture>,
    mut hovered: ResMut<Hovered>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    clock: Res<Clock>,
    things: Things<'_, '_>,
) {
    for gesture in gestures.read() {
        if let Gesture::Over(at) = gesture {
            hovered.pointer = *at;
            hovered.stale = true;
        }
    }
    hovered.stale |= hovered.pointer.is_some() && things.eye.is_changed();
    let due = hovered.looked_at + HOVER_EVERY_MILLIS;
    if !hovered.stale {
        return;
    }
    if clock.at() < due && hovered.pointer.is_some() {
        awake.again_in(due - clock.at());
        return;
    }
    hovered.stale = false;
    hovered.looked_at = clock.at();
    let (stop, artifact, door) = match hovered.pointer.and_then(|it| things.under(it)) {
        Some(Picked::Marker(stop)) => (Some(stop), None, None),
        Some(Picked::Artifact { stop, artifact }) => (Some(stop), Some(artifact), None),
        Some(Picked::Door(room)) => (None, None, Some(room)),
        _ => (None, None, None),
    };
    if (&stop, &artifact, &door) != (&hovered.stop, &hovered.artifact, &hovered.door) {
        hovered.stop.clone_from(&stop);
        hovered.artifact.clone_from(&artifact);
        hovered.door.clone_from(&door);
        outgoing.send(ToPage::Hover {
            stop,
            artifact,
            door,
        });
        awake.again_in(theme::LOOK_EVERY_MILLIS);
    }
}

/// What was picked in the room that is left, and what the pointer is over there, is gone.
fn forget(_: On<RoomLeft>, mut picked: ResMut<Messages<Picked>>, mut hovered: ResMut<Hovered>) {
    picked.clear();
    hovered.stale = true;
}
