//! A room: its scene, its floor, and where its stops and artifacts are.

mod glb;
pub(crate) mod model;
pub(crate) mod ray;
pub(crate) mod solid;

use std::sync::Arc;

use bevy::{color::Srgba, prelude::*};
use xinghuo_tour::{Action, ArtifactId, Room, RoomId, StopId, Venue};

use crate::{
    TourSystems,
    awake::Awake,
    eye::{Eye, angles},
    session::{Visit, VisitorActed},
    theme,
    walking::{Navmesh, Spot, Visitor},
};
use model::{Model, ModelError};
use ray::Bounds;
use solid::{Solid, Triangle};

/// How far below its stop an artifact may lie for the visitor to look down at it on arriving.
const LOOK_DOWN_MOST: f32 = 0.6;

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
    pub(crate) model: Arc<Model>,
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

/// Puts a room into the world: what `model` holds of what `venue` says.
pub(crate) fn furnish(
    world: &mut World,
    venue: &Venue,
    id: &RoomId,
    room: &Room,
    model: Model,
    last_stop: Option<&StopId>,
) -> Result<(), ModelError> {
    let navmesh = Navmesh::new(&model.walkable);
    let stops: Vec<_> = venue.stops.iter().filter(|it| it.room == *id).collect();
    let mut artifacts = Vec::new();
    for stop in &stops {
        if let Some(artifact) = &stop.artifact {
            model.place(&artifact.node)?;
            artifacts.push(ArtifactPlace {
                stop: stop.id.clone(),
                artifact: artifact.id.clone(),
                node: artifact.node.clone(),
                bounds: bounds(&model, &artifact.node),
                observe_within_m: artifact.observe_within_m,
                number: artifacts.len() as u16,
            });
        }
    }
    let mut places = Vec::new();
    for stop in &stops {
        let artifact = artifacts.iter().find(|it| it.stop == stop.id);
        places.push(stop_place(
            &model, &navmesh, room, &stop.id, &stop.node, artifact,
        )?);
    }
    let start = stop_place(
        &model,
        &navmesh,
        room,
        &stops[0].id,
        &venue.start.node,
        None,
    );
    let resumed = last_stop.and_then(|stop| places.iter().find(|it| it.stop == *stop));
    let at = match resumed {
        Some(place) => place.clone(),
        None => start?,
    };
    let visitor = Visitor::at(at.spot, at.yaw, at.pitch, room.eye_height_m);
    world.insert_resource(walls(&model, &artifacts));
    world.spawn_batch(artifacts);
    world.spawn_batch(places);
    world.insert_resource(navmesh);
    world.insert_resource(visitor);
    world.insert_resource(Scenery {
        room: id.clone(),
        model: Arc::new(model),
        light_scale: room.light_scale,
        haze: haze(room),
    });
    Ok(())
}

fn haze(room: &Room) -> Haze {
    let said = room.haze.as_ref();
    Haze {
        color: said
            .and_then(|it| Srgba::hex(&it.color).ok())
            .unwrap_or(theme::HAZE),
        start_m: said.map_or(200.0, |it| it.start_m),
        end_m: said.map_or(2000.0, |it| it.end_m.max(it.start_m + 1.0)),
    }
}

fn bounds(model: &Model, node: &str) -> Bounds {
    let its = model
        .surfaces
        .iter()
        .filter(|it| it.artifact.as_deref() == Some(node));
    let found = Bounds::around(its.flat_map(|it| it.vertices.iter().map(|it| it.position)));
    if found.min.x.is_finite() {
        return found;
    }
    // A node without a mesh of its own is still a place to look at.
    let at = model.places.get(node).map_or(Vec3::ZERO, |it| it.position);
    Bounds {
        min: at - Vec3::splat(0.15),
        max: at + Vec3::splat(0.15),
    }
}

fn stop_place(
    model: &Model,
    navmesh: &Navmesh,
    room: &Room,
    stop: &StopId,
    node: &str,
    artifact: Option<&ArtifactPlace>,
) -> Result<StopPlace, ModelError> {
    let place = model.place(node)?;
    let no_floor = || ModelError::NoFloor {
        node: room.walkable.clone(),
    };
    let spot = navmesh.nearest(place.position).ok_or_else(no_floor)?;
    let (yaw, mut pitch) = angles(place.rotation * Vec3::NEG_Z);
    if let Some(artifact) = artifact {
        // Most authors leave the node level and put the artifact on a table before it.
        let eye = spot.position + Vec3::Y * room.eye_height_m;
        let (toward, down) = angles(artifact.bounds.center() - eye);
        let apart = (toward - yaw + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU);
        if pitch.abs() < 0.02 && (apart - std::f32::consts::PI).abs() < 0.6 {
            pitch = (down * 0.75).clamp(-LOOK_DOWN_MOST, LOOK_DOWN_MOST);
        }
    }
    let stop = stop.clone();
    Ok(StopPlace {
        stop,
        spot,
        yaw,
        pitch,
    })
}

/// The triangles that hide what is behind them: leaves, water and sky do not.
fn walls(model: &Model, artifacts: &[ArtifactPlace]) -> Walls {
    let mut triangles = Vec::new();
    for surface in model
        .surfaces
        .iter()
        .filter(|it| it.finish == model::Finish::Baked)
    {
        let of = |node: &String| {
            artifacts
                .iter()
                .find(|it| it.node == *node)
                .map(|it| it.number)
        };
        let artifact = surface.artifact.as_ref().and_then(of);
        let corner = |i: u32| surface.vertices[i as usize].position;
        triangles.extend(surface.indices.chunks_exact(3).map(|it| Triangle {
            corners: [corner(it[0]), corner(it[1]), corner(it[2])],
            artifact,
        }));
    }
    Walls(Solid::new(triangles))
}

/// A visit begins with the room that it begins in, once: a resumed one has its entry already.
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
