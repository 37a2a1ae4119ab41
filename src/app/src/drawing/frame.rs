//! One frame: its uniforms, and the order in which things are drawn.

use bevy::{
    color::{ColorToComponents, Srgba},
    math::Affine3A,
    prelude::*,
};

use super::{
    canvas::Sheet,
    hanging::Hangings,
    ink::Ink,
    kit::{Kit, Slot},
    lights::Lights,
    list::{List, Pass},
    only::Only,
    stage::{Piece, Stage, Stuff},
    told::Part,
    view::{Looked, Run, View},
};
use crate::{
    blink::Blink,
    closeup::Shown,
    eye::Eye,
    headset::{EyeView, Grasped},
    room::{Scenery, frustum::Looking},
    theme,
};

/// Bytes of `Frame` in `frame.wgsl`.
pub(super) const FRAME_BYTES: u64 = 64 + 9 * 16;

/// What the next frame shows.
#[derive(Resource, Default)]
pub(super) struct Frame {
    /// Whether it is to be drawn at all.
    pub(super) wanted: bool,
    /// The canvas, device pixels.
    pub(super) size: UVec2,
    /// From where it is seen on the canvas.
    pub(super) shot: Shot,
    secs: f32,
    /// The uniforms from the haze on, which do not depend on from where it is seen – but for the
    /// shape of the picture.
    rows: Option<[[f32; 4]; 8]>,
    pub(super) hangings: Hangings,
    pub(super) lights: Lights,
    clear: [f32; 3],
    /// The node that is elsewhere than in the model, and where.
    moved: Option<(String, Mat4)>,
    /// The node of the artifact that is held closely, and how far the paper covers the room.
    artifact: Option<String>,
    pub(super) only: Only,
    cover: f32,
    blink: f32,
}

/// From where a frame is seen.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Shot {
    pub(super) looking: Looking,
    /// Width over height.
    aspect: f32,
}

impl Shot {
    /// The shot that shows in its place what `moved` takes from there.
    fn moved(&self, moved: &Mat4) -> Self {
        Self {
            looking: Looking {
                clip_from_world: self.looking.clip_from_world * *moved,
                eye: moved.inverse().transform_point3(self.looking.eye),
            },
            aspect: self.aspect,
        }
    }
}

/// Which of the rows ends with the width over height.
const SHAPE_ROW: usize = 3;

impl Frame {
    /// Takes over what the main world says of the view.
    pub(super) fn take(
        &mut self,
        eye: &Eye,
        scenery: &Scenery,
        shown: &Shown,
        blink: &Blink,
        secs: f32,
    ) {
        let mut rgb = |color: Srgba| self.lights.of(color);
        let with = |[x, y, z]: [f32; 3], w: f32| [x, y, z, w];
        let haze = &scenery.haze;
        let sun = Vec3::from(theme::SUN_DIRECTION).normalize();
        self.artifact.clone_from(&shown.node);
        self.cover = shown.cover;
        self.blink = blink.dark();
        self.clear = haze.color.to_f32_array_no_alpha();
        self.secs = secs;
        self.shot = Shot {
            looking: Looking {
                clip_from_world: eye.clip_from_world(),
                eye: eye.position,
            },
            aspect: eye.aspect(),
        };
        self.rows = Some([
            with(rgb(haze.color), haze.start_m),
            with(sun.to_array(), haze.end_m),
            with(rgb(theme::SUN), scenery.light_scale),
            with(rgb(theme::SKY_HIGH), 1.0),
            with(rgb(theme::WATER_DEEP), 0.0),
            with(rgb(theme::PAPER), self.cover),
            with(rgb(theme::PAPER_EDGE), 0.0),
            with(rgb(theme::BLINK), self.blink),
        ]);
    }

    /// Takes over what is in the visitor's hand.
    pub(super) fn take_grasped(&mut self, grasped: Option<&Grasped>) {
        self.moved = grasped.map(|it| (it.node.clone(), Affine3A::from(it.moved).into()));
    }

    /// How one eye of a headset would see what the canvas shows, in very small.
    pub(super) fn seen(&self) -> EyeView {
        EyeView {
            clip_from_world: self.shot.looking.clip_from_world,
            position: self.shot.looking.eye,
            viewport: [0, 0, 8, 8],
            middle: Vec2::ZERO,
        }
    }

    /// How it is seen by one eye of a headset.
    pub(super) fn shot(view: &EyeView) -> Shot {
        let [_, _, width, height] = view.viewport;
        Shot {
            looking: Looking {
                clip_from_world: view.clip_from_world,
                eye: view.position,
            },
            aspect: width as f32 / height.max(1) as f32,
        }
    }

