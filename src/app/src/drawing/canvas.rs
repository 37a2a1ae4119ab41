//! The canvas as a surface of the graphics device.

use bevy::prelude::*;
use web_sys::HtmlCanvasElement;
use wgpu::rwh::{DisplayHandle, HandleError, HasDisplayHandle};

use super::{
    device::{RenderDevice, RenderQueue},
    texture::Gallery,
};
use crate::theme::Quality;

/// How pictures and the surface store a pixel: as it is seen. Shaders turn it into light and back
/// (`frame.wgsl`), so that presenting only copies.
pub(super) const COLOR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// How nearness is stored.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// The browser as a display.
#[derive(Debug)]
struct Web;

impl HasDisplayHandle for Web {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        Ok(DisplayHandle::web())
    }
}

/// What has been set up for drawing on a canvas.
pub(crate) struct Graphics {
    pub(super) canvas: Canvas,
    pub(crate) quality: Quality,
    /// Where pictures are taken in.
    pub(crate) gallery: Gallery,
    pub(super) device: RenderDevice,
    pub(super) queue: RenderQueue,
}

/// The canvas, to be drawn on.
#[derive(Resource)]
pub(crate) struct Canvas {
    surface: wgpu::Surface<'static>,
    quality: Quality,
    size: UVec2,
    textures: Option<Textures>,
}

struct Textures {
    depth: wgpu::TextureView,
    /// What is drawn into before it is resolved, where there is more than one sample.
    color: Option<wgpu::TextureView>,
}

/// A frame that is being drawn.
pub(super) struct Sheet<'a> {
    pub(super) color: &'a wgpu::TextureView,
    pub(super) resolve: Option<&'a wgpu::TextureView>,
    pub(super) depth: &'a wgpu::TextureView,
}

impl Graphics {
    /// Asks the canvas for WebGL2; the error is a sentence for the log.
    pub(crate) async fn on(
        canvas: HtmlCanvasElement,
        pixel_ratio_max: f32,
    ) -> Result<Self, String> {
        let mut descriptor = wgpu::InstanceDescriptor::new_with_display_handle(Box::new(Web));
        descriptor.backends = wgpu::Backends::GL;
        let instance = wgpu::Instance::new(descriptor);
        let target = wgpu::SurfaceTarget::Canvas(canvas);
        let surface = instance
            .create_surface(target)
            .map_err(|it| it.to_string())?;
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            compatible_surface: Some(&surface),
            force_fallback_adapter: false,
        };
        let adapter = instance
            .request_adapter(&options)
            .await
            .map_err(|it| it.to_string())?;
        let descriptor = wgpu::DeviceDescriptor {
            required_features: wgpu::Features::empty(),
            required_limits: adapter.limits(),
            ..default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|it| it.to_string())?;
        let quality = Quality::for_adapter(&adapter.get_info().name, pixel_ratio_max);
        let canvas = Canvas {
            surface,
            quality,
            size: UVec2::ZERO,
            textures: None,
        };
        let gallery = Gallery::new(device.clone(), queue.clone());
        Ok(Self {
            canvas,
            quality,
            gallery,
            device: RenderDevice(device),
            queue: RenderQueue(queue),
        })
    }

    /// Fits the canvas to `size` in device pixels. The browser waits for all that is being done on
    /// the canvas before it changes its size, so that is best done first.
    pub(crate) fn fit(&mut self, size: UVec2) {
        self.canvas.fit(&self.device, size);
    }
}

impl Canvas {
    /// Samples per pixel.
    pub(super) fn samples(&self) -> u32 {
        self.quality.samples
    }

    /// How finely an eye of a headset is drawn, against its part of the framebuffer.
    pub(super) fn eye_scale(&self) -> f32 {
        self.quality.eye_scale
    }

    /// The most anisotropic texture samples.
    pub(super) fn anisotropy(&self) -> u16 {
        self.quality.anisotropy
    }

    /// Fits the surface, and with it the canvas element, to `size` in device pixels.
    pub(super) fn fit(&mut self, device: &RenderDevice, size: UVec2) {
        if size == self.size || size.x == 0 || size.y == 0 {
            return;
        }
        self.size = size;
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: COLOR,
            width: size.x,
            height: size.y,
            present_mode: wgpu::PresentMode::Fifo,
            desired_maximum_frame_latency: 2,
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            view_formats: vec![],
        };
        self.surface.configure(device, &configuration);
        let samples = self.quality.samples;
        let texture = |label, format| target(device, label, format, size, samples, NOTHING_MORE);
        self.textures = Some(Textures {
            depth: texture("depth", DEPTH),
            color: (samples > 1).then(|| texture("samples", COLOR)),
        });
    }

    /// Takes the next frame and draws on it.
    pub(super) fn draw(&self, draw: impl FnOnce(&Sheet<'_>)) {
        let Some(textures) = &self.textures else {
            return;
        };
        // A canvas of no size, or one that is gone: the next frame tries again.
        let (wgpu::CurrentSurfaceTexture::Success(frame)
        | wgpu::CurrentSurfaceTexture::Suboptimal(frame)) = self.surface.get_current_texture()
        else {
            return;
        };
        let shown = frame
            .texture
            .create_view(&wgpu::TextureViewDescriptor::default());
        let depth = &textures.depth;
        draw(&match &textures.color {
            Some(color) => Sheet {
                color,
                resolve: Some(&shown),
                depth,
            },
            None => Sheet {
                color: &shown,
                resolve: None,
                depth,
            },
        });
        frame.present();
    }
}

/// For what a texture is used that is drawn on and nothing more.
pub(super) const NOTHING_MORE: wgpu::TextureUsages = wgpu::TextureUsages::empty();

/// A texture to draw on.
pub(super) fn target(
    device: &RenderDevice,
    label: &str,
    format: wgpu::TextureFormat,
    size: UVec2,
    sample_count: u32,
    more: wgpu::TextureUsages,
) -> wgpu::TextureView {
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d {
            width: size.x,
            height: size.y,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | more,
        view_formats: &[],
    });
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
