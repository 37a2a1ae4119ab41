//! `rooms/<id>.toml`: a scene, its light, and where one can walk in it.

use std::collections::BTreeMap;

use xinghuo_tour::{Door, Haze, Room, RoomId};

use super::{
    desk::Desk,
    fields::Fields,
    media::PICTURES,
    model::{self, Model},
    stem,
};
use crate::finding::{Code, Pointer};

/// The rooms of the package, and what is known of their scenes.
#[derive(Default)]
pub(super) struct Rooms {
    /// Every room that has a file, right or wrong.
    pub(super) named: Vec<RoomId>,
    /// The rooms that could be read.
    pub(super) read: BTreeMap<RoomId, Room>,
    /// Their scenes, as far as these could be read.
    pub(super) models: BTreeMap<RoomId, Model>,
}

/// Reads every room and its scene.
pub(super) fn read(desk: &mut Desk) -> Rooms {
    let mut rooms = Rooms::default();
    for (path, name) in desk.toml_files("rooms/") {
        let Some(id) = stem::<RoomId>(desk, &path, &name) else {
            continue;
        };
        rooms.named.push(id.clone());
        let room = Fields::of_file(desk, &path, |fields| {
            super::same_id(fields, &name);
            room(fields, &id)
        });
        let Some(room) = room.flatten() else {
            continue;
        };
        if let Some(model) = model::read(desk, &room) {
            rooms.models.insert(id.clone(), model);
        }
        rooms.read.insert(id, room);
    }
    if rooms.named.is_empty() {
        let message = "the package has no room";
        desk.find(Code::FileMissing, Pointer::file("rooms/"), message);
    }
    check_doors(desk, &rooms);
    rooms
}

fn room(fields: &mut Fields<'_>, id: &RoomId) -> Option<Room> {
    fields.words("title", &format!("room.{id}.title"), 60);
    let doors = fields.tables("doors", |fields, _| door(fields));
    let walkable = fields.optional_string("walkable");
    let room = Room {
        lightmap: fields.optional_file("lightmap", PICTURES),
        light_scale: fields.number("light-scale", 1.0, 0.001..=1000.0),
        walkable: walkable.unwrap_or_else(|| "walkable".into()),
        eye_height_m: fields.number("eye-height-m", 1.6, 0.3..=3.0),
        haze: fields.table("haze", haze).flatten(),
        doors: doors.into_iter().flatten().collect(),
        scene: String::new(),
    };
    let scene = fields.file("scene", &["glb"])?;
    Some(Room { scene, ..room })
}

fn haze(fields: &mut Fields<'_>) -> Option<Haze> {
    let color = fields.string("color");
    let start_m = fields.number("start-m", 50.0, 0.0..=100_000.0);
    let end_m = fields.number("end-m", 500.0, 0.0..=100_000.0);
    if end_m <= start_m {
        let message = format!("the haze is full at {end_m} m, before it begins at {start_m} m");
        fields.find(Code::NumberWrong, "end-m", message);
    }
    let color = color?;
    let digits = color.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        let message = format!("{color:?} is not a colour written \"#rrggbb\"");
        fields.find(Code::ColorWrong, "color", message);
    }
    Some(Haze {
        color,
        start_m,
        end_m,
    })
}

fn door(fields: &mut Fields<'_>) -> Option<Door> {
    let to = fields.id::<RoomId>("to");
    let node = fields.string("node");
    let door = to.zip(node).map(|(to, node)| Door { to, node });
    // A door that could not be read may be the way to what seems to have none.
    fields.desk.blind |= door.is_none();
    door
}

/// Every door leads to another room, which has one door back.
fn check_doors(desk: &mut Desk, rooms: &Rooms) {
    for (id, room) in &rooms.read {
        for (n, Door { to, .. }) in room.doors.iter().enumerate() {
            let at = Pointer::key(format!("rooms/{id}.toml"), format!("doors[{n}].to"));
            let named = rooms.named.iter().map(RoomId::as_str);
            if !rooms.named.contains(to) {
                let message = format!("room \"{id}\" has a door to \"{to}\", which there is not");
                let hint = super::nearest::nearest(to.as_str(), named);
                desk.find_with_hint(Code::IdDangling, at, message, hint);
            } else if to == id {
                let message = format!("a door of room \"{id}\" leads to that room itself");
                let others = named.filter(|other| *other != id.as_str());
                let hint = super::nearest::nearest(to.as_str(), others);
                desk.find_with_hint(Code::DoorNowhere, at, message, hint);
            } else if room.doors[..n].iter().any(|other| other.to == *to) {
                let message = format!("room \"{id}\" has two doors to room \"{to}\"");
                let hint =
                    "a visitor who comes from there would not know where to arrive".to_owned();
                desk.find_with_hint(Code::DoorTwice, at, message, hint);
            } else if let Some(there) = rooms.read.get(to)
                && there.door(id).is_none()
            {
                let message =
                    format!("room \"{id}\" has a door to room \"{to}\", which has no door back");
                let hint =
                    format!("give rooms/{to}.toml a door to \"{id}\": one arrives at its node");
                desk.find_with_hint(Code::DoorOneWay, at, message, hint);
            }
        }
    }
}
