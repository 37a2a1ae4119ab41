//! A room as it lies in the graphics device's memory, for as long as one is in it.
//!
//! All its corners are in one buffer and all its indices in another, in the order of what they
//! are made of. So what is in view and of one material is drawn at once, however many artifacts
//! it belongs to.

use std::{collections::HashMap, ops::Range};

use bevy::prelude::*;

use super::{
    Textures,
    device::{RenderDevice, RenderQueue},
    kit::{Kit, bindings, buffer},
};
use crate::room::{
    model::{Finish, Material, Model, Surface, Vertex},
    ray::Bounds,
};

/// What of the room is drawn. Letting go of it gives its memory back.
#[derive(Resource)]
pub(super) struct Stage {
    pub(super) vertices: wgpu::Buffer,
    pub(super) indices: wgpu::Buffer,
    /// The baked light, which all of it is seen in.
    pub(super) light: wgpu::BindGroup,
    /// What is drawn with the same pipeline and bindings.
    pub(super) stuffs: Vec<Stuff>,
}

/// Of more triangles, a graphics device in a headset has enough to do with those that are in view.
const TRIANGLES_SMALL: u32 = 150_000;

/// A material as it is drawn, and everything that is made of it.
pub(super) struct Stuff {
    pub(super) finish: Finish,
    pub(super) double_sided: bool,
    /// Whether it reflects so much that it is worth a shader that does.
    pub(super) glossy: bool,
    pub(super) bindings: wgpu::BindGroup,
    /// In the order of their indices, which follow each other without a gap.
    pub(super) pieces: Vec<Piece>,
}

/// Triangles of one node and one material.
pub(super) struct Piece {
    pub(super) artifact: Option<String>,
    pub(super) bounds: Bounds,
    pub(super) indices: Range<u32>,
}

impl Stage {
    /// Whether all of it can be drawn for each eye, whatever of it is in view.
    pub(super) fn is_small(&self) -> bool {
        let last = self.stuffs.iter().filter_map(|it| it.pieces.last());
        last.map(|it| it.indices.end).max() <= Some(3 * TRIANGLES_SMALL)
    }

    /// Takes the model apart while it fills the device's memory: whoever held both would need
    /// twice as much.
    pub(super) fn new(
        (device, queue): (&RenderDevice, &RenderQueue),
        kit: &Kit,
        model: Model,
        textures: &Textures,
    ) -> Self {
        let Model {
            mut surfaces,
            materials,
            ..
        } = model;
        surfaces.sort_by_cached_key(|it| (it.finish, it.material, nearness(it)));
        let corners = surfaces.iter().map(|it| it.vertices.len()).sum::<usize>();
        let ends = surfaces.iter().map(|it| it.indices.len()).sum::<usize>();
        let usage = wgpu::BufferUsages::VERTEX;
        let mut vertices = Filling::new(device, "corners", corners * CORNER_BYTES, usage);
        let usage = wgpu::BufferUsages::INDEX;
        let mut indices = Filling::new(device, "indices", ends * INDEX_BYTES, usage);
        let mut stuffs: Vec<Stuff> = Vec::new();
        let mut told = HashMap::new();
        let (mut base, mut first, mut last) = (0, 0, None);
        for surface in surfaces {
            let (finish, material) = (surface.finish, &materials[surface.material]);
            if last.replace((finish, surface.material)) != Some((finish, surface.material)) {
                stuffs.push(Stuff {
                    finish,
                    double_sided: material.double_sided,
                    glossy: polish(material) > 0.0,
                    bindings: bound(device, kit, finish, material, textures, &mut told),
                    pieces: Vec::new(),
                });
            }
            vertices.fill(queue, &surface.vertices, pack);
            indices.fill(queue, &surface.indices, |it, to| {
                to.extend((it + base).to_le_bytes());
            });
            let end = first + surface.indices.len() as u32;
            if let Some(stuff) = stuffs.last_mut() {
                stuff.pieces.push(Piece {
                    bounds: Bounds::around(surface.vertices.iter().map(|it| it.position)),
                    artifact: surface.artifact,
                    indices: first..end,
                });
            }
            base += surface.vertices.len() as u32;
            first = end;
        }
        Self {
            vertices: vertices.full(queue),
            indices: indices.full(queue),
            light: light(device, kit, textures),
            stuffs,
        }
    }
}

/// A buffer that is filled piece by piece: what is put together beforehand makes the module's
/// memory grow, which never gets smaller again.
struct Filling {
    buffer: wgpu::Buffer,
    /// How many bytes it has so far.
    filled: u64,
    /// What is handed over next.
    waiting: Vec<u8>,
}

/// How many bytes are handed over at once. They stay until the device has them, and so they are to
/// fit where a surface was before.
const BYTES_AT_ONCE: usize = 1 << 16;

impl Filling {
    fn new(device: &wgpu::Device, label: &str, bytes: usize, usage: wgpu::BufferUsages) -> Self {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes as u64,
            usage: usage | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self {
            buffer,
            filled: 0,
            waiting: Vec::with_capacity(BYTES_AT_ONCE),
        }
    }

