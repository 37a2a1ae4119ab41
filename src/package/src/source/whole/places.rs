//! The places in the scenes: what stops, artifacts, doors and the start name is there, and can be
//! reached.

use std::collections::BTreeSet;

use xinghuo_tour::{Door, RoomId, Stop};

use super::{Parts, reach::Reached, stop_path};
use crate::{
    finding::{Code, Pointer},
    source::{
        desk::Desk,
        model::{Model, file_name},
        nearest::nearest,
        venue_file,
    },
};

pub(super) fn check(desk: &mut Desk, parts: &Parts, reached: &Reached<'_>) {
    start_is_placed(desk, parts);
    for room in parts.rooms.read.keys() {
        doors_are_placed(desk, parts, room);
    }
    for stop in &parts.stops.read {
        if let Some((model, scene)) = scene_of(parts, &stop.room) {
            stop_is_placed(desk, stop, model, scene, reached);
            artifact_is_placed(desk, stop, model, scene);
        }
    }
    nodes_are_used(desk, parts);
}

fn scene_of<'a>(parts: &'a Parts, room: &RoomId) -> Option<(&'a Model, &'a str)> {
    let model = parts.rooms.models.get(room)?;
    let scene = &parts.rooms.read.get(room)?.scene;
    Some((model, file_name(scene)))
}

fn start_is_placed(desk: &mut Desk, parts: &Parts) {
    let Some(start) = &parts.venue.start else {
        return;
    };
    let Some((model, scene)) = scene_of(parts, &start.room) else {
        return;
    };
    let at = Pointer::key(venue_file::PATH, "start.node");
    let Some(node) = find(desk, model, scene, &start.node, &at) else {
        let message = format!(
            "the start names node {:?}, which {scene} does not have",
            start.node
        );
        let hint = nearest(&start.node, model.names());
        desk.find_with_hint(Code::StartUnplaced, at, message, hint);
        return;
    };
    if let Some(surface) = &model.surface
        && surface.part_under(model.position(node)).is_none()
    {
        let message = format!("the start {:?} is not on the walkable surface", start.node);
        desk.find(Code::StartUnplaced, at, message);
    }
}

fn doors_are_placed(desk: &mut Desk, parts: &Parts, room: &RoomId) {
    let Some((model, scene)) = scene_of(parts, room) else {
        return;
    };
    for (n, Door { to, node: name }) in parts.rooms.read[room].doors.iter().enumerate() {
        let at = Pointer::key(format!("rooms/{room}.toml"), format!("doors[{n}].node"));
        let Some(node) = find(desk, model, scene, name, &at) else {
            let message = format!(
                "the door to room \"{to}\" names node {name:?}, which {scene} does not have"
            );
            let hint = nearest(name, model.names());
            desk.find_with_hint(Code::DoorUnplaced, at, message, hint);
            continue;
        };
        let [x, y, z] = model.position(node);
        if let Some(surface) = &model.surface
            && surface.part_under([x, y, z]).is_none()
        {
            let message = format!(
                "the door to room \"{to}\" at ({x:.2}, {y:.2}, {z:.2}) is not on the walkable surface"
            );
            desk.find(Code::DoorUnreachable, at, message);
        }
    }
}

/// A node by its name; if there are two, the finding says so.
fn find(desk: &mut Desk, model: &Model, scene: &str, name: &str, at: &Pointer) -> Option<usize> {
    if model.has_twice(name) {
        let message = format!("{scene} has more than one node {name:?}; the first is taken");
        desk.find(Code::NodeDuplicate, at.clone(), message);
    }
    model.find(name)
}

fn stop_is_placed(desk: &mut Desk, stop: &Stop, model: &Model, scene: &str, reached: &Reached<'_>) {
    let (id, name) = (&stop.id, &stop.node);
    let at = Pointer::key(stop_path(id), "node");
    let Some(node) = find(desk, model, scene, name, &at) else {
        let message = format!("stop \"{id}\" names node {name:?}, which {scene} does not have");
        let hint = nearest(name, model.names());
        desk.find_with_hint(Code::StopUnplaced, at, message, hint);
        return;
    };
    let Some(surface) = &model.surface else {
        return;
    };
    let [x, y, z] = model.position(node);
    match surface.part_under([x, y, z]) {
        None => {
            let message =
                format!("stop \"{id}\" at ({x:.2}, {y:.2}, {z:.2}) is not on the walkable surface");
            desk.find(Code::StopUnreachable, at, message);
        }
        Some(part) if !reached.touches(&stop.room, part) => {
            let message = format!(
                "stop \"{id}\" is on a part of the walkable surface that the start does not touch"
            );
            desk.find(Code::StopUnreachable, at, message);
        }
        Some(_) => {}
    }
}

fn artifact_is_placed(desk: &mut Desk, stop: &Stop, model: &Model, scene: &str) {
    let Some(artifact) = &stop.artifact else {
        return;
    };
    let (id, name) = (&artifact.id, &artifact.node);
    let at = Pointer::key(stop_path(&stop.id), "artifact.node");
    match find(desk, model, scene, name, &at) {
        None => {
            let message =
                format!("artifact \"{id}\" names node {name:?}, which {scene} does not have");
            let hint = nearest(name, model.names());
            desk.find_with_hint(Code::ArtifactUnplaced, at, message, hint);
        }
        Some(node) if !model.has_mesh(node) => {
            let message = format!("artifact \"{id}\" is node {name:?}, which carries no mesh");
            desk.find(Code::ArtifactEmpty, at, message);
        }
        Some(_) => {}
    }
}

/// A place in a scene that nothing names is often a stop or a door that was forgotten.
fn nodes_are_used(desk: &mut Desk, parts: &Parts) {
    let stops = &parts.stops;
    if desk.blind {
        return;
    }
    let nodes = stops.read.iter().map(|stop| &stop.node);
    let artifacts = stops
        .read
        .iter()
        .filter_map(|stop| Some(&stop.artifact.as_ref()?.node));
    let rooms = parts.rooms.read.values();
    let doors = rooms.flat_map(|room| room.doors.iter().map(|door| &door.node));
    let named: BTreeSet<_> = nodes.chain(artifacts).chain(doors).collect();
    for (room, model) in &parts.rooms.models {
        for name in model.names() {
            let places = ["stop_", "artifact_", "door_"];
            let a_place = places.iter().any(|kind| name.starts_with(kind));
            if a_place && !named.contains(name) {
                let message = format!("nothing in the package names the node {name:?}");
                let scene = &parts.rooms.read[room].scene;
                desk.find(Code::NodeUnused, Pointer::file(scene), message);
            }
        }
    }
}
