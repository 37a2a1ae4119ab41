//! Furnishing: from a scene and what the venue says of it to a room that one can be in.

use std::collections::HashMap;

use bevy::{color::Srgba, prelude::*};
use xinghuo_tour::{Door, Room, RoomId, Stop, StopId, Venue};

use super::{
    ArtifactPlace, DoorPlace, Haze, Scenery, StopPlace, Walls,
    model::{Finish, Model, ModelError},
    ray::{Bounds, Ray},
    solid::{Solid, Triangle},
};
use crate::{
    eye::angles,
    theme,
    walking::{Navmesh, Spot, Visitor},
};

/// How far below its stop an artifact may lie for the visitor to look down at it on arriving.
const LOOK_DOWN_MOST: f32 = 0.6;
/// How far from a wall a sign hangs at least, metres.
const SIGN_OFF_WALL_M: f32 = 0.12;

/// A room that is ready to be entered.
pub(crate) struct Furnishing {
    scenery: Scenery,
    walls: Walls,
    navmesh: Navmesh,
    stops: Vec<StopPlace>,
    artifacts: Vec<ArtifactPlace>,
    doors: Vec<DoorPlace>,
    visitor: Visitor,
}

/// How a visitor comes into a room.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entrance<'a> {
    /// With the visit's beginning, or at the stop where it was left.
    Beginning(Option<&'a StopId>),
    /// Through the door from another room.
    From(&'a RoomId),
}

impl Furnishing {
    /// What `model` holds of what `venue` says of the room `id`, and a visitor in it.
    pub(crate) fn new(
        venue: &Venue,
        id: &RoomId,
        room: &Room,
        model: Model,
        entrance: Entrance<'_>,
    ) -> Result<Self, ModelError> {
        let plan = Plan {
            room,
            navmesh: Navmesh::new(&model.walkable),
            model: &model,
        };
        let stops: Vec<_> = venue.stops.iter().filter(|it| it.room == *id).collect();
        let artifacts = plan.artifacts(&stops)?;
        let walls = plan.walls(&artifacts);
        let by_stop: HashMap<_, _> = artifacts.iter().map(|it| (&it.stop, it)).collect();
        let places = stops
            .iter()
            .map(|stop| plan.stop(stop, by_stop.get(&stop.id).copied()))
            .collect::<Result<Vec<_>, _>>()?;
        let doors = room
            .doors
            .iter()
            .map(|door| plan.door(door, &walls))
            .collect::<Result<Vec<_>, _>>()?;
        let visitor = match entrance {
            Entrance::Beginning(Some(stop)) if places.iter().any(|it| it.stop == *stop) => {
                plan.visitor_at(places.iter().find(|it| it.stop == *stop))
            }
            Entrance::Beginning(_) if venue.start.room == *id => {
                Some(plan.visitor_at_node(&venue.start.node)?)
            }
            Entrance::From(from) => plan.visitor_in(doors.iter().find(|it| it.to == *from)),
            Entrance::Beginning(_) => plan
                .visitor_in(doors.first())
                .or_else(|| plan.visitor_at(places.first())),
        };
        let visitor = visitor.ok_or_else(|| plan.no_floor())?;
        let Plan { navmesh, .. } = plan;
        Ok(Self {
            walls,
            navmesh,
            stops: places,
            artifacts,
            doors,
            visitor,
            scenery: Scenery {
                room: id.clone(),
                model,
                light_scale: room.light_scale,
                haze: haze(room),
            },
        })
    }

    /// Puts the room and the visitor into the world, in place of the room that was there.
    pub(crate) fn place(self, world: &mut World) {
        type Place = Or<(With<StopPlace>, With<ArtifactPlace>, With<DoorPlace>)>;
        let mut old = world.query_filtered::<Entity, Place>();
        for entity in old.iter(world).collect::<Vec<_>>() {
            world.despawn(entity);
        }
        // What is told of a new room goes by its being added.
        world.remove_resource::<Scenery>();
        world.insert_resource(self.walls);
        world.insert_resource(self.navmesh);
        world.insert_resource(self.visitor);
        world.insert_resource(self.scenery);
        world.spawn_batch(self.artifacts);
        world.spawn_batch(self.stops);
        world.spawn_batch(self.doors);
        world.flush();
    }
}

/// A room while it is being furnished.
struct Plan<'a> {
    room: &'a Room,
    model: &'a Model,
    navmesh: Navmesh,
}

