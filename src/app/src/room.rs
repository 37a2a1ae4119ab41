//! A room: its scene, its floor, and where its stops, artifacts and doors are.

pub(crate) mod frustum;
mod furnish;
mod glb;
pub(crate) mod model;
pub(crate) mod ray;
pub(crate) mod solid;

use bevy::{color::Srgba, prelude::*};
use xinghuo_tour::{Action, ArtifactId, RoomId, StopId};

pub(crate) use furnish::{Entrance, Furnishing};

use crate::{
    TourSystems,
    awake::Awake,
    eye::Eye,
    session::{Visit, VisitorActed},
    walking::Spot,
};
use model::Model;
use ray::Bounds;
use solid::Solid;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Eye>()
        .init_resource::<Screen>()
        .add_systems(
            Update,
            enter
                .in_set(TourSystems::Decide)
                .run_if(resource_added::<Scenery>),
        )
        .add_systems(Update, fit.in_set(TourSystems::Present));
}

/// The canvas as the page shows it.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Screen {
    /// CSS pixels.
    pub(crate) size: Vec2,
    /// Device pixels per CSS pixel.
    pub(crate) ratio: f32,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            size: Vec2::ONE,
            ratio: 1.0,
        }
    }
}

impl Screen {
    /// Device pixels.
    pub(crate) fn device_pixels(&self) -> UVec2 {
        (self.size * self.ratio).round().as_uvec2()
    }
}

/// What of the room is drawn.
#[derive(Resource)]
pub(crate) struct Scenery {
    pub(crate) room: RoomId,
    /// Until it is in the graphics device's memory.
    pub(crate) model: Model,
    pub(crate) light_scale: f32,
    pub(crate) haze: Haze,
}

/// The haze in which the room ends.
pub(crate) struct Haze {
    pub(crate) color: Srgba,
    pub(crate) start_m: f32,
    pub(crate) end_m: f32,
}

/// What of the room stands in the way of looks.
#[derive(Resource, Debug, Default)]
pub(crate) struct Walls(pub(crate) Solid);

/// A stop of the room.
#[derive(Component, Debug, Clone)]
pub(crate) struct StopPlace {
    pub(crate) stop: StopId,
    /// Where the visitor stands.
    pub(crate) spot: Spot,
    /// Where the visitor looks, radians.
    pub(crate) yaw: f32,
    pub(crate) pitch: f32,
    /// The height of the eye above the floor, where one sits.
    pub(crate) eye_height_m: Option<f32>,
}

/// An artifact of the room.
#[derive(Component, Debug, Clone)]
pub(crate) struct ArtifactPlace {
    pub(crate) stop: StopId,
    pub(crate) artifact: ArtifactId,
    /// The node that carries its mesh.
    pub(crate) node: String,
    pub(crate) bounds: Bounds,
    pub(crate) observe_within_m: f32,
    /// Its place in the list by which [`Walls`] tell whose a triangle is.
    pub(crate) number: u16,
}

/// A door of the room.
#[derive(Component, Debug, Clone)]
pub(crate) struct DoorPlace {
    pub(crate) to: RoomId,
    /// Where the visitor stands who has just come in, or is about to leave.
    pub(crate) spot: Spot,
    /// Where whoever comes in looks, radians.
    pub(crate) yaw: f32,
    /// Where the sign hangs.
    pub(crate) sign: Vec3,
}

/// Coming into a room counts, unless a resumed visit has its entry already.
fn enter(
    scenery: Res<Scenery>,
    visit: Option<Res<Visit>>,
    mut actions: MessageWriter<VisitorActed>,
    mut awake: ResMut<Awake>,
) {
    awake.animate();
    let new = visit
        .as_ref()
        .is_some_and(|it| it.is_new() || *it.room() != scenery.room);
    if new {
        let room = scenery.room.clone();
        actions.write(VisitorActed(Action::Enter { room }));
    }
}

/// The eye sees as much as the canvas shows; a new size is a new picture.
fn fit(
    mut eye: ResMut<Eye>,
    screen: Res<Screen>,
    scenery: Option<Res<Scenery>>,
    mut awake: ResMut<Awake>,
) {
    if screen.is_changed() || scenery.is_some_and(|it| it.is_added()) {
        eye.size = screen.size;
        awake.draw();
    }
}
