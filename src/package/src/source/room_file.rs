//! `rooms/<id>.toml`: a scene, its light, and where one can walk in it.

use std::collections::BTreeMap;

use xinghuo_tour::{Haze, Room, RoomId};

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
    check_neighbours(desk, &rooms);
    rooms
}

fn room(fields: &mut Fields<'_>, id: &RoomId) -> Option<Room> {
    fields.words("title", &format!("room.{id}.title"), 60);
    let neighbours = fields.ids::<RoomId>("neighbours");
    let walkable = fields.optional_string("walkable");
    let room = Room {
        lightmap: fields.optional_file("lightmap", PICTURES),
        light_scale: fields.number("light-scale", 1.0, 0.001..=1000.0),
        walkable: walkable.unwrap_or_else(|| "walkable".into()),
        eye_height_m: fields.number("eye-height-m", 1.6, 0.3..=3.0),
        haze: fields.table("haze", haze).flatten(),
        neighbours: neighbours.into_iter().map(|(_, room)| room).collect(),
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

fn check_neighbours(desk: &mut Desk, rooms: &Rooms) {
    for (id, room) in &rooms.read {
        for neighbour in &room.neighbours {
            if !rooms.named.contains(neighbour) {
                let at = Pointer::key(format!("rooms/{id}.toml"), "neighbours");
                let message =
                    format!("room \"{id}\" names the room \"{neighbour}\", which there is not");
                let hint = super::nearest::nearest(
                    neighbour.as_str(),
                    rooms.named.iter().map(RoomId::as_str),
                );
                desk.find_with_hint(Code::IdDangling, at, message, hint);
            }
        }
    }
}
