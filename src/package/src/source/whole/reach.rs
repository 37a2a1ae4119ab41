//! What can be reached from the start, over walkable surfaces and through doors.

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_tour::RoomId;

use super::Parts;
use crate::{
    finding::{Code, Pointer},
    source::desk::Desk,
};

/// The parts of the rooms' walkable surfaces to which a visitor can come.
///
/// Where a node or a surface is missing, which has a finding of its own, the part is `None` and
/// counts as all of the room.
#[derive(Default)]
pub(super) struct Reached<'a>(BTreeMap<&'a RoomId, BTreeSet<Option<usize>>>);

impl<'a> Reached<'a> {
    /// Goes wherever a visitor can go; nowhere, if there is no start.
    pub(super) fn from_start(parts: &'a Parts) -> Self {
        let mut reached = Self::default();
        let Some(start) = &parts.venue.start else {
            return reached;
        };
        let mut open = vec![(&start.room, part_at(parts, &start.room, &start.node))];
        while let Some((room, part)) = open.pop() {
            if !reached.0.entry(room).or_default().insert(part) {
                continue;
            }
            for door in parts
                .rooms
                .read
                .get(room)
                .into_iter()
                .flat_map(|r| &r.doors)
            {
                let here = part_at(parts, room, &door.node);
                if part.is_some() && here.is_some() && part != here {
                    continue;
                }
                let there = parts.rooms.read.get(&door.to);
                let back = there.and_then(|there| there.door(room));
                let arrived = back.and_then(|back| part_at(parts, &door.to, &back.node));
                open.push((&door.to, arrived));
            }
        }
        reached
    }

    /// Whether a visitor comes to that part of a room's surface. In a room to which nobody comes
    /// everything counts as reached: the room has a finding of its own.
    pub(super) fn touches(&self, room: &RoomId, part: usize) -> bool {
        self.0
            .get(room)
            .is_none_or(|parts| parts.contains(&None) || parts.contains(&Some(part)))
    }
}

/// The part of the walkable surface at a node.
fn part_at(parts: &Parts, room: &RoomId, node: &str) -> Option<usize> {
    let model = parts.rooms.models.get(room)?;
    let node = model.find(node)?;
    model.surface.as_ref()?.part_under(model.position(node))
}

/// Finds the rooms to which no visitor comes.
pub(super) fn check(desk: &mut Desk, parts: &Parts, reached: &Reached<'_>) {
    let Some(start) = &parts.venue.start else {
        return;
    };
    if !parts.rooms.named.contains(&start.room) {
        return;
    }
    let rooms = parts.rooms.read.keys();
    for room in rooms.filter(|room| !reached.0.contains_key(room)) {
        let message = format!(
            "no way leads from room \"{}\" to room \"{room}\"",
            start.room
        );
        let mut before = parts.rooms.read.iter();
        let hint = match before
            .find(|(id, it)| reached.0.contains_key(id) && it.door(room).is_some())
        {
            Some((before, _)) => format!(
                "the door in room \"{before}\" is on a part of the walkable surface that cannot be \
                 reached"
            ),
            None => "give a room that is reached a door to it".to_owned(),
        };
        let at = Pointer::file(format!("rooms/{room}.toml"));
        desk.find_with_hint(Code::RoomUnreachable, at, message, hint);
    }
}
