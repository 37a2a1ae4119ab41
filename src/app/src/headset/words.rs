//! Words in the world: a panel with what is told and asked at a stop, the route and the settings,
//! and the handle by which it is opened.
//!
//! Everything that is said comes from the page ([`Table`]), and everything that is done goes the
//! way of the page's own commands, so that it counts as it does there. `egui` lays a panel out
//! into triangles ([`Painted`]), which `drawing` paints into a picture that stands in the room.
//!
//! Of `bevy_egui` only its `egui` is used: its own systems want windows and cameras, and this tour
//! has neither.

mod act;
mod board;
mod choosing;
mod label;
mod look;
mod page;
mod panel;
mod place;
mod plan;
mod questions;
mod reading;
mod route;
mod settings;
mod sheet;
mod stand;
mod story;
mod table;
mod touch;

use bevy::prelude::*;
#[cfg(target_arch = "wasm32")]
pub(crate) use bevy_egui::egui;
#[cfg(not(target_arch = "wasm32"))]
#[expect(
    clippy::single_component_path_imports,
    reason = "the modules below find it here, whichever it is"
)]
pub(crate) use egui;

pub(crate) use sheet::Font;
pub(crate) use table::Table;
pub(super) use touch::{Surface, Touch};
#[cfg(target_arch = "wasm32")]
pub(crate) use {
    board::Board,
    place::{LABEL_TOP_PX, SHEET_PX},
    sheet::{Painted, Sheet},
};

use super::{Headset, is_worn};
use crate::{TourSystems, command::Command, passing::RoomLeft, session::Visit, walking::Navmesh};
use panel::{Drafts, Panel};
#[cfg(not(target_arch = "wasm32"))]
use sheet::Sheet;
use table::Words;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Surface>()
        .init_resource::<Sheet>()
        .init_resource::<Drafts>()
        .init_resource::<page::Laid>()
        .init_resource::<label::Named>()
        .init_resource::<act::Awaited>()
        .add_observer(leave)
        .add_systems(Update, hear.in_set(TourSystems::Sense))
        .add_systems(
            Update,
            (label::name, sheet::lay, sheet::tell, act::act, act::read)
                .chain()
                .in_set(TourSystems::Decide)
                .run_if(is_worn.and_then(resource_exists::<Speech>))
                .run_if(resource_exists::<Visit>)
                .run_if(has_seen),
        )
        .add_systems(
            Update,
            plan::draw_up
                .in_set(TourSystems::Decide)
                .before(sheet::lay)
                .run_if(resource_exists_and_changed::<Navmesh>),
        )
        .add_systems(
            Update,
            sheet::rehearse
                .in_set(TourSystems::Decide)
                .run_if(not(is_worn).and_then(resource_exists::<Speech>))
                .run_if(resource_exists::<Visit>),
        )
        .add_systems(
            Update,
            (act::found, act::come)
                .chain()
                .in_set(TourSystems::Present)
                .run_if(is_worn.and_then(resource_exists::<Speech>)),
        );
}

pub(super) use stand::stand;

/// All that there is to say, as soon as there are letters for it.
#[derive(Resource, Debug, Clone)]
pub(super) struct Speech(Words);

/// Whether the headset has shown the room before. Nothing is written for its first picture, which whoever
/// puts it on waits for in the dark: words take as long to paint as the room does, and come with the next.
fn has_seen(headset: Option<Res<Headset>>, mut before: Local<bool>) -> bool {
    let sees = headset.as_ref().is_some_and(|it| it.head.is_some());
    let is_new = headset.is_none_or(|it| it.is_added());
    std::mem::replace(&mut *before, sees) && !is_new
}

/// Takes over words and letters; without a headset there is nothing to read.
fn hear(
    mut commands: MessageReader<Command>,
    mut world: Commands,
    mut sheet: ResMut<Sheet>,
    mut surface: ResMut<Surface>,
    mut drafts: ResMut<Drafts>,
) {
    for command in commands.read() {
        match command {
            Command::Words(words) => world.insert_resource(Speech(words.clone())),
            Command::Font(font) => sheet.write_with(font),
            Command::TakeOff => {
                world.remove_resource::<Panel>();
                *surface = Surface::default();
                *drafts = Drafts::default();
                (sheet.board, sheet.label) = (None, None);
            }
            _ => {}
        }
    }
}

/// What is read in a room stays there.
fn leave(_: On<RoomLeft>, mut commands: Commands, mut surface: ResMut<Surface>) {
    commands.remove_resource::<Panel>();
    *surface = Surface::default();
}
