//! The name of what one points at, and of the room behind the nearest door. It hovers above.

use std::borrow::Cow;

use bevy::{ecs::change_detection::Tick, math::Vec3Swizzles, prelude::*};
use xinghuo_tour::{ArtifactId, RoomId, StopId};

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

/// What has a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nameable<'a> {
    /// By the room that it leads to.
    Door(Cow<'a, RoomId>),
    Stop(Cow<'a, StopId>),
    Thing(Cow<'a, ArtifactId>),
    /// Where a thing comes to lie on the visitor's own table.
    Place,
}

impl Nameable<'_> {
    fn name(&self, words: &Table) -> String {
        match self {
            Self::Door(to) => words.room(to),
            Self::Stop(stop) => words.title(stop),
            Self::Thing(artifact) => words.text(format!("artifact.{artifact}.name")),
            // As long as a thing has no place, it says how it comes to one.
            Self::Place => words.ui("headset.lay").to_owned(),
        }
    }

    fn into_owned(self) -> Nameable<'static> {
        match self {
            Self::Door(it) => Nameable::Door(Cow::Owned(it.into_owned())),
            Self::Stop(it) => Nameable::Stop(Cow::Owned(it.into_owned())),
            Self::Thing(it) => Nameable::Thing(Cow::Owned(it.into_owned())),
            Self::Place => Nameable::Place,
        }
    }
}

/// All that has a name.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct Nameables<'w, 's> {
    lanterns: Query<'w, 's, &'static Lantern>,
    signs: Query<'w, 's, &'static Sign>,
    artifacts: Query<'w, 's, &'static ArtifactPlace>,
}

impl Nameables<'_, '_> {
    fn door(&self, to: &RoomId) -> Option<(Nameable<'_>, Vec3)> {
        let sign = self.signs.iter().find(|it| it.to == *to)?;
        let door = Nameable::Door(Cow::Borrowed(&sign.to));
        Some((door, above(sign.position, sign.size_m)))
    }

    fn stop(&self, stop: &StopId) -> Option<(Nameable<'_>, Vec3)> {
        let lantern = self.lanterns.iter().find(|it| it.stop == *stop)?;
        let stop = Nameable::Stop(Cow::Borrowed(&lantern.stop));
        Some((stop, above(lantern.position, lantern.size_m)))
    }

    /// The door that is nearest to somebody at `eye` who looks along `ahead`.
    fn nearest(&self, eye: Vec3, ahead: Vec3) -> Option<(Nameable<'_>, Vec3)> {
        let seen = self.signs.iter().filter(|it| {
            let to = it.position - eye;
            it.alpha > 0.5 && to.length() < DOOR_WITHIN_M && to.dot(ahead) > 0.0
        });
        let far = |it: &&Sign| it.position.xz().distance_squared(eye.xz());
        let sign = seen.min_by(|a, b| far(a).total_cmp(&far(b)))?;
        self.door(&sign.to)
    }

    /// What has been put on the visitor's own table.
    fn thing(&self, stop: &StopId) -> Option<(Nameable<'_>, Vec3)> {
        let place = self.artifacts.iter().find(|it| it.stop == *stop)?;
        let thing = Nameable::Thing(Cow::Borrowed(&place.artifact));
        let top = place.bounds.center().with_y(place.bounds.max.y);
        Some((thing, top + Vec3::Y * ABOVE_M))
    }
}

fn above(middle: Vec3, size_m: f32) -> Vec3 {
    middle + Vec3::Y * (size_m * ABOVE_SHARE + ABOVE_M)
}

/// Finds what is to be named. Its name is looked up when it is another, or the words are.
pub(super) fn name(
    mut named: ResMut<Named>,
    speech: Res<Speech>,
    headset: Res<Headset>,
    hovered: Res<Hovered>,
    all: Nameables<'_, '_>,
    mut known: Local<Option<(Nameable<'static>, Tick)>>,
) {
    let now = match (&headset.thing, headset.head) {
        (_, None) => None,
        (Some(thing), _) if thing.lies => all.thing(&thing.stop),
        (Some(thing), Some(head)) => Some((Nameable::Place, thing.foot(head.translation.into()))),
        (None, Some(head)) => {
            let door = hovered.door.as_ref().and_then(|it| all.door(it));
            let stop = hovered.stop.as_ref().and_then(|it| all.stop(it));
            let (eye, ahead) = (head.translation.into(), head.rotation * Vec3::NEG_Z);
            door.or(stop).or_else(|| all.nearest(eye, ahead))
        }
    };
    let Some((is, at)) = now else {
        named.0 = None;
        return;
    };
    let told = speech.last_changed();
    let same = known
        .as_ref()
        .is_some_and(|(was, when)| (was, *when) == (&is, told));
    match &mut named.0 {
        Some((_, place)) if same => *place = at,
        named => {
            *named = Some((is.name(&speech.0), at));
            *known = Some((is.into_owned(), told));
        }
    }
}
