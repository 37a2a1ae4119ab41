//! What is drawn for a headset: each eye like the canvas, then both into the headset's framebuffer.
//!
//! The framebuffer is the browser's own and takes nothing but colour: no depth, no samples to
//! resolve. So the eyes are drawn into textures, with the very pipelines of the canvas, and one
//! more pass puts them where they belong, upside down as WebGL has it and encoded by the shader.

use bevy::prelude::*;

use super::{
    again::Again,
    canvas::{COLOR, DEPTH, NOTHING_MORE, Sheet, target},
    device::{RenderDevice, RenderQueue},
    frame::{Frame, Shot},
    ink::Ink,
    kit::Kit,
    layer::{External, LAYER, Layer, take_off},
    list::{List, Pass},
    pipelines::{filling, picture, sampler, uniform},
    stage::Stage,
    told::Part,
    words::Words,
};
use crate::headset::{Board, EyeView, Marks, Painted};

const SHADER: &str = concat!(include_str!("light.wgsl"), include_str!("goggles.wgsl"));

/// How many eyes there can be. Some headsets have four views.
pub(super) const EYES_MOST: usize = 4;
/// Bytes of `Lens` in `goggles.wgsl`.
pub(super) const LENS_BYTES: u64 = 48;

/// What puts the eyes together.
#[derive(Resource)]
pub(super) struct Goggles {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    ink: Ink,
    eyes: Option<Eyes>,
    layer: Option<External>,
    /// From where each eye's view was looked for last.
    looked: Vec<Shot>,
    again: Again,
    rehearsed: bool,
}

/// Where the eyes are drawn. They share all that is of no use once an eye is drawn.
struct Eyes {
    size: UVec2,
    depth: wgpu::TextureView,
    samples: Option<wgpu::TextureView>,
    each: Vec<(wgpu::TextureView, wgpu::BindGroup)>,
}

/// What is done to the eyes on their way into the framebuffer.
#[derive(Default)]
pub(super) struct Shade {
    /// How far the sides of the view are shut.
    pub(super) vignette: f32,
    /// How dark it is.
    pub(super) dark: f32,
    /// The dark, as light.
    pub(super) color: [f32; 3],
    /// Whether what is not drawn is the visitor's own room.
    pub(super) clear: bool,
}

impl Goggles {
    /// Where the room is drawn with so many `samples`.
    pub(super) fn new(device: &RenderDevice, queue: &RenderQueue, kit: &Kit, samples: u32) -> Self {
        let entries = [uniform(0), picture(1), sampler(2)];
        let (pipeline, layout) = filling(device, "goggles", SHADER, &entries, LAYER);
        Self {
            pipeline,
            layout,
            ink: Ink::new(Words::new(device, queue, kit, samples)),
            eyes: None,
            layer: None,
            looked: Vec::new(),
            again: Again::default(),
            rehearsed: false,
        }
    }

    /// Takes over what there is to read, and where.
    pub(super) fn take_words(
        &mut self,
        boards: [Option<&Board>; 2],
        painted: Option<&Painted>,
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        self.ink.words.take(boards, painted, device, queue);
    }

    /// Lets go of what a session needed.
    pub(super) fn take_off(&mut self) {
        (self.eyes, self.layer) = (None, None);
        (self.looked, self.again) = (Vec::new(), Again::default());
        take_off();
    }

    /// Draws the room once for two eyes whom nobody has, and shows it to nobody: so that the first frame
    /// of a session does nothing for the first time.
    pub(super) fn rehearse(
        &mut self,
        frame: &Frame,
        room: (&Kit, &Stage),
        samples: u32,
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        if std::mem::replace(&mut self.rehearsed, true) {
            return;
        }
        let views = [frame.seen(), frame.seen()];
        let eyes = (&views[..], &Marks::default());
        let shown = (None, &Shade::default());
        self.draw(frame, room, eyes, shown, (samples, 1.0), device, queue);
        (self.eyes, self.again) = (None, Again::default());
    }

