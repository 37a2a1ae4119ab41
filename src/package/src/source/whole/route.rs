//! The route: every stop is on it once, none waits for itself, and it begins in a room.

use std::collections::{BTreeMap, BTreeSet};

use xinghuo_tour::{RoomId, Stop, StopId};

use super::{Parts, stop_path};
use crate::{
    finding::{Code, Pointer},
    source::{desk::Desk, nearest::nearest, venue_file},
};

pub(super) fn check(desk: &mut Desk, parts: &Parts) {
    stops_are_on_the_route(desk, parts);
    nothing_waits_for_itself(desk, parts);
    start_is_in_a_room(desk, parts);
}

fn stops_are_on_the_route(desk: &mut Desk, parts: &Parts) {
    let mut passed = BTreeSet::new();
    for (key, stop) in &parts.venue.route {
        let at = Pointer::key(venue_file::PATH, key);
        if !parts.stops.named.contains(stop) {
            let message = format!("the route names stop \"{stop}\", which there is not");
            let hint = nearest(stop.as_str(), parts.stops.named.iter().map(StopId::as_str));
            desk.find_with_hint(Code::IdDangling, at, message, hint);
        } else if !passed.insert(stop) {
            let message = format!("the route passes stop \"{stop}\" twice");
            desk.find(Code::StopOffRoute, at, message);
        }
    }
    // Without venue.toml there is no route to be on.
    if parts.venue.id.is_none() && parts.venue.route.is_empty() {
        return;
    }
    for stop in &parts.stops.named {
        if !passed.contains(stop) {
            let message = format!("stop \"{stop}\" is not on the route in venue.toml");
            desk.find(Code::StopOffRoute, Pointer::file(stop_path(stop)), message);
        }
    }
}

fn nothing_waits_for_itself(desk: &mut Desk, parts: &Parts) {
    let stops: BTreeMap<&StopId, &Stop> = parts.stops.read.iter().map(|s| (&s.id, s)).collect();
    let mut told: BTreeSet<&StopId> = BTreeSet::new();
    for start in stops.keys() {
        if told.contains(start) {
            continue;
        }
        if let Some(cycle) = cycle_through(&stops, start) {
            let names: Vec<_> = cycle.iter().map(|stop| format!("\"{stop}\"")).collect();
            let message = format!(
                "stop {} waits for itself: {}",
                names[0],
                names.join(" for ")
            );
            let at = Pointer::key(stop_path(start), "prerequisites");
            desk.find(Code::PrerequisiteCycle, at, message);
            told.extend(cycle);
        }
    }
}

/// A way from a stop along prerequisites back to itself, with the stop at both ends.
fn cycle_through<'a>(
    stops: &BTreeMap<&'a StopId, &'a Stop>,
    start: &'a StopId,
) -> Option<Vec<&'a StopId>> {
    let mut came_from: BTreeMap<&StopId, &StopId> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(stop) = open.pop() {
        for before in stops.get(stop).into_iter().flat_map(|s| &s.prerequisites) {
            if before == start {
                let mut way = vec![stop];
                while let Some(from) = way.last().and_then(|stop| came_from.get(stop)) {
                    way.push(from);
                }
                way.reverse();
                way.push(start);
                return Some(way);
            }
            if !came_from.contains_key(before) {
                came_from.insert(before, stop);
                open.push(before);
            }
        }
    }
    None
}

fn start_is_in_a_room(desk: &mut Desk, parts: &Parts) {
    let Some(start) = &parts.venue.start else {
        return;
    };
    if !parts.rooms.named.contains(&start.room) {
        let message = format!(
            "the start is in room \"{}\", which there is not",
            start.room
        );
        let hint = nearest(
            start.room.as_str(),
            parts.rooms.named.iter().map(RoomId::as_str),
        );
        let at = Pointer::key(venue_file::PATH, "start.room");
        desk.find_with_hint(Code::IdDangling, at, message, hint);
    }
}
