//! Draws the room, the lanterns and signs in it, and the artifact that is held closely.
//!
//! Light is baked, so four pipelines and one uniform buffer draw a venue: no lights, no shadows,
//! no clusters and no post-processing. What is drawn follows from the main world's [`Eye`],
//! [`Scenery`], [`Lantern`]s, [`Sign`]s and [`Shown`], and a frame is drawn only when [`Awake`] asks for it.

mod canvas;
mod frame;
mod kit;
mod lantern;
mod pipelines;
mod sign;
mod stage;
mod texture;

use bevy::{
    prelude::*,
    render::{
        Extract, ExtractSchedule, RenderApp,
        renderer::{RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue},
    },
};

pub(crate) use canvas::{Canvas, Graphics};
pub(crate) use texture::Texture;

use crate::{
    awake::Awake,
    blink::Blink,
    closeup::Shown,
    doors::Sign,
    eye::Eye,
    marker::Lantern,
    passing::NextRoom,
    room::{Scenery, Screen},
};
use frame::Frame;
use kit::Kit;
use stage::Stage;

/// Adds the drawing to an app that has a [`RenderPlugin`](bevy::render::RenderPlugin).
pub(crate) fn plugin(app: &mut App, canvas: Canvas) {
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app
        .insert_resource(canvas)
        .init_resource::<Frame>()
        .add_systems(ExtractSchedule, (extract_scenery, extract_frame))
        .add_systems(RenderGraph, draw.in_set(RenderGraphSystems::Render));
}

/// The textures of a room, in the order of its model's pictures, and its baked light.
#[derive(Resource)]
pub(crate) struct Textures {
    pub(crate) pictures: Vec<Texture>,
    pub(crate) lightmap: Option<Texture>,
}

/// Lets go of what was only needed to fill the graphics device's memory, once it has been filled.
pub(crate) fn release(world: &mut World) {
    // The textures of a room that is yet to be entered are still needed.
    if world.contains_resource::<NextRoom>() || !world.contains_resource::<Textures>() {
        return;
    }
    world.remove_resource::<Textures>();
    if let Some(mut scenery) = world.get_resource_mut::<Scenery>() {
        scenery.model = std::sync::Arc::default();
    }
}

/// Carries a room to the graphics device as soon as it is there, in place of the one before.
fn extract_scenery(
    mut commands: Commands,
    scenery: Extract<Option<Res<Scenery>>>,
    textures: Extract<Option<Res<Textures>>>,
    canvas: Res<Canvas>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    kit: Option<Res<Kit>>,
    stage: Option<ResMut<Stage>>,
) {
    let (Some(scenery), Some(textures)) = (scenery.as_ref(), textures.as_ref()) else {
        return;
    };
    if !scenery.is_added() {
        return;
    }
    // The old room goes first, so that there is never memory for two.
    if let Some(mut stage) = stage {
        stage.pieces.clear();
    }
    let place = |kit: &Kit| Stage::new(&device, &queue, kit, &scenery.model, textures);
    if let Some(kit) = kit {
        commands.insert_resource(place(&kit));
    } else {
        let kit = Kit::new(&device, &canvas);
        commands.insert_resource(place(&kit));
        commands.insert_resource(kit);
    }
}

fn extract_frame(
    mut frame: ResMut<Frame>,
    awake: Extract<Res<Awake>>,
    eye: Extract<Res<Eye>>,
    screen: Extract<Res<Screen>>,
    scenery: Extract<Option<Res<Scenery>>>,
    shown: Extract<Res<Shown>>,
    blink: Extract<Res<Blink>>,
    time: Extract<Res<Time<Real>>>,
    lanterns: Extract<Query<&Lantern>>,
    signs: Extract<Query<&Sign>>,
) {
    frame.wanted = awake.draws();
    if let Some(scenery) = scenery.as_ref() {
        frame.take(
            &eye,
            &screen,
            scenery,
            &shown,
            &blink,
            time.elapsed_secs_wrapped(),
        );
        frame.take_hangings(lanterns.iter(), signs.iter(), &eye);
    }
}

fn draw(
    mut canvas: ResMut<Canvas>,
    frame: Res<Frame>,
    kit: Option<Res<Kit>>,
    stage: Option<Res<Stage>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let Some((kit, stage)) = kit.zip(stage).filter(|_| frame.wanted) else {
        return;
    };
    canvas.fit(&device, frame.size);
    canvas.draw(|sheet| frame.draw(&kit, &stage, sheet, &device, &queue));
}
