//! One frame: its uniforms, and the order in which things are drawn.

use std::ops::Range;

use bevy::{
    color::{ColorToComponents, LinearRgba, Srgba},
    math::Affine3A,
    prelude::*,
};

use super::{
    canvas::Sheet,
    device::RenderQueue,
    hanging::Hangings,
    ink::Ink,
    kit::{Kit, Slot},
    only::Only,
    stage::{Piece, Stage, Stuff},
    writing::bytes,
};
use crate::{
    blink::Blink,
    closeup::Shown,
    eye::Eye,
    headset::{EyeView, Grasped},
    room::{Scenery, frustum::Frustum, model::Finish},
    theme,
};

/// Bytes of `Frame` in `frame.wgsl`.
pub(super) const FRAME_BYTES: u32 = 64 + 9 * 16;

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
    rows: Vec<[f32; 4]>,
    pub(super) hangings: Hangings,
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
    clip_from_world: Mat4,
    eye: Vec3,
    /// Width over height.
    aspect: f32,
}

impl Shot {
    /// The shot that shows in its place what `moved` takes from there.
    fn moved(&self, moved: &Mat4) -> Self {
        Self {
            clip_from_world: self.clip_from_world * *moved,
            eye: moved.inverse().transform_point3(self.eye),
            aspect: self.aspect,
        }
    }
}

/// Which of the rows ends with the width over height.
const SHAPE_ROW: usize = 4;

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
        let rgb = |color: Srgba| LinearRgba::from(color).to_f32_array_no_alpha();
        let with = |[x, y, z]: [f32; 3], w: f32| [x, y, z, w];
        let haze = &scenery.haze;
        let sun = Vec3::from(theme::SUN_DIRECTION).normalize();
        self.artifact.clone_from(&shown.node);
        self.cover = shown.cover;
        self.blink = blink.dark();
        self.clear = haze.color.to_f32_array_no_alpha();
        self.secs = secs;
        self.shot = Shot {
            clip_from_world: eye.clip_from_world(),
            eye: eye.position,
            aspect: eye.aspect(),
        };
        self.rows = vec![
            with(rgb(haze.color), haze.start_m),
            with(sun.to_array(), haze.end_m),
            with(rgb(theme::SUN), scenery.light_scale),
            with(rgb(theme::SKY_HIGH), 1.0),
            with(rgb(theme::WATER_DEEP), 0.0),
            with(rgb(theme::PAPER), self.cover),
            with(rgb(theme::PAPER_EDGE), 0.0),
            with(rgb(theme::BLINK), self.blink),
        ];
    }

    /// Takes over what is in the visitor's hand.
    pub(super) fn take_grasped(&mut self, grasped: Option<&Grasped>) {
        self.moved = grasped.map(|it| (it.node.clone(), Affine3A::from(it.moved).into()));
    }

    /// How one eye of a headset would see what the canvas shows, in very small.
    pub(super) fn seen(&self) -> EyeView {
        EyeView {
            clip_from_world: self.shot.clip_from_world,
            position: self.shot.eye,
            viewport: [0, 0, 8, 8],
            middle: Vec2::ZERO,
        }
    }

    /// How it is seen by one eye of a headset.
    pub(super) fn shot(view: &EyeView) -> Shot {
        let [_, _, width, height] = view.viewport;
        Shot {
            clip_from_world: view.clip_from_world,
            eye: view.position,
            aspect: width as f32 / height.max(1) as f32,
        }
    }

    /// `Frame` of `frame.wgsl`.
    fn uniforms(&self, shot: &Shot) -> Vec<f32> {
        let mut uniforms = Vec::from(shot.clip_from_world.to_cols_array());
        uniforms.extend(shot.eye.extend(self.secs).to_array());
        uniforms.extend(self.rows.iter().flatten());
        uniforms[16 + 4 * SHAPE_ROW + 3] = shot.aspect;
        uniforms
    }

    /// Draws the room as one shot shows it, after [`Hangings::tell`].
    pub(super) fn draw(
        &self,
        (kit, told, stage): (&Kit, &Slot, &Stage),
        sheet: &Sheet<'_>,
        shot: &Shot,
        ink: Option<&Ink>,
        encoder: &mut wgpu::CommandEncoder,
        queue: &RenderQueue,
    ) {
        if self.rows.is_empty() {
            return;
        }
        queue.write_buffer(&told.frame, 0, &bytes(&self.uniforms(shot)));
        let held = self.cover > 0.0;
        {
            let last = !held && self.blink <= 0.0;
            let mut pass = self.pass(encoder, sheet, true, last || !held);
            pass.set_bind_group(0, &told.bindings, &[]);
            // Where the paper covers everything, the room need not be drawn.
            if self.cover < 1.0 {
                let moved = self.moved.as_ref();
                let is_moved =
                    |it: &Piece| moved.is_some_and(|(node, _)| it.artifact.as_ref() == Some(node));
                surfaces(
                    &mut pass,
                    kit,
                    stage,
                    in_view(shot, stage, |it| !is_moved(it) && self.only.shows(it)),
                );
                if let Some((_, moved)) = moved {
                    // What is moved is seen as from where it would be seen like that in its place.
                    let shot = shot.moved(moved);
                    queue.write_buffer(&told.moved_frame, 0, &bytes(&self.uniforms(&shot)));
                    pass.set_bind_group(0, &told.moved_bindings, &[]);
                    surfaces(&mut pass, kit, stage, in_view(&shot, stage, is_moved));
                    pass.set_bind_group(0, &told.bindings, &[]);
                }
                self.hangings.draw(&mut pass, kit, shot.clip_from_world);
                if let Some(ink) = ink {
                    ink.draw(&mut pass, kit);
                }
            }
            if !held {
                self.draw_blink(&mut pass, kit);
            }
        }
        if held {
            let mut pass = self.pass(encoder, sheet, false, true);
            pass.set_bind_group(0, &told.bindings, &[]);
            pass.set_pipeline(&kit.pipelines.paper);
            pass.draw(0..3, 0..1);
            let is_held = |it: &Piece| it.artifact == self.artifact;
            surfaces(&mut pass, kit, stage, in_view(shot, stage, is_held));
            self.draw_blink(&mut pass, kit);
        }
    }

    /// A pass with fresh depth, on fresh color or on what is there.
    fn pass<'a>(
        &self,
        encoder: &'a mut wgpu::CommandEncoder,
        sheet: &Sheet<'_>,
        fresh: bool,
        last: bool,
    ) -> wgpu::RenderPass<'a> {
        let resolve = sheet.resolve.filter(|_| last);
        encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("room"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: sheet.color,
                depth_slice: None,
                resolve_target: resolve,
                ops: wgpu::Operations {
                    load: if fresh {
                        wgpu::LoadOp::Clear(self.only.ground(self.clear))
                    } else {
                        wgpu::LoadOp::Load
                    },
                    store: if resolve.is_some() {
                        wgpu::StoreOp::Discard
                    } else {
                        wgpu::StoreOp::Store
                    },
                },
            })],
            depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                view: sheet.depth,
                depth_ops: Some(wgpu::Operations {
                    load: wgpu::LoadOp::Clear(0.0),
                    store: wgpu::StoreOp::Discard,
                }),
                stencil_ops: None,
            }),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        })
    }

    fn draw_blink(&self, pass: &mut wgpu::RenderPass<'_>, kit: &Kit) {
        if self.blink > 0.0 {
            pass.set_pipeline(&kit.pipelines.blink);
            pass.draw(0..3, 0..1);
        }
    }
}

