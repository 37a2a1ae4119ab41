//! A headset: while it is worn, its frames show the room to both eyes, and the visitor's eye is
//! the head.
//!
//! Nothing else of the tour knows of it. The head walks the visitor's body over the floor, and
//! whatever else moves or turns the body – a journey, a stick, a door – carries the headset's
//! space along. What is pointed at is picked as with a mouse.

mod arc;
mod bring;
mod feel;
mod fineness;
mod gaze;
mod gloves;
mod grasp;
mod point;
mod pointer;
mod poke;
mod report;
mod rig;
mod sight;
mod views;
mod wear;
#[cfg_attr(not(feature = "words"), path = "headset/wordless.rs")]
mod words;

use bevy::prelude::*;

pub(crate) use grasp::Grasped;
pub(crate) use pointer::Marks;
pub(crate) use report::Report;
pub(crate) use views::Views;
pub(crate) use wear::Wear;
pub(crate) use words::{Font, Table};
#[cfg(all(target_arch = "wasm32", feature = "words"))]
pub(crate) use words::{LABEL_TOP_PX, SHEET_PX, egui};
#[cfg(target_arch = "wasm32")]
pub(crate) use {
    pointer::{MARKS_MOST, Mark},
    views::EyeView,
    words::{Board, Painted, Sheet},
};

use crate::{
    TourSystems,
    awake::Awake,
    closeup::{CloseUp, Shown},
    command::Command,
    eye::Eye,
    journey::Journey,
    message::{Message as ToPage, Outgoing},
    passing::RoomLeft,
    room::{ArtifactPlace, Screen},
    session::Attention,
    walking::{Navmesh, Visitor},
};
use rig::Rig;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(words::plugin)
        .add_message::<Report>()
        .init_resource::<Views>()
        .init_resource::<Marks>()
        .add_observer(leave)
        .add_systems(
            Update,
            (
                put_on,
                (
                    sight::perceive,
                    words::stand,
                    (gaze::dwell, bring::bring, point::point, grasp::grasp)
                        .chain()
                        .run_if(resource_exists::<Navmesh>),
                )
                    .chain()
                    .run_if(is_worn),
            )
                .chain()
                .in_set(TourSystems::Sense),
        )
        .add_systems(
            Update,
            sight::follow.in_set(TourSystems::Present).run_if(is_worn),
        );
}

fn is_worn(headset: Option<Res<Headset>>, visitor: Option<Res<Visitor>>) -> bool {
    headset.is_some() && visitor.is_some()
}

/// The headset that the visitor wears.
#[derive(Resource, Debug)]
pub(crate) struct Headset {
    wear: Wear,
    /// How much higher than reported the head is, metres.
    lift_m: f32,
    /// There is none before the head was first tracked in this room.
    rig: Option<Rig>,
    /// What it reported for this update, and nothing if this update is none of its frames.
    now: Option<Report>,
    /// The head in the world, as far as it is tracked.
    head: Option<Isometry3d>,
    /// Where the visitor stood and looked when the headset had its say.
    told: (Vec3, f32),
    /// How far the visitor looked up when putting it on.
    pitch: f32,
    hands: point::Hands,
    gaze: gaze::Dwelling,
    /// What is put on the visitor's own table, if that is what the headset is worn for.
    thing: Option<bring::Thing>,
    fineness: fineness::Fineness,
    /// The stick turns the visitor for as long as it is pushed.
    turns: bool,
    /// How far the sides of the view are shut while the visitor is moved.
    vignette: f32,
}

impl Headset {
    fn new(wear: Wear, visitor: &Visitor) -> Self {
        Self {
            wear,
            lift_m: 0.0,
            rig: None,
            now: None,
            head: None,
            told: (visitor.spot.position, visitor.yaw),
            pitch: visitor.pitch,
            hands: point::Hands::default(),
            gaze: gaze::Dwelling::default(),
            thing: None,
            fineness: fineness::Fineness::default(),
            turns: false,
            vignette: 0.0,
        }
    }

