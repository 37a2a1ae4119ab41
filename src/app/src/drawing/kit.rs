//! What every room is drawn with: made once, and kept from room to room.

use bevy::prelude::*;
use wgpu::util::DeviceExt;

use super::{
    Canvas,
    device::RenderDevice,
    goggles::EYES_MOST,
    lantern,
    pipelines::Pipelines,
    sign,
    told::{Part, Told},
};

/// Pipelines, samplers, shapes, and the buffer that each frame fills.
#[derive(Resource)]
pub(super) struct Kit {
    pub(super) pipelines: Pipelines,
    pub(super) samplers: Samplers,
    pub(super) lantern: Shape,
    pub(super) sign: Shape,
    /// One for each eye, so that all of them are drawn at once; the canvas has the first.
    pub(super) slots: [Slot; EYES_MOST],
    pub(super) told: Told,
    pub(super) hanging_bindings: wgpu::BindGroup,
}

/// What is told of a frame to the shaders.
pub(super) struct Slot {
    pub(super) eye: usize,
    pub(super) bindings: wgpu::BindGroup,
    /// The frame as what is in a hand needs it.
    pub(super) moved_bindings: wgpu::BindGroup,
}

impl Slot {
    fn new(device: &RenderDevice, layout: &wgpu::BindGroupLayout, told: &Told, eye: usize) -> Self {
        let [bindings, moved_bindings] = [Part::Frame(eye), Part::Moved(eye)].map(|part| {
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("frame"),
                layout,
                entries: &bindings([told.binding(part)]),
            })
        });
        Self {
            eye,
            bindings,
            moved_bindings,
        }
    }
}

/// The shape of what hangs in a room.
pub(super) struct Shape {
    pub(super) vertices: wgpu::Buffer,
    pub(super) indices: wgpu::Buffer,
    pub(super) count: u32,
}

impl Kit {
    pub(super) fn new(device: &RenderDevice, canvas: &Canvas) -> Self {
        let pipelines = Pipelines::new(device, canvas.samples());
        let told = Told::new(device);
        let hanging_bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("hanging"),
            layout: &pipelines.lantern_layout,
            entries: &bindings([told.binding(Part::Hangings)]),
        });
        Self {
            samplers: Samplers::new(device, canvas.anisotropy()),
            lantern: Shape::new(device, "lantern", &lantern::shape()),
            sign: Shape::new(device, "sign", &sign::shape()),
            slots: std::array::from_fn(|eye| {
                Slot::new(device, &pipelines.frame_layout, &told, eye)
            }),
            pipelines,
            told,
            hanging_bindings,
        }
    }
}

impl Shape {
    fn new(device: &wgpu::Device, label: &str, (corners, indices): &(Vec<u8>, Vec<u32>)) -> Self {
        Self {
            vertices: buffer(device, label, corners, wgpu::BufferUsages::VERTEX),
            indices: buffer(device, label, &words(indices), wgpu::BufferUsages::INDEX),
            count: indices.len() as u32,
        }
    }
}

/// How textures are read.
pub(super) struct Samplers {
    /// A sky is packed into its picture in strips, which must not run into each other.
    pub(super) sky: wgpu::Sampler,
    pub(super) picture: wgpu::Sampler,
    /// What does not repeat: baked light, words, and what an eye sees. Where they are read from one place
    /// after the other, nothing need be set in between.
    pub(super) once: wgpu::Sampler,
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
            once: sampler("once", wgpu::AddressMode::ClampToEdge, 1, 32.0),
        }
    }
}

pub(super) fn words(indices: &[u32]) -> Vec<u8> {
    indices.iter().flat_map(|it| it.to_le_bytes()).collect()
}

pub(super) fn buffer(
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

pub(super) fn bindings<const N: usize>(
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
