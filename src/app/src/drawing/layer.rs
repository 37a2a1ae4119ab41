//! The headset's framebuffer, which is the browser's own, as a texture of the graphics device.

use std::cell::RefCell;

use bevy::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::device::RenderDevice;

/// What the framebuffer stores, whatever it does with it.
pub(super) const LAYER: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

thread_local! {
    /// The headset's framebuffer. What belongs to the browser cannot leave its thread.
    static FRAMEBUFFER: RefCell<JsValue> = const { RefCell::new(JsValue::NULL) };
}

/// The headset's framebuffer, for the update of one of its frames.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Layer {
    /// Pixels.
    pub(crate) size: UVec2,
    /// Whether it encodes by itself what is written.
    pub(crate) encodes: bool,
}

/// The framebuffer as a texture of the graphics device.
pub(super) struct External {
    layer: Layer,
    generation: u32,
    pub(super) view: wgpu::TextureView,
}

/// From now on the headset shows what is drawn into `framebuffer`; `null` is the canvas's own.
pub(crate) fn show_in(framebuffer: JsValue) {
    FRAMEBUFFER.set(framebuffer);
}

/// Lets go of the framebuffer.
pub(super) fn take_off() {
    FRAMEBUFFER.set(JsValue::NULL);
}

impl External {
    /// Takes the framebuffer as a texture, unless it is the one that is there already.
    pub(super) fn open(open: &mut Option<Self>, device: &RenderDevice, layer: Layer) {
        let framebuffer = FRAMEBUFFER.with_borrow(Clone::clone);
        let generation = generation(&framebuffer);
        let is_open = |it: &Self| it.layer == layer && it.generation == generation;
        if open.as_ref().is_none_or(|it| !is_open(it)) {
            let view = external(device, framebuffer, layer.size);
            *open = Some(Self {
                layer,
                generation,
                view,
            });
        }
    }
}

/// A number that another framebuffer does not have.
fn generation(framebuffer: &JsValue) -> u32 {
    thread_local! {
        static KNOWN: RefCell<(JsValue, u32)> = const { RefCell::new((JsValue::NULL, 0)) };
    }
    KNOWN.with_borrow_mut(|(known, number)| {
        if !js_sys::Object::is(known, framebuffer) {
            *known = framebuffer.clone();
            *number += 1;
        }
        *number
    })
}

fn external(device: &wgpu::Device, framebuffer: JsValue, size: UVec2) -> wgpu::TextureView {
    let descriptor = wgpu::TextureDescriptor {
        label: Some("headset"),
        size: wgpu::Extent3d {
            width: size.x,
            height: size.y,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: LAYER,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
        view_formats: &[],
    };
    // WebGL binds `null` as the canvas's own framebuffer, which is what an emulator gives.
    let inner = framebuffer.unchecked_into::<web_sys::WebGlFramebuffer>();
    let texture = wgpu::hal::gles::Texture {
        inner: wgpu::hal::gles::TextureInner::ExternalFramebuffer { inner },
        mip_level_count: 1,
        array_layer_count: 1,
        format: LAYER,
        format_desc: wgpu::hal::gles::TextureFormatDesc {
            // RGBA8, RGBA and UNSIGNED_BYTE by their numbers in WebGL.
            internal: 0x8058,
            external: 0x1908,
            data_type: 0x1401,
        },
        copy_size: wgpu::hal::CopyExtent {
            width: size.x,
            height: size.y,
            depth: 1,
        },
        drop_guard: None,
    };
    // SAFETY: the texture is what the descriptor says; it is drawn on and never read, and the
    // browser has cleared it before each frame.
    #[expect(
        unsafe_code,
        reason = "the device has no other way to the browser's framebuffer"
    )]
    let texture =
        unsafe { device.create_texture_from_hal::<wgpu::hal::api::Gles>(texture, &descriptor) };
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
