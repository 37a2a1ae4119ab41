//! A room as it lies in the graphics device's memory.

use bevy::{
    prelude::*,
    render::renderer::{RenderDevice, RenderQueue},
};
use wgpu::util::DeviceExt;

use super::{
    Canvas, Textures,
    canvas::COLOR,
    frame::{FRAME_BYTES, LANTERN_BYTES, LANTERNS_MOST},
    lantern,
    pipelines::Pipelines,
    texture::Texture,
};
use crate::room::{
    model::{Finish, Material, Model, Surface},
    ray::Bounds,
};

/// What is drawn, and what it is drawn with.
#[derive(Resource)]
pub(super) struct Stage {
    pub(super) pipelines: Pipelines,
    pub(super) pieces: Vec<Piece>,
    pub(super) lantern: Piece,
    pub(super) frame: wgpu::Buffer,
    pub(super) lanterns: wgpu::Buffer,
    /// From one lantern's uniforms to the next, bytes.
    pub(super) lantern_step: u32,
    pub(super) frame_bindings: wgpu::BindGroup,
}

/// Triangles and what they are made of.
pub(super) struct Piece {
    pub(super) finish: Finish,
    pub(super) double_sided: bool,
    pub(super) artifact: Option<String>,
    pub(super) vertices: wgpu::Buffer,
    pub(super) indices: wgpu::Buffer,
    pub(super) count: u32,
    pub(super) bounds: Bounds,
    pub(super) bindings: wgpu::BindGroup,
}

impl Stage {
    pub(super) fn new(
        device: &RenderDevice,
        queue: &RenderQueue,
        canvas: &Canvas,
        model: &Model,
        textures: &Textures,
    ) -> Self {
        let pipelines = Pipelines::new(device, canvas.samples());
        let device = device.wgpu_device();
        let white = view(device, queue, &Texture::white());
        let pictures: Vec<_> = textures
            .pictures
            .iter()
            .map(|it| view(device, queue, it))
            .collect();
        let lightmap = textures.lightmap.as_ref().map(|it| view(device, queue, it));
        let samplers = Samplers::new(device, canvas.anisotropy());
        let pieces: Vec<_> = model
            .surfaces
            .iter()
            .map(|surface| {
                let material = &model.materials[surface.material];
                let picture = material
                    .picture
                    .and_then(|it| pictures.get(it))
                    .unwrap_or(&white);
                let stuff = stuff(
                    material,
                    lightmap.is_some() && surface.finish != Finish::Sky,
                );
                let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
                    label: Some("stuff"),
                    layout: &pipelines.stuff_layout,
                    entries: &bindings([
                        buffer(device, "stuff", &stuff, wgpu::BufferUsages::UNIFORM)
                            .as_entire_binding(),
                        wgpu::BindingResource::TextureView(picture),
                        wgpu::BindingResource::Sampler(if surface.finish == Finish::Sky {
                            &samplers.sky
                        } else {
                            &samplers.picture
                        }),
                        wgpu::BindingResource::TextureView(lightmap.as_ref().unwrap_or(&white)),
                        wgpu::BindingResource::Sampler(&samplers.lightmap),
                    ]),
                });
                piece(device, surface, material, bindings)
            })
            .collect();
        let empty = |label, size| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let lantern_step = device
            .limits()
            .min_uniform_buffer_offset_alignment
            .max(LANTERN_BYTES);
        let frame = empty("frame", u64::from(FRAME_BYTES));
        let lanterns = empty("lanterns", u64::from(lantern_step) * LANTERNS_MOST as u64);
        let frame_bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("frame"),
            layout: &pipelines.frame_layout,
            entries: &bindings([frame.as_entire_binding()]),
        });
        let one = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &lanterns,
            offset: 0,
            size: wgpu::BufferSize::new(u64::from(LANTERN_BYTES)),
        });
        let lantern_bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("lantern"),
            layout: &pipelines.lantern_layout,
            entries: &bindings([one]),
        });
        let (vertices, indices) = lantern::shape();
        let lantern = Piece {
            finish: Finish::Baked,
            double_sided: false,
            artifact: None,
            vertices: buffer(device, "lantern", &vertices, wgpu::BufferUsages::VERTEX),
            indices: buffer(
                device,
                "lantern",
                &words(&indices),
                wgpu::BufferUsages::INDEX,
            ),
            count: indices.len() as u32,
            bounds: Bounds::EMPTY,
            bindings: lantern_bindings,
        };
        Self {
            pipelines,
            pieces,
            lantern,
            frame,
            lanterns,
            lantern_step,
            frame_bindings,
        }
    }
}

