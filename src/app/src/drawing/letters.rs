//! Paints a panel's triangles into a picture.

use std::collections::HashMap;

use super::{
    ink::room_for,
    kit::words,
    pipelines::{layout, picture, sampler, uniform},
};
use crate::headset::{
    Painted, SHEET_PX,
    egui::{
        Color32, ImageData, TextureId,
        epaint::{ImageDelta, Mesh, Primitive},
    },
};

const SHADER: &str = include_str!("letters.wgsl");
/// How colours are kept: as they are seen, so that letters are as bold as they were meant.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// Bytes of a corner: position, place in the picture, colour.
const STRIDE: u64 = 20;

/// What paints, and the picture that it paints into.
pub(super) struct Letters {
    pipeline: wgpu::RenderPipeline,
    sheet: wgpu::BindGroup,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    /// The pictures of letters.
    pictures: HashMap<TextureId, (wgpu::Texture, wgpu::BindGroup)>,
    corners: Option<wgpu::Buffer>,
    indices: Option<wgpu::Buffer>,
    pub(super) picture: wgpu::TextureView,
}

/// A part of the picture, and the triangles that are painted there.
struct Part {
    /// Left, top, width, height; pixels.
    within: [u32; 4],
    picture: TextureId,
    indices: std::ops::Range<u32>,
}

impl Letters {
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue) -> Self {
        let sheet_layout = layout(device, "sheet", &[uniform(0)]);
        let layout = layout(device, "letters", &[picture(0), sampler(1)]);
        let pipeline = pipeline(device, &sheet_layout, &layout);
        let size = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("sheet"),
            size: 16,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        queue.write_buffer(&size, 0, &bytes(&[SHEET_PX.x, SHEET_PX.y, 0.0, 0.0]));
        let sheet = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("sheet"),
            layout: &sheet_layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: size.as_entire_binding(),
            }],
        });
        let (width, height) = (SHEET_PX.x as u32, SHEET_PX.y as u32);
        let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING;
        let picture = texture(device, "panel", (width, height), usage);
        Self {
            pipeline,
            sheet,
            layout,
            sampler: linear(device),
            pictures: HashMap::new(),
            corners: None,
            indices: None,
            picture: picture.create_view(&wgpu::TextureViewDescriptor::default()),
        }
    }

    /// Paints, in place of what was there; nothing but letters that are yet to be read changes nothing.
    pub(super) fn paint(&mut self, painted: &Painted, device: &wgpu::Device, queue: &wgpu::Queue) {
        for (id, deltas) in &painted.pictures.set {
            for delta in deltas {
                self.take(*id, delta, device, queue);
            }
        }
        if painted.shapes.is_empty() {
            painted
                .pictures
                .free
                .iter()
                .for_each(|it| _ = self.pictures.remove(it));
            return;
        }
        let (corners, indices, parts) = gather(painted);
        let usage = wgpu::BufferUsages::VERTEX;
        if let Some(buffer) = room_for(&mut self.corners, corners.len(), usage, device) {
            queue.write_buffer(buffer, 0, &corners);
        }
        let usage = wgpu::BufferUsages::INDEX;
        let indices = words(&indices);
        if let Some(buffer) = room_for(&mut self.indices, indices.len(), usage, device) {
            queue.write_buffer(buffer, 0, &indices);
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("panel"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &self.picture,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                depth_stencil_attachment: None,
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            if let (Some(corners), Some(indices)) = (&self.corners, &self.indices) {
                pass.set_pipeline(&self.pipeline);
                pass.set_bind_group(0, &self.sheet, &[]);
                pass.set_vertex_buffer(0, corners.slice(..));
                pass.set_index_buffer(indices.slice(..), wgpu::IndexFormat::Uint32);
                for part in parts {
                    let Some((_, bindings)) = self.pictures.get(&part.picture) else {
                        continue;
                    };
                    let [left, top, width, height] = part.within;
                    pass.set_scissor_rect(left, top, width, height);
                    pass.set_bind_group(1, bindings, &[]);
                    pass.draw_indexed(part.indices, 0, 0..1);
                }
            }
        }
        queue.submit([encoder.finish()]);
        for id in &painted.pictures.free {
            self.pictures.remove(id);
        }
    }

    /// Takes over a picture of letters, or a part of one.
    fn take(
        &mut self,
        id: TextureId,
        delta: &ImageDelta,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
    ) {
        let ImageData::Color(image) = &delta.image;
        let (width, height) = (image.size[0] as u32, image.size[1] as u32);
        if delta.pos.is_none() {
            let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
            let texture = texture(device, "letters", (width, height), usage);
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            let bind = |binding, resource| wgpu::BindGroupEntry { binding, resource };
            let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("letters"),
                layout: &self.layout,
                entries: &[
                    bind(0, wgpu::BindingResource::TextureView(&view)),
                    bind(1, wgpu::BindingResource::Sampler(&self.sampler)),
                ],
            });
            self.pictures.insert(id, (texture, bindings));
        }
        let Some((texture, _)) = self.pictures.get(&id) else {
            return;
        };
        let [x, y] = delta.pos.unwrap_or_default().map(|it| it as u32);
        let pixels: Vec<u8> = image.pixels.iter().flat_map(Color32::to_array).collect();
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x, y, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            &pixels,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * width),
                rows_per_image: None,
            },
            wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
        );
    }
}

