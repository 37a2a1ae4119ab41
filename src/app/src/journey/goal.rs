//! Where a journey leads, and on which way.

use std::f32::consts::PI;

use bevy::{ecs::system::SystemParam, math::Vec3, prelude::*};
use xinghuo_tour::RoomId;

use super::{End, Journey, JourneyEnded, JourneyWanted};
use crate::{
    doors::DoorReached,
    room::{DoorPlace, Scenery, StopPlace},
    session::Visit,
    walking::{Navmesh, Spot},
};

/// What there is to go to: the room, and the rooms beyond it.
#[derive(SystemParam)]
pub(super) struct Map<'w, 's> {
    navmesh: Res<'w, Navmesh>,
    scenery: Res<'w, Scenery>,
    visit: Res<'w, Visit>,
    stops: Query<'w, 's, &'static StopPlace>,
    doors: Query<'w, 's, &'static DoorPlace>,
}

impl Map<'_, '_> {
    /// The journey that is wanted, or its first part, up to a door; none where there is no way.
    pub(super) fn journey(&self, from: Spot, wanted: &JourneyWanted) -> Option<Journey> {
        match wanted {
            JourneyWanted::Floor(goal) => {
                let way = self.navmesh.path(from, *goal)?;
                Some(Journey::new(way, *goal, None, None))
            }
            JourneyWanted::Room(room) => {
                let next = self.visit.venue.doors_toward(&self.scenery.room, room);
                let is_beyond = next.iter().all(|it| it.to != *room);
                self.through_a_door(from, room, is_beyond.then(|| wanted.clone()))
            }
            JourneyWanted::Stop { stop, then_open } => {
                let Some(place) = self.stops.iter().find(|it| it.stop == *stop) else {
                    let room = &self.visit.venue.stop(stop)?.room;
                    return self.through_a_door(from, room, Some(wanted.clone()));
                };
                let end = End::Stop(JourneyEnded {
                    stop: stop.clone(),
                    then_open: *then_open,
                });
                let (way, look) = (self.way(from, place.spot), (place.yaw, place.pitch));
                Some(Journey::new(way, place.spot, Some(look), Some(end)))
            }
        }
    }

    /// To the nearest of the doors with which a shortest way to `room` begins.
    fn through_a_door(
        &self,
        from: Spot,
        room: &RoomId,
        then: Option<JourneyWanted>,
    ) -> Option<Journey> {
        let toward = self.visit.venue.doors_toward(&self.scenery.room, room);
        let doors = self.doors.iter();
        let ways = doors
            .filter(|place| toward.iter().any(|it| it.to == place.to))
            .map(|place| (place, self.way(from, place.spot)));
        let (place, way) = ways.min_by(|a, b| length(&a.1).total_cmp(&length(&b.1)))?;
        let end = End::Door(DoorReached {
            to: place.to.clone(),
            then,
        });
        // Whoever comes in looks into the room; whoever leaves looks at the door.
        let look = (place.yaw + PI, 0.0);
        Some(Journey::new(way, place.spot, Some(look), Some(end)))
    }

    /// The way to a spot. An island is reached too, only not on foot.
    fn way(&self, from: Spot, to: Spot) -> Vec<Vec3> {
        let on_foot = self.navmesh.path(from, to);
        on_foot.unwrap_or_else(|| vec![from.position, to.position])
    }
}

fn length(way: &[Vec3]) -> f32 {
    way.windows(2).map(|it| it[0].distance(it[1])).sum()
}
