//! Ways from room to room.

use std::collections::{BTreeMap, VecDeque};

use super::{Door, Room, Venue};
use crate::id::RoomId;

impl Room {
    /// The door to another room.
    #[must_use]
    pub fn door(&self, to: &RoomId) -> Option<&Door> {
        self.doors.iter().find(|door| door.to == *to)
    }
}

impl Venue {
    /// The doors of `from` with which a shortest way to room `to` begins, counted in doors. None, if
    /// there is no way or nowhere to go.
    #[must_use]
    pub fn doors_toward(&self, from: &RoomId, to: &RoomId) -> Vec<&Door> {
        let far = self.doors_from(to);
        let Some(here) = far.get(from) else {
            return Vec::new();
        };
        let doors = self.rooms.get(from).into_iter().flat_map(|it| &it.doors);
        doors
            .filter(|door| far.get(&door.to).is_some_and(|there| there < here))
            .collect()
    }

    /// How many doors each room that can be reached is away from `room`. Doors lead both ways.
    fn doors_from<'a>(&'a self, room: &'a RoomId) -> BTreeMap<&'a RoomId, usize> {
        let mut far = BTreeMap::from([(room, 0)]);
        let mut open = VecDeque::from([(room, 0)]);
        while let Some((at, steps)) = open.pop_front() {
            for door in self.rooms.get(at).into_iter().flat_map(|it| &it.doors) {
                if !far.contains_key(&door.to) {
                    far.insert(&door.to, steps + 1);
                    open.push_back((&door.to, steps + 1));
                }
            }
        }
        far
    }
}
