//! One frame: its uniforms, and the order in which things are drawn.

use bevy::{
    color::{ColorToComponents, LinearRgba, Srgba},
    math::Affine3A,
    prelude::*,
    render::renderer::{RenderDevice, RenderQueue},
};

use super::{
    canvas::Sheet,
    ink::Ink,
    kit::Kit,
    stage::{Piece, Stage},
};
use crate::{
    blink::Blink,
    closeup::Shown,
    doors::Sign,
    eye::Eye,
    headset::{EyeView, Grasped},
    marker::Lantern,
    room::{Scenery, Screen, ray::Bounds},
    theme,
};

/// Bytes of `Frame` in `frame.wgsl`.
pub(super) const FRAME_BYTES: u32 = 64 + 9 * 16;
/// Bytes of `Lantern` in `lantern.wgsl`.
pub(super) const LANTERN_BYTES: u32 = 48;
/// How many lanterns and signs a room can have.
pub(super) const LANTERNS_MOST: usize = 128;

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
    hangings: Vec<Hanging>,
    clear: [f32; 3],
    /// The node that is elsewhere than in the model, and where.
    moved: Option<(String, Mat4)>,
    /// The node of the artifact that is held closely, and how far the paper covers the room.
    artifact: Option<String>,
    cover: f32,
    blink: f32,
}

/// A lantern or a sign: what its shader is told of it.
struct Hanging {
    is_sign: bool,
    uniforms: [f32; 12],
}

impl Hanging {
    fn lantern(it: &Lantern) -> Self {
        let looks = (it.color, it.alpha, it.lit);
        Self::new(false, it.position, it.size_m, looks, 0.0)
    }

    fn sign(it: &Sign) -> Self {
        let looks = (it.color, it.alpha, it.lit);
        Self::new(true, it.position, it.size_m, looks, it.yaw)
    }

    fn new(
        is_sign: bool,
        at: Vec3,
        size_m: f32,
        (color, alpha, lit): (Srgba, f32, f32),
        yaw: f32,
    ) -> Self {
        let [r, g, b] = LinearRgba::from(color).to_f32_array_no_alpha();
        let (sin, cos) = yaw.sin_cos();
        Self {
            is_sign,
            uniforms: [at.x, at.y, at.z, size_m, r, g, b, alpha, lit, cos, sin, 0.0],
        }
    }