    /// Whether the visitor sees the room in this update.
    pub(crate) fn sees(&self) -> bool {
        self.reads() && self.thing.is_none()
    }

    /// Whether the visitor sees what the headset shows in this update.
    fn reads(&self) -> bool {
        self.head.is_some() && self.now.as_ref().is_some_and(|it| it.seen)
    }

    /// Whether the visitor has hands to touch with, so that words are better within their reach.
    fn touches(&self) -> bool {
        let hand = |it: &report::Source| !it.joints.is_empty();
        self.now
            .as_ref()
            .is_some_and(|it| it.sources.iter().any(hand))
    }

    /// Whether there is no stick to turn with: there are hands, or a look alone.
    fn turns_by_press(&self) -> bool {
        let stick = |it: &report::Source| it.stick.is_some();
        self.thing.is_none()
            && self
                .now
                .as_ref()
                .is_some_and(|it| !it.sources.iter().any(stick))
    }

    /// A pose of the headset as a pose of the world.
    fn place(&self, pose: Isometry3d) -> Option<Isometry3d> {
        Some(self.rig?.place(pose))
    }
}

/// Puts the headset on, for which an artifact is put back, and takes it off again.
fn put_on(
    mut commands: MessageReader<Command>,
    mut world: Commands,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    mut eye: ResMut<Eye>,
    screen: Res<Screen>,
    mut headset: Option<ResMut<Headset>>,
    visitor: Option<ResMut<Visitor>>,
    artifacts: Query<&ArtifactPlace>,
) {
    let Some(mut visitor) = visitor else { return };
    for command in commands.read() {
        match command {
            Command::PutOn(wear) => {
                // Whoever wears a headset sits down and stands up by themselves.
                let Visitor {
                    spot, yaw, pitch, ..
                } = *visitor;
                visitor.put(spot, yaw, pitch);
                world.remove_resource::<Journey>();
                world.remove_resource::<CloseUp>();
                world.insert_resource(Shown::default());
                if let Some(stop) = attention.open.take() {
                    outgoing.send(ToPage::ArtifactClosed { stop });
                }
                let mut headset = Headset::new(wear.clone(), &visitor);
                if let Some(stop) = &wear.thing {
                    let place = artifacts.iter().find(|it| it.stop == *stop);
                    let stands = visitor.floor() + Vec3::Y * visitor.standing_m();
                    headset.thing = place.map(|it| bring::Thing::new(it, stands));
                    if headset.thing.is_none() {
                        outgoing.send(ToPage::TakeOff);
                    }
                }
                world.insert_resource(headset);
            }
            Command::TakeOff => {
                let Some(headset) = &headset else { continue };
                // Nobody looks ahead while taking a headset off.
                visitor.pitch = headset.pitch;
                eye.size = screen.size;
                world.remove_resource::<Headset>();
                world.insert_resource(Views::default());
                world.insert_resource(Marks::default());
                world.remove_resource::<Grasped>();
                if let Some(stop) = attention.open.take() {
                    outgoing.send(ToPage::ArtifactClosed { stop });
                }
                awake.animate();
            }
            Command::Wear(wear) => {
                let Some(headset) = &mut headset else {
                    continue;
                };
                // Who sits down or stands up sees the room from another height at once.
                let stays = headset.thing.is_some() || headset.wear.stands_like(wear);
                headset.rig = headset.rig.filter(|_| stays);
                headset.wear = Wear {
                    floor: headset.wear.floor,
                    thing: headset.wear.thing.take(),
                    ..wear.clone()
                };
            }
            _ => {}
        }
    }
}

/// In another room the visitor begins anew, with nothing of the room that is left in hand.
fn leave(_: On<RoomLeft>, headset: Option<ResMut<Headset>>, mut commands: Commands) {
    commands.remove_resource::<Grasped>();
    if let Some(mut headset) = headset {
        (headset.rig, headset.head) = (None, None);
        headset.gaze = gaze::Dwelling::default();
    }
}