struct Samplers {
    /// A sky is packed into its picture in strips, which must not run into each other.
    sky: wgpu::Sampler,
    picture: wgpu::Sampler,
    lightmap: wgpu::Sampler,
}

impl Samplers {
    fn new(device: &wgpu::Device, anisotropy: u16) -> Self {
        // Whoever can afford anisotropy can afford smooth steps from level to level.
        let between_levels = if anisotropy > 1 {
            wgpu::MipmapFilterMode::Linear
        } else {
            wgpu::MipmapFilterMode::Nearest
        };
        let sampler = |label, mode, anisotropy_clamp, lod_max_clamp| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some(label),
                address_mode_u: mode,
                address_mode_v: mode,
                address_mode_w: mode,
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                mipmap_filter: between_levels,
                anisotropy_clamp,
                lod_max_clamp,
                ..default()
            })
        };
        Self {
            sky: sampler("sky", wgpu::AddressMode::ClampToEdge, 1, 0.0),
            picture: sampler("picture", wgpu::AddressMode::Repeat, anisotropy, 32.0),
            lightmap: sampler("lightmap", wgpu::AddressMode::ClampToEdge, 1, 32.0),
        }
    }
}

fn piece(
    device: &wgpu::Device,
    surface: &Surface,
    material: &Material,
    bindings: wgpu::BindGroup,
) -> Piece {
    let mut vertices = Vec::with_capacity(surface.vertices.len() * 44);
    for corner in &surface.vertices {
        let [x, y, z] = corner.position.to_array();
        let [nx, ny, nz] = corner.normal.to_array();
        let ([u, v], [lu, lv]) = (corner.uv.to_array(), corner.light_uv.to_array());
        let floats = [x, y, z, nx, ny, nz, u, v, lu, lv];
        vertices.extend(floats.iter().flat_map(|it| it.to_le_bytes()));
        vertices.extend(corner.tint);
    }
    Piece {
        finish: surface.finish,
        double_sided: material.double_sided,
        artifact: surface.artifact.clone(),
        vertices: buffer(device, "corners", &vertices, wgpu::BufferUsages::VERTEX),
        indices: buffer(
            device,
            "indices",
            &words(&surface.indices),
            wgpu::BufferUsages::INDEX,
        ),
        count: surface.indices.len() as u32,
        bounds: Bounds::around(surface.vertices.iter().map(|it| it.position)),
        bindings,
    }
}

/// The uniforms of `Stuff` in `surface.wgsl`.
fn stuff(material: &Material, lit: bool) -> Vec<u8> {
    let [r, g, b] = material.emissive;
    let gloss = [
        material.roughness,
        material.metallic,
        f32::from(u8::from(lit)),
        0.0,
    ];
    let floats = [material.color, [r, g, b, material.cutoff], gloss].concat();
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}

fn words(indices: &[u32]) -> Vec<u8> {
    indices.iter().flat_map(|it| it.to_le_bytes()).collect()
}

fn buffer(
    device: &wgpu::Device,
    label: &str,
    contents: &[u8],
    usage: wgpu::BufferUsages,
) -> wgpu::Buffer {
    device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some(label),
        contents,
        usage,
    })
}

fn bindings<const N: usize>(
    resources: [wgpu::BindingResource<'_>; N],
) -> [wgpu::BindGroupEntry<'_>; N] {
    let mut binding = 0;
    resources.map(|resource| {
        binding += 1;
        wgpu::BindGroupEntry {
            binding: binding - 1,
            resource,
        }
    })
}

fn view(device: &wgpu::Device, queue: &RenderQueue, texture: &Texture) -> wgpu::TextureView {
    let descriptor = wgpu::TextureDescriptor {
        label: Some("picture"),
        size: wgpu::Extent3d {
            width: texture.size.x,
            height: texture.size.y,
            depth_or_array_layers: 1,
        },
        mip_level_count: texture.levels,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: COLOR,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    };
    let order = wgpu::util::TextureDataOrder::LayerMajor;
    device
        .create_texture_with_data(queue, &descriptor, order, &texture.bytes)
        .create_view(&wgpu::TextureViewDescriptor::default())
}