    /// Draws `views` at `scale` of the framebuffer's resolution, and shows them in the headset if there
    /// is one.
    pub(super) fn draw(
        &mut self,
        frame: &Frame,
        (kit, stage): (&Kit, &Stage),
        (views, marks): (&[EyeView], &Marks),
        (layer, shade): (Option<Layer>, &Shade),
        (samples, scale): (u32, f32),
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        // An eye without a part of the framebuffer is one that a flat headset does not have.
        let views: Vec<_> = views
            .iter()
            .filter(|it| it.viewport[2] > 0 && it.viewport[3] > 0)
            .take(EYES_MOST)
            .collect();
        let largest = views.iter().fold(UVec2::ONE, |size, it| {
            size.max(UVec2::new(it.viewport[2], it.viewport[3]))
        });
        let size = (largest.as_vec2() * scale)
            .round()
            .as_uvec2()
            .max(UVec2::ONE);
        self.fit(device, kit, size, views.len(), samples);
        // Each submission costs the main thread more than a few draws do: there is one for all.
        let mut list = self.again.begin();
        self.ink.take(marks, kit, device, &mut list);
        let Some(eyes) = &self.eyes else { return };
        frame.hangings.tell(kit, &mut list);
        let shots: Vec<_> = views.iter().map(|it| Frame::shot(it)).collect();
        let looked = self.looked.iter().zip(&shots);
        if self.looked.len() != shots.len() || looked.into_iter().any(|(a, b)| !a.holds(b, stage)) {
            self.looked.clone_from(&shots);
        }
        for (((shot, looked), slot), (shown, _)) in shots
            .iter()
            .zip(&self.looked)
            .zip(&kit.slots)
            .zip(&eyes.each)
        {
            let (color, resolve) = match &eyes.samples {
                Some(samples) => (samples, Some(shown)),
                None => (shown, None),
            };
            let sheet = Sheet {
                color,
                resolve,
                depth: &eyes.depth,
            };
            let (room, from) = ((kit, slot, stage), (shot, Some(looked)));
            frame.draw(room, &sheet, from, Some(&self.ink), &mut list);
        }
        let [r, g, b] = shade.color;
        let encode = f32::from(u8::from(layer.is_some_and(|it| !it.encodes)));
        for (eye, view) in views.iter().enumerate() {
            let lens = [
                view.middle.x,
                view.middle.y,
                shade.vignette,
                encode,
                r,
                g,
                b,
                shade.dark,
                f32::from(u8::from(shade.clear)),
                0.0,
                0.0,
                0.0,
            ];
            list.tell_shaders(&kit.told, Part::Lens(eye), 0, lens);
        }
        let nobodys = match layer {
            Some(layer) => {
                External::open(&mut self.layer, device, layer);
                None
            }
            None => Some(target(device, "nobody's", LAYER, size, 1, NOTHING_MORE)),
        };
        let layer = nobodys.as_ref().or(self.layer.as_ref().map(|it| &it.view));
        if let (Some(layer), Some(eyes)) = (layer, &self.eyes) {
            self.put_together(layer, eyes, &views, &mut list);
        }
        self.again.tell(list, device, queue);
    }

    fn put_together(
        &self,
        layer: &wgpu::TextureView,
        eyes: &Eyes,
        views: &[&EyeView],
        list: &mut List,
    ) {
        list.begin(Pass {
            label: "goggles",
            color: layer.clone(),
            resolve: None,
            clear: Some(wgpu::Color::TRANSPARENT),
            depth: None,
        });
        list.set_pipeline(&self.pipeline);
        for (view, (_, bindings)) in views.iter().zip(&eyes.each) {
            list.set_viewport(view.viewport);
            list.set_bind_group(0, bindings);
            list.draw(0..3);
        }
    }

    /// Has a texture of `size` for each of `count` eyes.
    fn fit(&mut self, device: &RenderDevice, kit: &Kit, size: UVec2, count: usize, samples: u32) {
        let fits = |it: &Eyes| it.size == size && it.each.len() >= count;
        if count == 0 || self.eyes.as_ref().is_some_and(fits) {
            return;
        }
        let looked_at = wgpu::TextureUsages::TEXTURE_BINDING;
        let each = (0..count).map(|eye| {
            let shown = target(device, "eye", COLOR, size, 1, looked_at);
            let bind = |binding, resource| wgpu::BindGroupEntry { binding, resource };
            let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("eye"),
                layout: &self.layout,
                entries: &[
                    bind(0, kit.told.binding(Part::Lens(eye))),
                    bind(1, wgpu::BindingResource::TextureView(&shown)),
                    bind(2, wgpu::BindingResource::Sampler(&kit.samplers.once)),
                ],
            });
            (shown, bindings)
        });
        self.eyes = Some(Eyes {
            size,
            depth: target(device, "depth", DEPTH, size, samples, NOTHING_MORE),
            samples: (samples > 1)
                .then(|| target(device, "samples", COLOR, size, samples, NOTHING_MORE)),
            each: each.collect(),
        });
    }
}
