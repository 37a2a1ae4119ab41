//! A rehearsal of what is done in a headset, before one is put on.
//!
//! A browser compiles what a module does when that is done for the first time, and the first frame of
//! a session, which whoever puts a headset on waits for in the dark, does nearly all of it. So it is done
//! before, by an app of its own, in a room that is nothing but a floor, a wall and the venue's places. What it says
//! nobody hears.

use std::sync::Arc;

use bevy::prelude::*;
use xinghuo_tour::{Room, RoomId, Venue};

use crate::{
    clock::Clock,
    command::{Command, Config},
    headset::{Report, Wear},
    room::{
        Entrance, Furnishing, Screen,
        model::{Finish, Material, Model, ModelError, Place, Surface, Vertex},
    },
    session::Visit,
};

/// How many frames the headset has, in which everything there has its turn.
const FRAMES: u64 = 4;
const FRAME_MILLIS: u64 = 14;
/// How far the floor goes to each side, metres.
const FLOOR_M: f32 = 10.0;
const EYES_M: f32 = 1.6;

/// Rehearses a headset's session in the room in which the venue begins.
pub(crate) fn rehearse(venue: &Arc<Venue>, config: &Config) -> Result<(), ModelError> {
    let Some((id, room)) = venue.rooms.get_key_value(&venue.start.room) else {
        return Ok(());
    };
    let mut app = begin(venue, config, id, room)?;
    let mut at = 0;
    let mut update = |app: &mut App| {
        at += FRAME_MILLIS;
        app.world_mut().resource_mut::<Clock>().set(at);
        app.update();
    };
    update(&mut app);
    app.world_mut()
        .write_message(Command::PutOn(Wear::default()));
    for frame in 0..FRAMES {
        // By turns with a trigger that is held and one that is let go.
        let report = Report::read(&row(frame % 2 == 0));
        app.world_mut().write_message_batch(report);
        update(&mut app);
    }
    app.world_mut().write_message(Command::TakeOff);
    update(&mut app);
    Ok(())
}

fn begin(venue: &Arc<Venue>, config: &Config, id: &RoomId, room: &Room) -> Result<App, ModelError> {
    let config = Config {
        entries: vec![],
        verdicts: vec![],
        ..config.clone()
    };
    let entrance = Entrance::Beginning(None);
    let furnishing = Furnishing::new(venue, id, room, model(venue, id, room), entrance)?;
    let mut app = App::new();
    app.add_plugins(crate::engine::plugin);
    app.insert_resource(Visit::resume(venue.clone(), &config));
    app.insert_resource(config);
    crate::meaning(&mut app);
    crate::space(&mut app);
    app.insert_resource(Screen {
        size: Vec2::splat(100.0),
        ratio: 1.0,
    });
    furnishing.place(app.world_mut());
    app.finish();
    app.cleanup();
    Ok(app)
}

/// A floor, a wall ahead, and in the middle every place that the venue names in the room.
fn model(venue: &Venue, id: &RoomId, room: &Room) -> Model {
    let stops = venue.stops.iter().filter(|it| it.room == *id);
    let stops = stops.flat_map(|it| {
        let artifact = it.artifact.as_ref().map(|it| &it.node);
        std::iter::once(&it.node).chain(artifact)
    });
    let doors = room.doors.iter().map(|it| &it.node);
    let here = Place {
        position: Vec3::ZERO,
        rotation: Quat::IDENTITY,
    };
    let names = stops.chain(doors).chain([&venue.start.node]);
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z) * FLOOR_M;
    let rises = |at: Vec3, up: f32| Vertex {
        position: at + Vec3::Y * up,
        normal: Vec3::Z,
        uv: Vec2::ZERO,
        light_uv: Vec2::ZERO,
        tint: [255; 4],
    };
    let (left, right) = (corner(-1.0, -1.0), corner(1.0, -1.0));
    Model {
        places: names.map(|it| (it.clone(), here)).collect(),
        surfaces: vec![Surface {
            finish: Finish::Baked,
            material: 0,
            artifact: None,
            vertices: vec![rises(left, 0.0), rises(right, 0.0), rises(right, FLOOR_M)],
            indices: vec![0, 1, 2],
        }],
        materials: vec![Material::PLAIN],
        walkable: vec![
            [left, corner(-1.0, 1.0), corner(1.0, 1.0)],
            [left, corner(1.0, 1.0), right],
        ],
    }
}

/// What a headset with two eyes and two controllers reports, see [`Report::read`].
fn row(selecting: bool) -> Vec<f32> {
    let pose = |x: f32, y: f32| [x, y, 0.0, 0.0, 0.0, 0.0, 1.0];
    let square = Mat4::perspective_infinite_rh(1.5, 1.0, 0.1).to_cols_array();
    let mut row = vec![1.0, 2.0, 2.0];
    row.extend(pose(0.0, EYES_M));
    row.push(0.0);
    row.extend([0.0; 7]);
    for side in [-1.0, 1.0] {
        row.extend([0.0, 0.0, 8.0, 8.0]);
        row.extend(pose(0.03 * side, EYES_M));
        row.extend(square);
    }
    for side in [-1.0, 1.0] {
        // It points, is held, and has a stick.
        let flags = if selecting { 71.0 } else { 75.0 };
        row.extend([side, 1.0, flags, 0.0, 0.0]);
        row.extend(pose(0.2 * side, 1.2));
        row.extend(pose(0.2 * side, 1.2));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn a_session_is_rehearsed_from_its_beginning_to_its_end() {
        let (venue, config) = (trial::venue(), trial::config(&[]));
        rehearse(&venue, &config).expect("it can be");
        let id = &venue.start.room;
        let mut app = begin(&venue, &config, id, &venue.rooms[id]).expect("it begins");
        app.update();
        app.world_mut()
            .write_message(Command::PutOn(Wear::default()));
        for selecting in [true, false] {
            let report = Report::read(&row(selecting)).expect("it is a row");
            assert_eq!((report.views.len(), report.sources.len()), (2, 2));
            assert_eq!(report.sources[0].selecting, selecting);
            assert_eq!(report.sources[1].selected, !selecting);
            app.world_mut().write_message(report);
            app.update();
        }
        let world = app.world();
        let headset = world.resource::<crate::headset::Headset>();
        assert!(headset.sees(), "the room is seen");
        assert_eq!(world.resource::<crate::headset::Views>().eyes.len(), 2);
        assert!(!world.resource::<crate::headset::Marks>().indices.is_empty());
    }

    #[test]
    fn a_venue_that_begins_nowhere_is_not_rehearsed() {
        let mut venue = Venue::clone(&trial::venue());
        venue.start.room = trial::id("nowhere");
        assert!(rehearse(&Arc::new(venue), &trial::config(&[])).is_ok());
    }
}