impl Plan<'_> {
    fn no_floor(&self) -> ModelError {
        let node = self.room.walkable.clone();
        ModelError::NoFloor { node }
    }

    /// The spot next to a node, and the node's look.
    fn spot(&self, node: &str) -> Result<(Spot, f32, f32), ModelError> {
        let place = self.model.place(node)?;
        let spot = self.navmesh.nearest(place.position);
        let (yaw, pitch) = angles(place.rotation * Vec3::NEG_Z);
        Ok((spot.ok_or_else(|| self.no_floor())?, yaw, pitch))
    }

    fn artifacts(&self, stops: &[&Stop]) -> Result<Vec<ArtifactPlace>, ModelError> {
        let bounds = self.bounds();
        let with_stop = stops
            .iter()
            .filter_map(|stop| Some((stop, stop.artifact.as_ref()?)));
        with_stop
            .enumerate()
            .map(|(number, (stop, artifact))| {
                let place = self.model.place(&artifact.node)?;
                let bounds = bounds.get(artifact.node.as_str()).copied();
                Ok(ArtifactPlace {
                    stop: stop.id.clone(),
                    artifact: artifact.id.clone(),
                    node: artifact.node.clone(),
                    // A node without a mesh of its own is still a place to look at.
                    bounds: bounds.unwrap_or_else(|| Bounds {
                        min: place.position - Vec3::splat(0.15),
                        max: place.position + Vec3::splat(0.15),
                    }),
                    observe_within_m: artifact.observe_within_m,
                    number: number as u16,
                })
            })
            .collect()
    }

    /// The box around what each artifact's node shows, by the node.
    fn bounds(&self) -> HashMap<&str, Bounds> {
        let mut found: HashMap<&str, Bounds> = HashMap::new();
        for surface in &self.model.surfaces {
            if let Some(node) = &surface.artifact
                && !surface.vertices.is_empty()
            {
                let its = Bounds::around(surface.vertices.iter().map(|it| it.position));
                let all = found.entry(node).or_insert(Bounds::EMPTY);
                *all = all.and(&its);
            }
        }
        found
    }

    fn stop(&self, stop: &Stop, artifact: Option<&ArtifactPlace>) -> Result<StopPlace, ModelError> {
        let (spot, yaw, mut pitch) = self.spot(&stop.node)?;
        if let Some(artifact) = artifact {
            // Most authors leave the node level and put the artifact on a table before it.
            let height = stop.eye_height_m.unwrap_or(self.room.eye_height_m);
            let eye = spot.position + Vec3::Y * height;
            let (toward, down) = angles(artifact.bounds.center() - eye);
            let apart = (toward - yaw + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU);
            if pitch.abs() < 0.02 && (apart - std::f32::consts::PI).abs() < 0.6 {
                pitch = (down * 0.75).clamp(-LOOK_DOWN_MOST, LOOK_DOWN_MOST);
            }
        }
        Ok(StopPlace {
            stop: stop.id.clone(),
            spot,
            yaw,
            pitch,
            eye_height_m: stop.eye_height_m,
        })
    }

    /// A door, with its sign between where one arrives and the door itself.
    fn door(&self, door: &Door, walls: &Walls) -> Result<DoorPlace, ModelError> {
        let (spot, yaw, _) = self.spot(&door.node)?;
        let ray = Ray {
            origin: spot.position + Vec3::Y * theme::SIGN_HEIGHT_M,
            direction: Quat::from_rotation_y(yaw) * Vec3::Z,
        };
        let wall = walls
            .0
            .first_hit(&ray, theme::SIGN_BEHIND_M + SIGN_OFF_WALL_M);
        let behind = wall.map_or(theme::SIGN_BEHIND_M, |(far, _)| {
            (far - SIGN_OFF_WALL_M).max(0.0)
        });
        Ok(DoorPlace {
            to: door.to.clone(),
            spot,
            yaw,
            sign: ray.at(behind),
        })
    }

    fn visitor(&self, spot: Spot, yaw: f32, pitch: f32) -> Visitor {
        Visitor::at(spot, yaw, pitch, self.room.eye_height_m)
    }

    fn visitor_at_node(&self, node: &str) -> Result<Visitor, ModelError> {
        let (spot, yaw, pitch) = self.spot(node)?;
        Ok(self.visitor(spot, yaw, pitch))
    }

    fn visitor_in(&self, door: Option<&DoorPlace>) -> Option<Visitor> {
        Some(self.visitor(door?.spot, door?.yaw, 0.0))
    }

    fn visitor_at(&self, place: Option<&StopPlace>) -> Option<Visitor> {
        let place = place?;
        let mut visitor = self.visitor(place.spot, place.yaw, place.pitch);
        if let Some(height) = place.eye_height_m {
            visitor.sit_at_once(height);
        }
        Some(visitor)
    }

    /// The triangles that hide what is behind them: leaves, water and sky do not.
    fn walls(&self, artifacts: &[ArtifactPlace]) -> Walls {
        let numbers: HashMap<_, _> = artifacts
            .iter()
            .rev()
            .map(|it| (it.node.as_str(), it.number))
            .collect();
        let surfaces = self.model.surfaces.iter();
        let solid = surfaces.filter(|it| it.finish == Finish::Baked);
        let count = solid.clone().map(|it| it.vertices.len()).sum();
        let mut corners = Vec::with_capacity(count);
        let count = solid.clone().map(|it| it.indices.len() / 3).sum();
        let mut triangles = Vec::with_capacity(count);
        for surface in solid {
            let node = surface.artifact.as_deref();
            let artifact = node.and_then(|it| numbers.get(it)).copied();
            let first = corners.len() as u32;
            corners.extend(surface.vertices.iter().map(|it| it.position));
            triangles.extend(surface.indices.chunks_exact(3).map(|it| Triangle {
                corners: [it[0], it[1], it[2]].map(|it| it + first),
                artifact,
            }));
        }
        Walls(Solid::new(corners, triangles))
    }
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
