//! Draws the room, the lanterns and signs in it, and the artifact that is held closely.
//!
//! Light is baked, so a few pipelines and one uniform buffer draw a venue: no lights, no shadows,
//! no clusters and no post-processing. What is drawn at the end of an update follows from [`Eye`],
//! [`Scenery`], [`Lantern`]s, [`Sign`]s and [`Shown`], and a frame is drawn only when [`Awake`] asks for it.

mod again;
mod canvas;
mod device;
mod frame;
mod goggles;
mod hanging;
mod ink;
mod kit;
mod lantern;
mod layer;
#[cfg(feature = "words")]
mod letters;
mod lights;
mod list;
mod only;
mod pipelines;
mod sign;
mod stage;
mod texture;
mod told;
#[cfg_attr(not(feature = "words"), path = "drawing/wordless.rs")]
mod words;

use bevy::{color::ColorToComponents, prelude::*};

pub(crate) use again::{Ear, listen_with};
pub(crate) use canvas::{Canvas, Graphics};
pub(crate) use layer::{Layer, show_in};
pub(crate) use texture::{Gallery, Texture};

use crate::{
    TourSystems,
    awake::Awake,
    blink::Blink,
    closeup::Shown,
    command::Config,
    doors::Sign,
    eye::Eye,
    headset::{Grasped, Headset, Marks, Sheet, Views},
    marker::Lantern,
    pace::Pace,
    passing::NextRoom,
    room::{Scenery, Screen},
    theme,
};
use device::{RenderDevice, RenderQueue};
use frame::Frame;
use goggles::{Goggles, Shade};
use kit::Kit;
use list::List;
use only::Only;
use stage::Stage;

/// Adds the drawing to an app: what each update has made of the tour is drawn at its end.
pub(crate) fn plugin(app: &mut App, graphics: Graphics) {
    let Graphics {
        canvas,
        quality,
        device,
        queue,
        ..
    } = graphics;
    app.insert_resource(canvas)
        .insert_resource(quality)
        .insert_resource(device)
        .insert_resource(queue)
        .init_resource::<Frame>()
        .init_resource::<Showing>()
        .add_systems(
            Update,
            (
                take_scenery,
                take_size,
                take_frame,
                take_headset,
                take_words,
                draw,
                draw_headset,
            )
                .chain()
                .after(TourSystems::Present),
        );
}

/// The textures of a room, in the order of its model's pictures, and its baked light.
#[derive(Resource)]
pub(crate) struct Textures {
    pub(crate) pictures: Vec<Texture>,
    pub(crate) lightmap: Option<Texture>,
    /// For what has none.
    pub(crate) white: Texture,
}

/// A headset's framebuffer, for one of its own frames.
#[derive(Resource, Default)]
pub(crate) struct Showing(pub(crate) Option<Layer>);

/// Lets go of what was only needed to fill the graphics device's memory, once it has been filled.
pub(crate) fn release(world: &mut World) {
    // The textures of a room that is yet to be entered are still needed.
    if world.contains_resource::<NextRoom>() || !world.contains_resource::<Textures>() {
        return;
    }
    world.remove_resource::<Textures>();
}

/// Carries a room to the graphics device as soon as it is there, in place of the one before.
fn take_scenery(
    mut commands: Commands,
    scenery: Option<ResMut<Scenery>>,
    textures: Option<Res<Textures>>,
    canvas: Res<Canvas>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    kit: Option<Res<Kit>>,
) {
    let (Some(mut scenery), Some(textures)) = (scenery, textures.as_ref()) else {
        return;
    };
    if !scenery.is_added() {
        return;
    }
    // Nobody else needs it any more.
    let model = std::mem::take(&mut scenery.bypass_change_detection().model);
    let place = |kit: &Kit| Stage::new((&device, &queue), kit, model, textures);
    if let Some(kit) = kit {
        commands.insert_resource(place(&kit));
    } else {
        let kit = Kit::new(&device, &canvas);
        commands.insert_resource(place(&kit));
        commands.insert_resource(kit);
    }
}

fn take_size(mut frame: ResMut<Frame>, screen: Res<Screen>, pace: Res<Pace>) {
    let size = screen.device_pixels().as_vec2() * pace.share();
    frame.size = size.round().as_uvec2();
}