    fn far(&self, eye: Vec3) -> f32 {
        let [x, y, z, ..] = self.uniforms;
        Vec3::new(x, y, z).distance_squared(eye)
    }
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
        screen: &Screen,
        scenery: &Scenery,
        shown: &Shown,
        blink: &Blink,
        secs: f32,
    ) {
        let rgb = |color: Srgba| LinearRgba::from(color).to_f32_array_no_alpha();
        let with = |[x, y, z]: [f32; 3], w: f32| [x, y, z, w];
        let haze = &scenery.haze;
        let sun = Vec3::from(theme::SUN_DIRECTION).normalize();
        self.size = screen.device_pixels();
        self.artifact.clone_from(&shown.node);
        self.cover = shown.cover;
        self.blink = blink.dark();
        self.clear = rgb(haze.color);
        self.secs = secs;
        self.shot = Shot {
            clip_from_world: eye.clip_from_world(),
            eye: eye.position,
            aspect: eye.aspect(),
        };
        self.rows = vec![
            with(self.clear, haze.start_m),
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

    /// Takes over lanterns and signs, farthest first, because they let something of each other
    /// through.
    pub(super) fn take_hangings<'a>(
        &mut self,
        lanterns: impl Iterator<Item = &'a Lantern>,
        signs: impl Iterator<Item = &'a Sign>,
        eye: &Eye,
    ) {
        let seen = lanterns.filter(|it| it.alpha > 0.01).map(Hanging::lantern);
        self.hangings.clear();
        self.hangings.extend(seen);
        let seen = signs.filter(|it| it.alpha > 0.01).map(Hanging::sign);
        self.hangings.extend(seen);
        let far = |it: &Hanging| it.far(eye.position);
        self.hangings.sort_by(|a, b| far(b).total_cmp(&far(a)));
        // Of too many, the nearest are drawn.
        let farther = self.hangings.len().saturating_sub(LANTERNS_MOST);
        self.hangings.drain(..farther);
    }

    pub(super) fn draw(
        &self,
        (kit, stage): (&Kit, &Stage),
        sheet: &Sheet<'_>,
        shot: &Shot,
        ink: Option<&Ink>,
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        if self.rows.is_empty() {
            return;
        }
        queue.write_buffer(&kit.frame, 0, &bytes(&self.uniforms(shot)));
        for (i, hanging) in self.hangings.iter().enumerate() {
            let offset = u64::from(kit.hanging_step) * i as u64;
            queue.write_buffer(&kit.hangings, offset, &bytes(&hanging.uniforms));
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let held = self.cover > 0.0;
        {
            let last = !held && self.blink <= 0.0;
            let mut pass = self.pass(&mut encoder, sheet, true, last || !held);
            pass.set_bind_group(0, &kit.frame_bindings, &[]);
            // Where the paper covers everything, the room need not be drawn.
            if self.cover < 1.0 {
                let moved = self.moved.as_ref();
                let is_moved =
                    |it: &Piece| moved.is_some_and(|(node, _)| it.artifact.as_ref() == Some(node));
                for piece in in_view(shot, stage, |it| !is_moved(it)) {
                    surface(&mut pass, kit, piece);
                }
                if let Some((_, moved)) = moved {
                    // What is moved is seen as from where it would be seen like that in its place.
                    let shot = shot.moved(moved);
                    queue.write_buffer(&kit.moved_frame, 0, &bytes(&self.uniforms(&shot)));
                    pass.set_bind_group(0, &kit.moved_bindings, &[]);
                    for piece in in_view(&shot, stage, is_moved) {
                        surface(&mut pass, kit, piece);
                    }
                    pass.set_bind_group(0, &kit.frame_bindings, &[]);
                }
                self.draw_hangings(&mut pass, kit);
                if let Some(ink) = ink {
                    ink.draw(&mut pass, kit);
                }
            }
            if !held {
                self.draw_blink(&mut pass, kit);
            }
        }
        if held {
            let mut pass = self.pass(&mut encoder, sheet, false, true);
            pass.set_bind_group(0, &kit.frame_bindings, &[]);
            pass.set_pipeline(&kit.pipelines.paper);
            pass.draw(0..3, 0..1);
            for piece in stage
                .pieces
                .iter()
                .filter(|it| it.artifact == self.artifact)
            {
                surface(&mut pass, kit, piece);
            }
            self.draw_blink(&mut pass, kit);
        }
        queue.submit([encoder.finish()]);
    }

    /// A pass with fresh depth, on fresh color or on what is there.
    fn pass<'a>(
        &self,
        encoder: &'a mut wgpu::CommandEncoder,
        sheet: &Sheet<'_>,
        fresh: bool,
        last: bool,
    ) -> wgpu::RenderPass<'a> {
        let [r, g, b] = self.clear.map(f64::from);
        let resolve = sheet.resolve.filter(|_| last);
        encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("room"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: sheet.color,
                depth_slice: None,
                resolve_target: resolve,
                ops: wgpu::Operations {
                    load: if fresh {
                        wgpu::LoadOp::Clear(wgpu::Color { r, g, b, a: 1.0 })
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

    fn draw_hangings(&self, pass: &mut wgpu::RenderPass<'_>, kit: &Kit) {
        pass.set_pipeline(&kit.pipelines.lantern);
        for (i, hanging) in self.hangings.iter().enumerate() {
            let shape = if hanging.is_sign {
                &kit.sign
            } else {
                &kit.lantern
            };
            pass.set_vertex_buffer(0, shape.vertices.slice(..));
            pass.set_index_buffer(shape.indices.slice(..), wgpu::IndexFormat::Uint32);
            pass.set_bind_group(1, &kit.hanging_bindings, &[i as u32 * kit.hanging_step]);
            pass.draw_indexed(0..shape.count, 0, 0..1);
        }
    }

    fn draw_blink(&self, pass: &mut wgpu::RenderPass<'_>, kit: &Kit) {
        if self.blink > 0.0 {
            pass.set_pipeline(&kit.pipelines.blink);
            pass.draw(0..3, 0..1);
        }
    }
}

/// The pieces that can be seen, nearest first, so that what is hidden is not shaded; the sky,
/// which is behind everything, last.
fn in_view<'a>(shot: &Shot, stage: &'a Stage, wanted: impl Fn(&Piece) -> bool) -> Vec<&'a Piece> {
    let seen = stage
        .pieces
        .iter()
        .filter(|it| wanted(it) && is_in_view(shot.clip_from_world, &it.bounds));
    let mut seen: Vec<_> = seen
        .map(|it| {
            let nearest = shot.eye.clamp(it.bounds.min, it.bounds.max);
            (it.finish.order(), nearest.distance_squared(shot.eye), it)
        })
        .collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    seen.into_iter().map(|(_, _, it)| it).collect()
}

/// Whether a box may be in view: it is not if all of it lies beyond one side.
fn is_in_view(clip_from_world: Mat4, bounds: &Bounds) -> bool {
    let (a, b) = (bounds.min, bounds.max);
    let corners = [0, 1, 2, 3, 4, 5, 6, 7].map(|i: u8| {
        let pick = |bit: u8, low: f32, high: f32| if i & bit == 0 { low } else { high };
        let corner = Vec3::new(pick(1, a.x, b.x), pick(2, a.y, b.y), pick(4, a.z, b.z));
        clip_from_world * corner.extend(1.0)
    });
    let beyond = |side: fn(&Vec4) -> f32| corners.iter().all(|it| side(it) < 0.0);
    let left = beyond(|it| it.w + it.x) || beyond(|it| it.w - it.x);
    !(left || beyond(|it| it.w + it.y) || beyond(|it| it.w - it.y))
}

fn surface(pass: &mut wgpu::RenderPass<'_>, kit: &Kit, piece: &Piece) {
    pass.set_pipeline(kit.pipelines.of(piece.finish, piece.double_sided));
    pass.set_bind_group(1, &piece.bindings, &[]);
    pass.set_vertex_buffer(0, piece.vertices.slice(..));
    pass.set_index_buffer(piece.indices.slice(..), wgpu::IndexFormat::Uint32);
    pass.draw_indexed(0..piece.count, 0, 0..1);
}

/// Numbers as the graphics device reads them.
pub(super) fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}
