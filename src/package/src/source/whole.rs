//! The package as a whole: the route, the places in the scenes, and what belongs to nothing.

mod places;
mod reach;
mod route;

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_tour::{ArtifactId, CheckpointId, RoomId, Stop, StopId};

use super::{
    checkpoint_file::Checkpoints, desk::Desk, nearest::nearest, room_file::Rooms, stop_file::Stops,
    venue_file::VenueFile,
};
use crate::finding::{Code, Pointer};

/// Everything that has been read from a package's files.
pub(super) struct Parts {
    pub(super) venue: VenueFile,
    pub(super) topics: BTreeSet<String>,
    pub(super) rooms: Rooms,
    pub(super) stops: Stops,
    pub(super) checkpoints: Checkpoints,
}

/// Holds the parts against each other.
pub(super) fn check(desk: &mut Desk, parts: &Parts) {
    artifacts_are_themselves(desk, &parts.stops);
    for stop in &parts.stops.read {
        names_exist(desk, parts, stop);
    }
    checkpoints_have_stops(desk, parts);
    topics_are_used(desk, parts);
    route::check(desk, parts);
    let reached = reach::Reached::from_start(parts);
    reach::check(desk, parts, &reached);
    places::check(desk, parts, &reached);
    undeclared_languages(desk);
    if !desk.blind {
        unreferenced_files(desk);
    }
}

/// The file of a stop.
fn stop_path(stop: &StopId) -> String {
    format!("stops/{stop}.toml")
}

fn artifacts_are_themselves(desk: &mut Desk, stops: &Stops) {
    let mut seen: BTreeMap<&ArtifactId, &Pointer> = BTreeMap::new();
    for (id, at) in &stops.artifacts {
        if let Some(first) = seen.insert(id, at) {
            let message = format!("the artifact \"{id}\" is there twice: see {first}");
            desk.find(Code::IdDuplicate, at.clone(), message);
        }
        if stops.named.iter().any(|stop| stop.as_str() == id.as_str()) {
            let message = format!("the artifact \"{id}\" is called like a stop");
            let hint = "their texts would be the same file: call one otherwise".to_owned();
            desk.find_with_hint(Code::IdDuplicate, at.clone(), message, hint);
        }
    }
}

fn names_exist(desk: &mut Desk, parts: &Parts, stop: &Stop) {
    let path = stop_path(&stop.id);
    if !parts.rooms.named.contains(&stop.room) {
        let message = format!(
            "stop \"{}\" is in room \"{}\", which there is not",
            stop.id, stop.room
        );
        let hint = nearest(
            stop.room.as_str(),
            parts.rooms.named.iter().map(RoomId::as_str),
        );
        desk.find_with_hint(Code::IdDangling, Pointer::key(&path, "room"), message, hint);
    }
    for before in &stop.prerequisites {
        if !parts.stops.named.contains(before) {
            let message = format!(
                "stop \"{}\" waits for stop \"{before}\", which there is not",
                stop.id
            );
            let hint = nearest(
                before.as_str(),
                parts.stops.named.iter().map(StopId::as_str),
            );
            let at = Pointer::key(&path, "prerequisites");
            desk.find_with_hint(Code::IdDangling, at, message, hint);
        }
    }
    for topic in &stop.topics {
        if !parts.topics.contains(topic) {
            let message = format!(
                "stop \"{}\" is about topic {topic:?}, which topics.toml does not have",
                stop.id
            );
            let hint = nearest(topic, &parts.topics);
            desk.find_with_hint(
                Code::IdDangling,
                Pointer::key(&path, "topics"),
                message,
                hint,
            );
        }
    }
    if let Some(checkpoint) = &stop.checkpoint
        && !parts.checkpoints.named.contains(checkpoint)
    {
        let message = format!(
            "stop \"{}\" has checkpoint \"{checkpoint}\", which there is not",
            stop.id
        );
        let known = parts.checkpoints.named.iter().map(CheckpointId::as_str);
        let hint = nearest(checkpoint.as_str(), known);
        desk.find_with_hint(
            Code::IdDangling,
            Pointer::key(&path, "checkpoint"),
            message,
            hint,
        );
    }
}

fn checkpoints_have_stops(desk: &mut Desk, parts: &Parts) {
    for checkpoint in &parts.checkpoints.named {
        let stops = parts.stops.read.iter();
        let mut stops = stops.filter(|stop| stop.checkpoint.as_ref() == Some(checkpoint));
        match (stops.next(), stops.next()) {
            // A stop that could not be read may be the one.
            (None, _) if !desk.blind => {
                let message = format!("the checkpoint \"{checkpoint}\" belongs to no stop");
                let at = Pointer::file(format!("checkpoints/{checkpoint}.toml"));
                desk.find(Code::CheckpointUnused, at, message);
            }
            (Some(first), Some(second)) => {
                let message = format!(
                    "the checkpoint \"{checkpoint}\" belongs to stop \"{}\" already",
                    first.id
                );
                let at = Pointer::key(stop_path(&second.id), "checkpoint");
                desk.find(Code::IdDuplicate, at, message);
            }
            _ => {}
        }
    }
}

fn topics_are_used(desk: &mut Desk, parts: &Parts) {
    if desk.blind {
        return;
    }
    for topic in &parts.topics {
        if !parts
            .stops
            .read
            .iter()
            .any(|stop| stop.topics.contains(topic))
        {
            let message = format!("no stop is about the topic {topic:?}");
            desk.find(
                Code::TopicUnused,
                Pointer::key(super::TOPICS, topic),
                message,
            );
        }
    }
}

/// One finding for each language, however many texts are in it.
fn undeclared_languages(desk: &mut Desk) {
    let languages = desk.languages.clone();
    for (language, (at, places)) in std::mem::take(&mut desk.undeclared) {
        // Without languages, every language is one that the venue does not list.
        if languages.is_empty() {
            continue;
        }
        let message = match places {
            1 => format!("the venue does not list the language {language:?}"),
            _ => format!("the venue does not list the language {language:?} of {places} texts"),
        };
        let hint = nearest(&language, &languages);
        desk.find_with_hint(Code::LanguageUndeclared, at, message, hint);
    }
}

fn unreferenced_files(desk: &mut Desk) {
    let known_unused = |path: &str| {
        let hidden = path.split('/').any(|part| part.starts_with('.'));
        hidden || matches!(path, "README.md" | "LICENSE")
    };
    let listed: Vec<_> = desk.listed.keys().cloned().collect();
    for path in listed {
        if !desk.used.contains(&path) && !known_unused(&path) {
            let message = "nothing names this file, so it is not published";
            let hint = "keep what is only work in workshop/".to_owned();
            desk.find_with_hint(Code::FileUnreferenced, Pointer::file(path), message, hint);
        }
    }
}
