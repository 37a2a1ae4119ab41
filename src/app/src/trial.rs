//! A small venue built in code, and a visitor who tries it out: three rooms in a row.

use std::{sync::Arc, time::Duration};

use bevy::{prelude::*, time::TimeUpdateStrategy};
use serde_json::{Value, json};
use xinghuo_tour::{Action, Entry, RoomId, StopId, Venue};

use crate::{
    clock::Clock,
    command::{Command, Config},
    message::{Message as ToPage, Outgoing},
    passing::{Fetches, NextRoom, RoomMissed},
    room::{
        Entrance, Furnishing, Scenery, Screen, StopPlace,
        model::{Finish, Material, Model, Place, Surface, Vertex},
    },
    session::Visit,
    walking::Visitor,
};

/// How long an update takes.
const STEP_MILLIS: u64 = 100;

/// A tour of the small venue.
pub(crate) struct Trial {
    pub(crate) app: App,
    millis: u64,
    /// Whether rooms can be fetched.
    pub(crate) online: bool,
}

/// An id of any kind.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

impl Trial {
    /// Begins a visit, or goes on with one.
    pub(crate) fn begin(entries: &[Entry]) -> Self {
        let config = config(entries);
        let venue = venue();
        let visit = Visit::resume(venue.clone(), &config);
        let last_stop = entries.iter().rev().find_map(|it| match &it.action {
            Action::Arrive { stop } => Some(stop),
            _ => None,
        });
        let id = visit.room().clone();
        let entrance = Entrance::Beginning(last_stop);
        let furnishing = Furnishing::new(&venue, &id, &venue.rooms[&id], scene(&id), entrance)
            .expect("the scene has what the venue names");
        let mut app = App::new();
        app.add_plugins(MinimalPlugins);
        app.insert_resource(config);
        crate::meaning(&mut app);
        crate::space(&mut app);
        let step = Duration::from_millis(STEP_MILLIS);
        app.insert_resource(TimeUpdateStrategy::ManualDuration(step));
        app.insert_resource(Screen {
            size: Vec2::new(1280.0, 720.0),
            ratio: 1.0,
        });
        furnishing.place(app.world_mut());
        app.insert_resource(visit);
        let mut trial = Self {
            app,
            millis: entries.last().map_or(0, |it| it.at),
            online: true,
        };
        trial.update();
        trial
    }

    /// One update, after which rooms that are wanted are there.
    pub(crate) fn update(&mut self) -> Vec<ToPage> {
        self.millis += STEP_MILLIS;
        let world = self.app.world_mut();
        world.resource_mut::<Clock>().set(self.millis);
        self.app.update();
        let world = self.app.world_mut();
        for room in world.resource_mut::<Fetches>().take() {
            if self.online {
                let model = scene(&room);
                world.insert_resource(NextRoom { room, model });
            } else {
                let detail = "offline".into();
                world.write_message(RoomMissed { room, detail });
            }
        }
        world.resource_mut::<Outgoing>().take()
    }

    /// What is said within so many seconds.
    pub(crate) fn run(&mut self, secs: u64) -> Vec<ToPage> {
        let updates = secs * 1000 / STEP_MILLIS;
        (0..updates).flat_map(|_| self.update()).collect()
    }

    /// What is said within so many seconds after a command.
    pub(crate) fn say(&mut self, command: Command, secs: u64) -> Vec<ToPage> {
        self.app.world_mut().write_message(command);
        self.run(secs)
    }

    pub(crate) fn room(&self) -> RoomId {
        self.app.world().resource::<Scenery>().room.clone()
    }

    pub(crate) fn visitor(&self) -> &Visitor {
        self.app.world().resource::<Visitor>()
    }

    /// The stops of the room that one is in.
    pub(crate) fn stops(&mut self) -> Vec<StopId> {
        let world = self.app.world_mut();
        let mut places = world.query::<&StopPlace>();
        places.iter(world).map(|it| it.stop.clone()).collect()
    }
}

/// What was done, in order.
pub(crate) fn actions(said: &[ToPage]) -> Vec<Action> {
    let action = |it: &ToPage| match it {
        ToPage::Entry { entry } => Some(entry.action.clone()),
        _ => None,
    };
    said.iter().filter_map(action).collect()
}

/// A visit's beginning, or what it goes on with.
pub(crate) fn config(entries: &[Entry]) -> Config {
    serde_json::from_value(json!({
        "packageUrl": "/packages/house/", "seed": 7, "entries": entries,
    }))
    .expect("the config is well written")
}

