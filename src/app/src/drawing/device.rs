//! The graphics device and its queue, as the systems that draw ask for them.

use bevy::prelude::*;

/// What makes buffers, textures and pipelines.
#[derive(Resource, Clone, Debug, Deref)]
pub(crate) struct RenderDevice(pub(super) wgpu::Device);

/// What takes commands and fills buffers.
#[derive(Resource, Clone, Debug, Deref)]
pub(crate) struct RenderQueue(pub(super) wgpu::Queue);
