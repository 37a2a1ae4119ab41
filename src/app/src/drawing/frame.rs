//! One frame: its uniforms, and the order in which things are drawn.

use std::{f32::consts::PI, ops::Range};

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
};
use crate::{
    blink::Blink,
    closeup::Shown,
    eye::Eye,
    headset::{EyeView, Grasped},
    room::{
        Scenery,
        frustum::{Frustum, Looking, Margin},
        model::Finish,
        ray::Bounds,
    },
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
    looking: Looking,
    /// Width over height.
    aspect: f32,
}

impl Shot {
    /// Whether what is drawn of a room as from here can be drawn as from `other` as well.
    pub(super) fn holds(&self, other: &Self, stage: &Stage) -> bool {
        let margin = if stage.is_small() { ROUND } else { MARGIN };
        self.looking.is_near(&other.looking, margin)
    }

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

/// How far a head turns and moves until what is in view is looked for anew: as long as the same is
/// drawn, a headset's frames are told in a fraction of the time ([`again`](super::again)).
const MARGIN: Margin = Margin {
    turn: 0.26,
    way_m: 0.05,
};
/// And if all round is drawn: how far the order of what is nearest is good enough.
const ROUND: Margin = Margin {
    turn: PI,
    way_m: 0.5,
};

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

    /// Draws the room as one shot shows it, after [`Hangings::tell`]: what is in view from `from`, or
    /// from the shot itself.
    pub(super) fn draw(
        &self,
        (kit, own, stage): (&Kit, &Slot, &Stage),
        sheet: &Sheet<'_>,
        (shot, from): (&Shot, Option<&Shot>),
        ink: Option<&Ink>,
        list: &mut List,
    ) {
        let Some(rows) = self.rows else { return };
        let uniforms = self.uniforms(rows, shot);
        list.tell_shaders(&kit.told, Part::Frame(own.eye), 0, uniforms);
        let view = from.map_or_else(|| View::of(shot), |it| View::of_head(it, stage));
        let held = self.cover > 0.0;
        list.begin(self.pass(sheet, true, !held));
        list.set_bind_group(0, &own.bindings);
        // Where the paper covers everything, the room need not be drawn.
        if self.cover < 1.0 {
            let moved = self.moved.as_ref();
            let is_moved =
                |it: &Piece| moved.is_some_and(|(node, _)| it.artifact.as_ref() == Some(node));
            let runs = view.of_stage(stage, |it| !is_moved(it) && self.only.shows(it));
            surfaces(list, kit, stage, runs);
            if let Some((_, moved)) = moved {
                // What is moved is seen as from where it would be seen like that in its place.
                let shot = shot.moved(moved);
                let part = Part::Moved(own.eye);
                list.tell_shaders(&kit.told, part, 0, self.uniforms(rows, &shot));
                list.set_bind_group(0, &own.moved_bindings);
                surfaces(list, kit, stage, View::of(&shot).of_stage(stage, is_moved));
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
        surfaces(list, kit, stage, view.of_stage(stage, is_held));
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

/// Triangles that are drawn at once: what they are made of, and which indices they have.
type Run<'a> = (&'a Stuff, Range<u32>);

/// Of so many pieces, each call costs more than shading what turns out to be hidden.
const PIECES_MANY: usize = 200;

/// What is looked for in a room, and from where.
struct View {
    /// Everything is, if there is none.
    frustum: Option<Frustum>,
    eye: Vec3,
}

impl View {
    fn of(shot: &Shot) -> Self {
        Self {
            frustum: Some(Frustum::new(&shot.looking)),
            eye: shot.looking.eye,
        }
    }

    /// What a head sees from there that turns and moves. A small room is drawn all round: whatever is of
    /// one material is one draw then, and wherever the head turns the same is drawn.
    fn of_head(shot: &Shot, stage: &Stage) -> Self {
        let Shot { looking, .. } = shot;
        Self {
            frustum: (!stage.is_small()).then(|| Frustum::with_margin(looking, MARGIN)),
            eye: looking.eye,
        }
    }

    fn meets(&self, bounds: &Bounds) -> bool {
        self.frustum.as_ref().is_none_or(|it| it.meets(bounds))
    }

    /// What can be seen, nearest first, so that what is hidden is not shaded; the sky, which is behind
    /// everything, last. Of very many pieces, or all round, those of one material are drawn together,
    /// and those whose indices follow each other at once.
    fn of_stage<'a>(&self, stage: &'a Stage, wanted: impl Fn(&Piece) -> bool) -> Vec<Run<'a>> {
        let pieces = stage.stuffs.iter().map(|it| it.pieces.len());
        let are_many = pieces.sum::<usize>() > PIECES_MANY;
        let mut seen = Vec::new();
        for stuff in &stage.stuffs {
            // Few panes are seen through each other, and so each has its turn.
            let all_round = self.frustum.is_none() && stuff.finish != Finish::Glass;
            let many = are_many || all_round;
            let mut runs: Vec<(f32, Range<u32>)> = Vec::new();
            for piece in &stuff.pieces {
                if !wanted(piece) || !self.meets(&piece.bounds) {
                    continue;
                }
                let nearest = self.eye.clamp(piece.bounds.min, piece.bounds.max);
                let far = nearest.distance_squared(self.eye);
                match runs.last_mut() {
                    Some((least, run)) if many && run.end == piece.indices.start => {
                        (*least, run.end) = (least.min(far), piece.indices.end);
                    }
                    _ => runs.push((far, piece.indices.clone())),
                }
            }
            let nearest = runs.iter().map(|it| it.0).fold(f32::MAX, f32::min);
            let runs = runs.into_iter();
            seen.extend(runs.map(|(far, run)| (if many { nearest } else { far }, (stuff, run))));
        }
        seen.sort_by(|(a, (of_a, _)), (b, (of_b, _))| {
            // A change of pipelines costs the main thread more than several draws do.
            let pipeline = |it: &Stuff| match it.finish {
                Finish::Baked => (it.glossy, it.double_sided),
                _ => (false, false),
            };
            let order = |it: &Stuff| (it.finish.order(), pipeline(it));
            let nearest_first = a.total_cmp(b);
            order(of_a).cmp(&order(of_b)).then(match of_a.finish {
                // What lets something through is put over what it lets through.
                Finish::Glass => nearest_first.reverse(),
                _ => nearest_first,
            })
        });
        seen.into_iter().map(|(_, run)| run).collect()
    }
}

fn surfaces(list: &mut List, kit: &Kit, stage: &Stage, runs: Vec<Run<'_>>) {
    list.set_buffers(&stage.vertices, &stage.indices);
    // wgpu sets everything up anew, also what is set up already, and with a group those after it.
    let mut before: Option<&Stuff> = None;
    let mut pipeline_before: Option<&wgpu::RenderPipeline> = None;
    for (stuff, indices) in runs {
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
        list.draw_indexed(indices);
    }
}