pub(crate) fn venue() -> Arc<Venue> {
    let stop = |id: &str, room: &str, artifact: Value, eye_height_m: Value| {
        json!({
            "id": id, "room": room, "node": format!("stop_{id}"), "artifact": artifact,
            "checkpoint": null, "topics": [], "prerequisites": [], "required": true,
            "evidence": ["arrived"], "picture": null, "eye_height_m": eye_height_m,
        })
    };
    let artifact = |id: &str| {
        json!({
            "id": id, "node": format!("artifact_{id}"), "provenance": "reconstruction",
            "observe_millis": 2000, "observe_within_m": 2.5,
        })
    };
    let room = |doors: &[&str]| {
        let doors: Vec<_> = doors
            .iter()
            .map(|to| json!({ "to": to, "node": format!("door_{to}") }))
            .collect();
        json!({
            "scene": "none.glb", "lightmap": null, "light_scale": 1.0, "walkable": "walkable",
            "eye_height_m": 1.6, "haze": null, "doors": doors,
        })
    };
    let venue: Venue = serde_json::from_value(json!({
        "id": "house", "languages": ["en"], "start": { "room": "hall", "node": "start" },
        "rooms": {
            "hall": room(&["stairs"]),
            "stairs": room(&["hall", "attic"]),
            "attic": room(&["stairs"]),
        },
        "stops": [
            stop("desk", "hall", artifact("ink-stone"), Value::Null),
            stop("lamp", "attic", artifact("oil-lamp"), json!(1.1)),
        ],
        "checkpoints": {},
        "completion": { "version": 1, "mastery": 0.5, "attempts": 2 },
        "draft": false,
    }))
    .expect("the venue is well written");
    Arc::new(venue.checked().expect("the venue holds together"))
}

/// A square floor with what stands on it: a door at each end, a stop in the middle with its
/// artifact before it, at the height of a table.
fn scene(room: &RoomId) -> Model {
    let half_m = match room.as_str() {
        "hall" => 5.0,
        "stairs" => 4.0,
        _ => 6.0,
    };
    let at = |x: f32, y: f32, z: f32| Vec3::new(x, y, z);
    let looking = |position: Vec3, yaw: f32| Place {
        position,
        rotation: Quat::from_rotation_y(yaw),
    };
    let mut model = Model {
        materials: vec![Material::PLAIN],
        ..Model::default()
    };
    let corner = |x: f32, z: f32| at(x * half_m, 0.0, z * half_m);
    model.walkable = vec![
        [corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0)],
        [corner(-1.0, -1.0), corner(1.0, 1.0), corner(1.0, -1.0)],
    ];
    let turned = std::f32::consts::PI;
    let back = looking(at(0.0, 0.0, half_m - 0.5), 0.0);
    let front = looking(at(0.0, 0.0, 0.5 - half_m), turned);
    let mut places: Vec<(&str, Place)> = match room.as_str() {
        "hall" => vec![("start", back), ("door_stairs", front)],
        "stairs" => vec![("door_hall", back), ("door_attic", front)],
        _ => vec![("door_stairs", back)],
    };
    let stop = match room.as_str() {
        "hall" => Some(("stop_desk", "artifact_ink-stone")),
        "attic" => Some(("stop_lamp", "artifact_oil-lamp")),
        _ => None,
    };
    if let Some((stop, artifact)) = stop {
        places.push((stop, looking(at(2.0, 0.0, 0.0), 0.0)));
        places.push((artifact, looking(at(2.0, 0.9, -1.0), 0.0)));
        model.surfaces.push(plate(artifact, at(2.0, 0.9, -1.0)));
    }
    let named = places.into_iter();
    model.places = named
        .map(|(name, place)| (name.to_owned(), place))
        .collect();
    model
}

/// An upright plate of 40 cm.
fn plate(node: &str, middle: Vec3) -> Surface {
    let vertex = |x: f32, y: f32| Vertex {
        position: middle + Vec3::new(x, y, 0.0),
        normal: Vec3::Z,
        uv: Vec2::ZERO,
        light_uv: Vec2::ZERO,
        tint: [255; 4],
    };
    Surface {
        finish: Finish::Baked,
        material: 0,
        artifact: Some(node.to_owned()),
        vertices: vec![
            vertex(-0.2, -0.2),
            vertex(0.2, -0.2),
            vertex(0.2, 0.2),
            vertex(-0.2, 0.2),
        ],
        indices: vec![0, 1, 2, 0, 2, 3],
    }
}