    /// `Frame` of `frame.wgsl`.
    fn uniforms(&self, mut rows: [[f32; 4]; 8], shot: &Shot) -> impl Iterator<Item = f32> {
        let Looking {
            clip_from_world,
            eye,
        } = &shot.looking;
        let seen = clip_from_world.to_cols_array().into_iter();
        let eye = eye.extend(self.secs).to_array();
        rows[SHAPE_ROW][3] = shot.aspect;
        seen.chain(eye).chain(rows.into_iter().flatten())
    }

    /// Draws the room as one shot shows it, after [`Hangings::tell`]: what is in view from where somebody `looked`, or
    /// from the shot itself.
    pub(super) fn draw(
        &self,
        (kit, own, stage): (&Kit, &Slot, &Stage),
        sheet: &Sheet<'_>,
        (shot, looked): (&Shot, Option<&mut Looked>),
        ink: Option<&Ink>,
        list: &mut List,
    ) {
        let Some(rows) = self.rows else { return };
        let uniforms = self.uniforms(rows, shot);
        list.tell_shaders(&kit.told, Part::Frame(own.eye), 0, uniforms);
        let view = looked
            .as_ref()
            .map_or_else(|| View::of(shot), |it| it.view(stage));
        let held = self.cover > 0.0;
        list.begin(self.pass(sheet, true, !held));
        list.set_bind_group(0, &own.bindings);
        // Where the paper covers everything, the room need not be drawn.
        if self.cover < 1.0 {
            let moved = self.moved.as_ref();
            let is_moved =
                |it: &Piece| moved.is_some_and(|(node, _)| it.artifact.as_ref() == Some(node));
            let find = || view.of_stage(stage, |it| !is_moved(it) && self.only.shows(it));
            match looked {
                Some(looked) => {
                    let of = (&self.only, moved.map(|(node, _)| node));
                    surfaces(list, kit, stage, looked.runs(stage, of, find));
                }
                None => surfaces(list, kit, stage, &find()),
            }
            if let Some((_, moved)) = moved {
                // What is moved is seen as from where it would be seen like that in its place.
                let shot = shot.moved(moved);
                let part = Part::Moved(own.eye);
                list.tell_shaders(&kit.told, part, 0, self.uniforms(rows, &shot));
                list.set_bind_group(0, &own.moved_bindings);
                surfaces(list, kit, stage, &View::of(&shot).of_stage(stage, is_moved));
                list.set_bind_group(0, &own.bindings);
            }
            self.hangings.draw(list, kit, |it| view.meets(it));
            if let Some(ink) = ink {
                ink.draw(list, kit);
            }
        }
        if !held {
            return self.draw_blink(list, kit);
        }
        list.begin(self.pass(sheet, false, true));
        list.set_bind_group(0, &own.bindings);
        list.set_pipeline(&kit.pipelines.paper);
        list.draw(0..3);
        let is_held = |it: &Piece| it.artifact == self.artifact;
        surfaces(list, kit, stage, &view.of_stage(stage, is_held));
        self.draw_blink(list, kit);
    }

    /// A pass with fresh depth, on fresh color or on what is there.
    fn pass(&self, sheet: &Sheet<'_>, fresh: bool, last: bool) -> Pass {
        Pass {
            label: "room",
            color: sheet.color.clone(),
            resolve: sheet.resolve.filter(|_| last).cloned(),
            clear: fresh.then(|| self.only.ground(self.clear)),
            depth: Some(sheet.depth.clone()),
        }
    }

    fn draw_blink(&self, list: &mut List, kit: &Kit) {
        if self.blink > 0.0 {
            list.set_pipeline(&kit.pipelines.blink);
            list.draw(0..3);
        }
    }
}

fn surfaces(list: &mut List, kit: &Kit, stage: &Stage, runs: &[Run]) {
    list.set_buffers(&stage.vertices, &stage.indices);
    // wgpu sets everything up anew, also what is set up already, and with a group those after it.
    let mut before: Option<&Stuff> = None;
    let mut pipeline_before: Option<&wgpu::RenderPipeline> = None;
    for (number, indices) in runs {
        let stuff = &stage.stuffs[*number];
        let pipeline = kit.pipelines.of(stuff);
        if pipeline_before.is_none_or(|it| !std::ptr::eq(it, pipeline)) {
            list.set_pipeline(pipeline);
            if pipeline_before.is_none() {
                list.set_bind_group(1, &stage.light);
            }
            pipeline_before = Some(pipeline);
        }
        if before.is_none_or(|it| !std::ptr::eq(it, stuff)) {
            list.set_bind_group(2, &stuff.bindings);
            before = Some(stuff);
        }
        list.draw_indexed(indices.clone());
    }
}