/// All corners and indices, and the parts of the picture that they are for.
fn gather(painted: &Painted) -> (Vec<u8>, Vec<u32>, Vec<Part>) {
    let (mut corners, mut indices, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for shape in &painted.shapes {
        let Primitive::Mesh(mesh) = &shape.primitive else {
            continue;
        };
        let clip = shape.clip_rect;
        let side = |low: f32, high: f32, most: f32| {
            let low = low.round().clamp(0.0, most);
            (low as u32, (high.round().clamp(low, most) - low) as u32)
        };
        let (left, width) = side(clip.min.x, clip.max.x, SHEET_PX.x);
        let (top, height) = side(clip.min.y, clip.max.y, SHEET_PX.y);
        if width == 0 || height == 0 || mesh.indices.is_empty() {
            continue;
        }
        let before = (corners.len() as u64 / STRIDE) as u32;
        let first = indices.len() as u32;
        corners.extend(corner_bytes(mesh));
        indices.extend(mesh.indices.iter().map(|it| it + before));
        parts.push(Part {
            within: [left, top, width, height],
            picture: mesh.texture_id,
            indices: first..indices.len() as u32,
        });
    }
    (corners, indices, parts)
}

fn corner_bytes(mesh: &Mesh) -> Vec<u8> {
    let mut all = Vec::with_capacity(mesh.vertices.len() * STRIDE as usize);
    for it in &mesh.vertices {
        all.extend(bytes(&[it.pos.x, it.pos.y, it.uv.x, it.uv.y]));
        all.extend(it.color.to_array());
    }
    all
}

fn pipeline(
    device: &wgpu::Device,
    sheet: &wgpu::BindGroupLayout,
    letters: &wgpu::BindGroupLayout,
) -> wgpu::RenderPipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("letters"),
        source: wgpu::ShaderSource::Wgsl(SHADER.into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("letters"),
        bind_group_layouts: &[Some(sheet), Some(letters)],
        immediate_size: 0,
    });
    let corner = wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Unorm8x4];
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("letters"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[wgpu::VertexBufferLayout {
                array_stride: STRIDE,
                step_mode: wgpu::VertexStepMode::Vertex,
                attributes: &corner,
            }],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format: FORMAT,
                blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}

/// Numbers as the graphics device reads them.
fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}

fn linear(device: &wgpu::Device) -> wgpu::Sampler {
    device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("letters"),
        mag_filter: wgpu::FilterMode::Linear,
        min_filter: wgpu::FilterMode::Linear,
        ..wgpu::SamplerDescriptor::default()
    })
}

fn texture(
    device: &wgpu::Device,
    label: &str,
    (width, height): (u32, u32),
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d {
            width,
            height,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage,
        view_formats: &[],
    })
}
