//! The text walk: the same visit without a place. What is opened in it counts as arrived at.

use bevy::prelude::*;
use xinghuo_tour::{Action, StopId};

use crate::{
    TourSystems,
    command::Command,
    message::{Message as ToPage, Outgoing},
    session::{Attention, Visit, VisitorActed},
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (begin, read)
            .chain()
            .in_set(TourSystems::Decide)
            .run_if(resource_exists::<Visit>),
    );
}

/// A visit begins with the room that it begins in, once: a resumed one has its entry already.
fn begin(visit: Res<Visit>, mut actions: MessageWriter<VisitorActed>, mut begun: Local<bool>) {
    if !*begun && visit.is_new() {
        let room = visit.venue.start.room.clone();
        actions.write(VisitorActed(Action::Enter { room }));
    }
    *begun = true;
}

fn read(
    mut commands: MessageReader<Command>,
    mut attention: ResMut<Attention>,
    mut actions: MessageWriter<VisitorActed>,
    mut outgoing: ResMut<Outgoing>,
    visit: Res<Visit>,
) {
    for command in commands.read() {
        match command {
            Command::Arrive(stop) | Command::GoTo(stop) => {
                arrive(stop, &visit, &mut attention, &mut actions, &mut outgoing);
                outgoing.send(ToPage::Arrived { stop: stop.clone() });
            }
            Command::Open(stop) => {
                arrive(stop, &visit, &mut attention, &mut actions, &mut outgoing);
                attention.open = Some(stop.clone());
                outgoing.send(ToPage::ArtifactOpened { stop: stop.clone() });
            }
            Command::Close => {
                if let Some(stop) = attention.open.take() {
                    outgoing.send(ToPage::ArtifactClosed { stop });
                }
            }
            _ => {}
        }
    }
}

fn arrive(
    stop: &StopId,
    visit: &Visit,
    attention: &mut Attention,
    actions: &mut MessageWriter<VisitorActed>,
    outgoing: &mut Outgoing,
) {
    let Some(found) = visit
        .venue
        .stop(stop)
        .filter(|_| attention.standing.as_ref() != Some(stop))
    else {
        return;
    };
    if let Some(stop) = attention.standing.take() {
        outgoing.send(ToPage::StopLeft { stop });
    }
    if found.room != *visit.room() {
        let room = found.room.clone();
        actions.write(VisitorActed(Action::Enter { room }));
    }
    attention.standing = Some(stop.clone());
    outgoing.send(ToPage::StopEntered { stop: stop.clone() });
    actions.write(VisitorActed(Action::Arrive { stop: stop.clone() }));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use xinghuo_tour::{Entry, Venue};

    use super::*;
    use crate::{clock::Clock, command::Config};

    fn venue() -> Arc<Venue> {
        let venue: Venue = serde_json::from_value(json!({
            "id": "house",
            "languages": ["en"],
            "start": { "room": "hall", "node": "start" },
            "rooms": { "hall": {
                "scene": "hall.glb", "lightmap": null, "light_scale": 1.0, "walkable": "walkable",
                "eye_height_m": 1.6, "haze": null, "doors": [],
            } },
            "stops": [
                {
                    "id": "door", "room": "hall", "node": "stop_door", "artifact": null,
                    "checkpoint": "door", "topics": [], "prerequisites": [], "required": true,
                    "evidence": ["arrived", "story", "answered"], "picture": null,
                },
            ],
            "checkpoints": { "door": {
                "id": "door", "marking": "here", "draw": 1, "questions": [{
                    "id": "door-color", "kind": "single", "options": ["red", "blue"],
                    "targets": [], "shown_at": "door",
                    "key": { "kind": "single", "value": "red" },
                }],
            } },
            "completion": { "version": 1, "mastery": 0.5, "attempts": 2 },
            "draft": false,
        }))
        .expect("the venue is well written");
        Arc::new(venue.checked().expect("the venue holds together"))
    }

    fn walk(entries: Vec<Entry>) -> App {
        let config: Config = serde_json::from_value(json!({
            "packageUrl": "/packages/house/", "seed": 7, "entries": entries,
        }))
        .expect("the config is well written");
        let mut app = App::new();
        app.add_plugins(MinimalPlugins);
        app.insert_resource(Visit::resume(venue(), &config));
        app.insert_resource(config);
        crate::meaning(&mut app);
        crate::text(&mut app);
        app
    }

    fn update(app: &mut App, millis: u64, commands: Vec<Command>) -> Vec<ToPage> {
        app.world_mut().resource_mut::<Clock>().set(millis);
        app.world_mut().write_message_batch(commands);
        app.update();
        app.world_mut().resource_mut::<Outgoing>().take()
    }

    fn entries(messages: &[ToPage]) -> Vec<Entry> {
        let entry = |it: &ToPage| match it {
            ToPage::Entry { entry } => Some(entry.clone()),
            _ => None,
        };
        messages.iter().filter_map(entry).collect()
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().expect("an id")
    }

    /// Everything that can be done in this venue, rightly.
    fn whole_walk(app: &mut App) -> Vec<ToPage> {
        let mut messages = update(app, 0, vec![]);
        messages.extend(update(app, 1000, vec![Command::Arrive(id("door"))]));
        messages.extend(update(app, 2000, vec![Command::StoryRead(id("door"))]));
        let json = r#"{"question":"door-color","response":{"kind":"single","value":"red"}}"#;
        let answer = Command::answer(json).expect("it is an answer");
        messages.extend(update(app, 3000, vec![answer]));
        messages
    }

    #[test]
    fn a_text_walk_reaches_its_end_and_says_so() {
        let messages = whole_walk(&mut walk(vec![]));
        let seqs: Vec<_> = entries(&messages)
            .iter()
            .map(|it| (it.seq, it.at))
            .collect();
        assert_eq!(seqs, [(1, 0), (2, 1000), (3, 2000), (4, 3000)]);
        let is_summary = |it: &ToPage| matches!(it, ToPage::Summary { summary } if summary.passed);
        assert!(messages.iter().any(is_summary), "{messages:?}");
        let asked = |it: &ToPage| matches!(it, ToPage::Checkpoint { panel: Some(_) });
        assert!(messages.iter().any(asked), "{messages:?}");
    }

    #[test]
    fn a_resumed_walk_writes_no_entry_twice() {
        let messages = whole_walk(&mut walk(vec![]));
        let mut resumed = walk(entries(&messages));
        let again = update(&mut resumed, 9000, vec![]);
        assert_eq!(entries(&again), []);
        let done = |it: &ToPage| matches!(it, ToPage::Progress { progress } if progress.passed);
        assert!(again.iter().any(done), "{again:?}");
    }

    #[test]
    fn what_the_page_says_at_once_is_taken_in_order() {
        let mut app = walk(vec![]);
        update(&mut app, 0, vec![]);
        let at_once = vec![Command::GoTo(id("door")), Command::StoryRead(id("door"))];
        let messages = update(&mut app, 500, at_once);
        assert_eq!(entries(&messages).len(), 2, "{messages:?}");
    }

    #[test]
    fn what_is_refused_leaves_no_entry() {
        let mut app = walk(vec![]);
        update(&mut app, 0, vec![]);
        let messages = update(&mut app, 500, vec![Command::StoryRead(id("door"))]);
        assert_eq!(entries(&messages), []);
        assert!(
            messages.iter().any(|it| matches!(it, ToPage::Event { .. })),
            "{messages:?}"
        );
    }
}