/// Triangles that are drawn at once: what they are made of, and which indices they have.
type Run<'a> = (&'a Stuff, Range<u32>);

/// Of so many pieces, each call costs more than shading what turns out to be hidden.
const PIECES_MANY: usize = 200;

/// What can be seen, nearest first, so that what is hidden is not shaded; the sky, which is behind
/// everything, last. Of very many pieces, those of one material are drawn together, and those
/// whose indices follow each other at once.
fn in_view<'a>(shot: &Shot, stage: &'a Stage, wanted: impl Fn(&Piece) -> bool) -> Vec<Run<'a>> {
    let frustum = Frustum::new(shot.clip_from_world);
    let many = stage.stuffs.iter().map(|it| it.pieces.len()).sum::<usize>() > PIECES_MANY;
    let mut seen = Vec::new();
    for stuff in &stage.stuffs {
        let mut runs: Vec<(f32, Range<u32>)> = Vec::new();
        for piece in &stuff.pieces {
            if !wanted(piece) || !frustum.meets(&piece.bounds) {
                continue;
            }
            let nearest = shot.eye.clamp(piece.bounds.min, piece.bounds.max);
            let far = nearest.distance_squared(shot.eye);
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

fn surfaces(pass: &mut wgpu::RenderPass<'_>, kit: &Kit, stage: &Stage, runs: Vec<Run<'_>>) {
    pass.set_vertex_buffer(0, stage.vertices.slice(..));
    pass.set_index_buffer(stage.indices.slice(..), wgpu::IndexFormat::Uint32);
    // wgpu sets everything up anew, also what is set up already, and with a group those after it.
    let (mut last, mut last_pipeline): (Option<&Stuff>, Option<&wgpu::RenderPipeline>) =
        (None, None);
    for (stuff, indices) in runs {
        let pipeline = kit.pipelines.of(stuff);
        if last_pipeline.is_none_or(|it| !std::ptr::eq(it, pipeline)) {
            pass.set_pipeline(pipeline);
            if last_pipeline.is_none() {
                pass.set_bind_group(1, &stage.light, &[]);
            }
            last_pipeline = Some(pipeline);
        }
        if last.is_none_or(|it| !std::ptr::eq(it, stuff)) {
            pass.set_bind_group(2, &stuff.bindings, &[]);
            last = Some(stuff);
        }
        pass.draw_indexed(indices, 0, 0..1);
    }
}