    fn fill<T>(&mut self, queue: &wgpu::Queue, these: &[T], put: impl Fn(&T, &mut Vec<u8>)) {
        for it in these {
            // Each is smaller than what is handed over at once.
            if self.waiting.len() + CORNER_BYTES > BYTES_AT_ONCE {
                self.hand_over(queue);
            }
            put(it, &mut self.waiting);
        }
    }

    fn hand_over(&mut self, queue: &wgpu::Queue) {
        queue.write_buffer(&self.buffer, self.filled, &self.waiting);
        self.filled += self.waiting.len() as u64;
        self.waiting.clear();
    }

    fn full(mut self, queue: &wgpu::Queue) -> wgpu::Buffer {
        self.hand_over(queue);
        self.buffer
    }
}

/// Where a surface is along a curve that fills the room: what is near each other in the room has
/// mostly numbers near each other, and is in view together.
fn nearness(surface: &Surface) -> u64 {
    let center = Bounds::around(surface.vertices.iter().map(|it| it.position)).center();
    // Half metres, up to eight kilometres in each direction.
    let cell = (center * 2.0 + 16384.0).clamp(Vec3::ZERO, Vec3::splat(32767.0));
    let [x, y, z] = cell.to_array().map(|it| it as u64);
    (0..15).fold(0, |code, bit| {
        let of = |it: u64| it >> bit & 1;
        code | (of(x) | of(y) << 1 | of(z) << 2) << (3 * bit)
    })
}

/// What draws a material. What shaders are told of it is in `told`: most materials differ in their pictures
/// alone, and a buffer that is bound already need not be bound again.
fn bound(
    device: &wgpu::Device,
    kit: &Kit,
    finish: Finish,
    material: &Material,
    textures: &Textures,
    told: &mut HashMap<Vec<u8>, wgpu::Buffer>,
) -> wgpu::BindGroup {
    let picture = material.picture.and_then(|it| textures.pictures.get(it));
    let is_sky = finish == Finish::Sky;
    let stuff = stuff(
        material,
        textures.lightmap.is_some() && !is_sky && !material.unlit,
    );
    let told = told
        .entry(stuff)
        .or_insert_with_key(|it| buffer(device, "stuff", it, wgpu::BufferUsages::UNIFORM));
    let samplers = &kit.samplers;
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("stuff"),
        layout: &kit.pipelines.stuff_layout,
        entries: &bindings([
            told.as_entire_binding(),
            wgpu::BindingResource::TextureView(&picture.unwrap_or(&textures.white).0),
            wgpu::BindingResource::Sampler(if is_sky {
                &samplers.sky
            } else {
                &samplers.picture
            }),
        ]),
    })
}

fn light(device: &wgpu::Device, kit: &Kit, textures: &Textures) -> wgpu::BindGroup {
    let light = textures.lightmap.as_ref().unwrap_or(&textures.white);
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("light"),
        layout: &kit.pipelines.light_layout,
        entries: &bindings([
            wgpu::BindingResource::TextureView(&light.0),
            wgpu::BindingResource::Sampler(&kit.samplers.once),
        ]),
    })
}

/// Bytes of a corner: position as it is; normal and, in its fourth part, whether there is baked
/// light, in two bytes each; texture coordinates as they are; the light's in two bytes each; tint.
pub(super) const CORNER_BYTES: usize = 36;
const INDEX_BYTES: usize = 4;

fn pack(corner: &Vertex, to: &mut Vec<u8>) {
    let mut put = |floats: &[f32]| to.extend(floats.iter().flat_map(|it| it.to_le_bytes()));
    put(&corner.position.to_array());
    let lit = if corner.light_uv.x >= 0.0 { 1.0 } else { -1.0 };
    let normal = corner.normal.extend(lit).to_array();
    to.extend(
        normal
            .iter()
            .flat_map(|it| ((it.clamp(-1.0, 1.0) * 32767.0).round() as i16).to_le_bytes()),
    );
    let mut put = |floats: &[f32]| to.extend(floats.iter().flat_map(|it| it.to_le_bytes()));
    put(&corner.uv.to_array());
    let light_uv = corner.light_uv.to_array();
    to.extend(
        light_uv
            .iter()
            .flat_map(|it| ((it.clamp(0.0, 1.0) * 65535.0).round() as u16).to_le_bytes()),
    );
    to.extend(corner.tint);
}

/// Rougher than this, a surface shows no reflection.
const ROUGH: f32 = 0.35;

/// How much a material reflects, from 0 to 1.
fn polish(material: &Material) -> f32 {
    (1.0 - material.roughness / ROUGH).max(0.0)
}

/// The uniforms of `Stuff` in `surface.wgsl`.
fn stuff(material: &Material, lit: bool) -> Vec<u8> {
    let [r, g, b] = material.emissive;
    let gloss = [
        polish(material),
        material.metallic,
        f32::from(u8::from(lit)),
        0.0,
    ];
    let floats = [material.color, [r, g, b, material.cutoff], gloss].concat();
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}
