//! The name of what one points at, and of the room behind the nearest door. It hovers above.

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::{RoomId, StopId};

use super::{Speech, table::Table};
use crate::{
    doors::Sign, headset::Headset, marker::Lantern, picking::Hovered, room::ArtifactPlace,
};

/// From how far away a door says where it leads, metres.
const DOOR_WITHIN_M: f32 = 7.0;
/// How far above the middle of what is named, in shares of its size, and metres besides.
const ABOVE_SHARE: f32 = 1.1;
const ABOVE_M: f32 = 0.03;

/// What is named, and above which place of the world.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(super) struct Named(pub(super) Option<(String, Vec3)>);

/// All that has a name.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct Nameables<'w, 's> {
    lanterns: Query<'w, 's, &'static Lantern>,
    signs: Query<'w, 's, &'static Sign>,
    artifacts: Query<'w, 's, &'static ArtifactPlace>,
}

impl Nameables<'_, '_> {
    fn door(&self, to: &RoomId, words: &Table) -> Option<(String, Vec3)> {
        let sign = self.signs.iter().find(|it| it.to == *to)?;
        Some((words.room(to), above(sign.position, sign.size_m)))
    }

    fn stop(&self, stop: &StopId, words: &Table) -> Option<(String, Vec3)> {
        let lantern = self.lanterns.iter().find(|it| it.stop == *stop)?;
        Some((words.title(stop), above(lantern.position, lantern.size_m)))
    }

    /// The door that is nearest to somebody at `eye` who looks along `ahead`.
    fn nearest(&self, eye: Vec3, ahead: Vec3, words: &Table) -> Option<(String, Vec3)> {
        let seen = self.signs.iter().filter(|it| {
            let to = it.position - eye;
            it.alpha > 0.5 && to.length() < DOOR_WITHIN_M && to.dot(ahead) > 0.0
        });
        let far = |it: &&Sign| it.position.xz().distance_squared(eye.xz());
        let sign = seen.min_by(|a, b| far(a).total_cmp(&far(b)))?;
        self.door(&sign.to, words)
    }

    /// What has been put on the visitor's own table.
    fn thing(&self, stop: &StopId, words: &Table) -> Option<(String, Vec3)> {
        let place = self.artifacts.iter().find(|it| it.stop == *stop)?;
        let name = words.text(format!("artifact.{}.name", place.artifact));
        let top = place.bounds.center().with_y(place.bounds.max.y);
        Some((name, top + Vec3::Y * ABOVE_M))
    }
}

fn above(middle: Vec3, size_m: f32) -> Vec3 {
    middle + Vec3::Y * (size_m * ABOVE_SHARE + ABOVE_M)
}

/// Finds what is to be named.
pub(super) fn name(
    mut named: ResMut<Named>,
    speech: Res<Speech>,
    headset: Res<Headset>,
    hovered: Res<Hovered>,
    all: Nameables<'_, '_>,
) {
    let words = &speech.0;
    let now = match (&headset.thing, headset.head) {
        (_, None) => None,
        (Some(thing), _) if thing.lies => all.thing(&thing.stop, words),
        // As long as it has no place, it says how it comes to one.
        (Some(thing), _) => all
            .thing(&thing.stop, words)
            .map(|(_, at)| (words.ui("headset.lay").to_owned(), at)),
        (None, Some(head)) => {
            let door = hovered.door.as_ref().and_then(|it| all.door(it, words));
            let stop = hovered.stop.as_ref().and_then(|it| all.stop(it, words));
            let (eye, ahead) = (head.translation.into(), head.rotation * Vec3::NEG_Z);
            door.or(stop).or_else(|| all.nearest(eye, ahead, words))
        }
    };
    if named.0 != now {
        named.0 = now;
    }
}