fn take_frame(
    mut frame: ResMut<Frame>,
    awake: Res<Awake>,
    eye: Res<Eye>,
    scenery: Option<Res<Scenery>>,
    shown: Res<Shown>,
    blink: Res<Blink>,
    time: Res<Time<Real>>,
    config: Res<Config>,
    lanterns: Query<&Lantern>,
    signs: Query<&Sign>,
    grasped: Option<Res<Grasped>>,
    headset: Option<Res<Headset>>,
) {
    frame.wanted = awake.draws();
    // For whoever asked for less motion the water stands still, whenever it is drawn.
    let secs = if config.reduced_motion {
        0.0
    } else {
        time.elapsed_secs_wrapped()
    };
    if let Some(scenery) = scenery.as_ref() {
        frame.take(&eye, scenery, &shown, &blink, secs);
        frame.only = Only(headset.and_then(|it| it.only().cloned()));
        let all = frame.only.0.is_none();
        let lanterns = lanterns.iter().filter(|_| all);
        let signs = signs.iter().filter(|_| all);
        let Frame {
            hangings, lights, ..
        } = frame.as_mut();
        hangings.take(lanterns, signs, &eye, lights);
        frame.take_grasped(grasped.as_deref());
    }
}

fn draw(
    mut canvas: ResMut<Canvas>,
    frame: Res<Frame>,
    kit: Option<Res<Kit>>,
    headset: Option<Res<Headset>>,
    stage: Option<Res<Stage>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    // Nobody sees the canvas of who wears a headset.
    let wanted = frame.wanted && headset.is_none();
    let Some((kit, stage)) = kit.zip(stage).filter(|_| wanted) else {
        return;
    };
    canvas.fit(&device, frame.size);
    let [slot, ..] = &kit.slots;
    canvas.draw(|sheet| {
        let (room, mut list) = ((&*kit, slot, &*stage), List::default());
        frame.hangings.tell(&kit, &mut list);
        frame.draw(room, sheet, (&frame.shot, None), None, &mut list);
        list.tell(&device, &queue);
    });
}

/// Where a headset can be worn, all that it takes is made before.
fn take_headset(
    mut commands: Commands,
    mut worn: Local<bool>,
    goggles: Option<ResMut<Goggles>>,
    kit: Option<Res<Kit>>,
    canvas: Res<Canvas>,
    config: Res<Config>,
    headset: Option<Res<Headset>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let was_worn = std::mem::replace(&mut *worn, headset.is_some());
    match goggles {
        None if config.headset || headset.is_some() => {
            if let Some(kit) = kit {
                let goggles = Goggles::new(&device, &queue, &kit, canvas.samples());
                commands.insert_resource(goggles);
            }
        }
        Some(mut goggles) if was_worn && headset.is_none() => goggles.take_off(),
        _ => {}
    }
}

/// Takes over what is to be read in the headset.
fn take_words(
    goggles: Option<ResMut<Goggles>>,
    sheet: Res<Sheet>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    if let Some(mut goggles) = goggles {
        let painted = sheet.take();
        let boards = [sheet.board.as_ref(), sheet.label.as_ref()];
        goggles.take_words(boards, painted.as_ref(), &device, &queue);
    }
}

fn draw_headset(
    goggles: Option<ResMut<Goggles>>,
    headset: Option<Res<Headset>>,
    views: Res<Views>,
    marks: Res<Marks>,
    showing: Res<Showing>,
    frame: Res<Frame>,
    canvas: Res<Canvas>,
    kit: Option<Res<Kit>>,
    stage: Option<Res<Stage>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let (Some(mut goggles), Some((kit, stage))) = (goggles, kit.zip(stage)) else {
        return;
    };
    // Whoever waits for a frame waits for no more than that.
    if headset.is_none() && !frame.wanted {
        let room = (&*kit, &*stage);
        goggles.rehearse(&frame, room, canvas.samples(), &device, &queue);
    }
    let Some(layer) = showing.0.filter(|_| headset.is_some()) else {
        return;
    };
    let shade = Shade {
        vignette: views.vignette,
        dark: views.dark,
        color: theme::BLINK.to_f32_array_no_alpha(),
        clear: views.clear,
    };
    let scale = canvas.eye_scale() * views.fineness;
    goggles.draw(
        &frame,
        (&kit, &stage),
        (&views.eyes, &marks),
        (Some(layer), &shade),
        (canvas.samples(), scale),
        &device,
        &queue,
    );
}
