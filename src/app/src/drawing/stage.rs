//! A room as it lies in the graphics device's memory, for as long as one is in it.

use bevy::{
    prelude::*,
    render::renderer::{RenderDevice, RenderQueue},
};
use wgpu::util::DeviceExt;

use super::{
    Textures,
    canvas::COLOR,
    kit::{Kit, bindings, buffer, words},
    texture::Texture,
};
use crate::room::{
    model::{Finish, Material, Model, Surface},
    ray::Bounds,
};

/// What of the room is drawn. Letting go of it gives its memory back.
#[derive(Resource)]
pub(super) struct Stage {
    pub(super) pieces: Vec<Piece>,
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
        kit: &Kit,
        model: &Model,
        textures: &Textures,
    ) -> Self {
        let device = device.wgpu_device();
        let white = view(device, queue, &Texture::white());
        let pictures: Vec<_> = textures
            .pictures
            .iter()
            .map(|it| view(device, queue, it))
            .collect();
        let lightmap = textures.lightmap.as_ref().map(|it| view(device, queue, it));
        let pieces = model.surfaces.iter().map(|surface| {
            let material = &model.materials[surface.material];
            let picture = material
                .picture
                .and_then(|it| pictures.get(it))
                .unwrap_or(&white);
            let is_sky = surface.finish == Finish::Sky;
            let stuff = stuff(material, lightmap.is_some() && !is_sky);
            let samplers = &kit.samplers;
            let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("stuff"),
                layout: &kit.pipelines.stuff_layout,
                entries: &bindings([
                    buffer(device, "stuff", &stuff, wgpu::BufferUsages::UNIFORM)
                        .as_entire_binding(),
                    wgpu::BindingResource::TextureView(picture),
                    wgpu::BindingResource::Sampler(if is_sky {
                        &samplers.sky
                    } else {
                        &samplers.picture
                    }),
                    wgpu::BindingResource::TextureView(lightmap.as_ref().unwrap_or(&white)),
                    wgpu::BindingResource::Sampler(&samplers.lightmap),
                ]),
            });
            piece(device, surface, material, bindings)
        });
        Self {
            pieces: pieces.collect(),
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
