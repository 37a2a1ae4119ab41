//! Pictures in the graphics device's memory, and made smaller by halves for the distance.
//!
//! The browser decodes them, beside the thread that draws and outside the module's own memory,
//! which never gets smaller again; the graphics device halves them.

use std::sync::Arc;

use bevy::math::UVec2;
use web_sys::ImageBitmap;

use super::{
    canvas::COLOR,
    kit::bindings,
    pipelines::{filling, picture},
};

const HALVE: &str = concat!(include_str!("light.wgsl"), include_str!("halve.wgsl"));
/// The smallest level has this many texels along its shorter side: what is still smaller is never
/// near enough to be told apart.
const SMALLEST: u32 = 4;

/// A picture that can be drawn: sRGB with alpha, eight bits each.
#[derive(Clone)]
pub(crate) struct Texture(pub(super) wgpu::TextureView);

/// Takes pictures into the graphics device's memory.
#[derive(Clone)]
pub(crate) struct Gallery(Arc<Tools>);

struct Tools {
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
}

impl Gallery {
    pub(super) fn new(device: wgpu::Device, queue: wgpu::Queue) -> Self {
        let (pipeline, layout) = filling(&device, "halve", HALVE, &[picture(0)], COLOR);
        Self(Arc::new(Tools {
            device,
            queue,
            pipeline,
            layout,
        }))
    }

    /// Takes a decoded picture over, and lets go of it.
    pub(crate) fn take(&self, bitmap: ImageBitmap) -> Texture {
        let size = UVec2::new(bitmap.width(), bitmap.height()).max(UVec2::ONE);
        let texture = self.empty(size, levels(size));
        let source = wgpu::CopyExternalImageSourceInfo {
            source: wgpu::ExternalImageSource::ImageBitmap(bitmap.clone()),
            origin: wgpu::Origin2d::ZERO,
            flip_y: false,
        };
        let whole = wgpu::wgt::CopyExternalImageDestInfo {
            texture: &texture,
            mip_level: 0,
            origin: wgpu::Origin3d::ZERO,
            aspect: wgpu::TextureAspect::All,
            color_space: wgpu::wgt::PredefinedColorSpace::Srgb,
            premultiplied_alpha: false,
        };
        self.0
            .queue
            .copy_external_image_to_texture(&source, whole, extent(size));
        self.halve(&texture);
        bitmap.close();
        Texture(texture.create_view(&wgpu::TextureViewDescriptor::default()))
    }

    /// One white texel.
    pub(crate) fn white(&self) -> Texture {
        let texture = self.empty(UVec2::ONE, 1);
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(4),
            rows_per_image: None,
        };
        self.0.queue.write_texture(
            texture.as_image_copy(),
            &[255; 4],
            layout,
            extent(UVec2::ONE),
        );
        Texture(texture.create_view(&wgpu::TextureViewDescriptor::default()))
    }

    fn empty(&self, size: UVec2, levels: u32) -> wgpu::Texture {
        self.0.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size: extent(size),
            mip_level_count: levels,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: COLOR,
            usage: wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_DST
                | wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        })
    }

    /// Fills every level of a texture from the one before it.
    fn halve(&self, texture: &wgpu::Texture) {
        let tools = &self.0;
        let level = |base_mip_level| {
            texture.create_view(&wgpu::TextureViewDescriptor {
                base_mip_level,
                mip_level_count: Some(1),
                ..wgpu::TextureViewDescriptor::default()
            })
        };
        let mut encoder = tools
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut larger = level(0);
        for smaller in (1..texture.mip_level_count()).map(level) {
            let group = tools.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("halve"),
                layout: &tools.layout,
                entries: &bindings([wgpu::BindingResource::TextureView(&larger)]),
            });
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("halve"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &smaller,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                depth_stencil_attachment: None,
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            pass.set_pipeline(&tools.pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.draw(0..3, 0..1);
            drop(pass);
            larger = smaller;
        }
        tools.queue.submit([encoder.finish()]);
    }
}

fn extent(size: UVec2) -> wgpu::Extent3d {
    wgpu::Extent3d {
        width: size.x,
        height: size.y,
        depth_or_array_layers: 1,
    }
}

/// How many levels a picture has.
fn levels(size: UVec2) -> u32 {
    (size.min_element() / SMALLEST).max(1).ilog2() + 1
}
