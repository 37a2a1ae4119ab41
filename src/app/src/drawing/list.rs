//! What a frame tells the graphics device, written down before it is told: so that it can be held
//! against what the frame before it told ([`again`](super::again)).

use std::ops::Range;

use super::device::{RenderDevice, RenderQueue};

/// All that one frame tells: what is written into buffers, and then what is drawn.
#[derive(Default)]
pub(super) struct List {
    writes: Vec<Write>,
    steps: Vec<Step>,
}

/// Bytes that are written into a buffer.
struct Write {
    buffer: wgpu::Buffer,
    from: u64,
    bytes: Vec<u8>,
}

/// What draws, one after the other. Each means what the method of [`wgpu::RenderPass`] means that
/// has its name.
#[derive(PartialEq)]
enum Step {
    Begin(Box<Pass>),
    Viewport([u32; 4]),
    Pipeline(wgpu::RenderPipeline),
    BindGroup(u32, wgpu::BindGroup, Option<u32>),
    Corners(wgpu::Buffer),
    Indices(wgpu::Buffer),
    Draw(Range<u32>),
    /// Indices, and as which instances.
    DrawIndexed(Range<u32>, Range<u32>),
}

/// What is drawn on.
#[derive(PartialEq)]
pub(super) struct Pass {
    pub(super) label: &'static str,
    pub(super) color: wgpu::TextureView,
    /// Where the samples are put together once all is drawn.
    pub(super) resolve: Option<wgpu::TextureView>,
    /// What is there beforehand; whatever is there already, if nothing.
    pub(super) clear: Option<wgpu::Color>,
    /// Cleared, and of no use afterwards.
    pub(super) depth: Option<wgpu::TextureView>,
}

impl List {
    /// Before anything is drawn, these bytes are in `buffer`, `from` so many on.
    pub(super) fn write(&mut self, buffer: &wgpu::Buffer, from: u64, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            let buffer = buffer.clone();
            self.writes.push(Write {
                buffer,
                from,
                bytes,
            });
        }
    }

    /// Whatever follows is drawn there.
    pub(super) fn begin(&mut self, pass: Pass) {
        self.steps.push(Step::Begin(Box::new(pass)));
    }

    /// Left, bottom, width and height, pixels.
    pub(super) fn set_viewport(&mut self, viewport: [u32; 4]) {
        self.steps.push(Step::Viewport(viewport));
    }

    pub(super) fn set_pipeline(&mut self, pipeline: &wgpu::RenderPipeline) {
        self.steps.push(Step::Pipeline(pipeline.clone()));
    }

    /// `offset` is where a buffer of the group is read from, if that can be chosen.
    pub(super) fn set_bind_group(&mut self, at: u32, group: &wgpu::BindGroup, offset: Option<u32>) {
        self.steps.push(Step::BindGroup(at, group.clone(), offset));
    }

    /// Corners, and the triangles' indices into them, four bytes each.
    pub(super) fn set_buffers(&mut self, corners: &wgpu::Buffer, indices: &wgpu::Buffer) {
        self.steps.push(Step::Corners(corners.clone()));
        self.steps.push(Step::Indices(indices.clone()));
    }

    pub(super) fn draw(&mut self, corners: Range<u32>) {
        self.steps.push(Step::Draw(corners));
    }

    pub(super) fn draw_indexed(&mut self, indices: Range<u32>) {
        self.draw_instances(indices, 0..1);
    }

    /// The same triangles, once for each instance.
    pub(super) fn draw_instances(&mut self, indices: Range<u32>, instances: Range<u32>) {
        self.steps.push(Step::DrawIndexed(indices, instances));
    }

    /// Whether it differs from another in nothing but the bytes that are written.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let alike = |(one, other): (&Write, &Write)| {
            let place = |it: &Write| (it.from, it.bytes.len());
            place(one) == place(other) && one.buffer == other.buffer
        };
        self.writes.len() == other.writes.len()
            && self.writes.iter().zip(&other.writes).all(alike)
            && self.steps == other.steps
    }

    /// All bytes that are written, in their order, and how many each time.
    pub(super) fn written(&self) -> (Vec<u8>, Vec<u32>) {
        let all: Vec<_> = self.writes.iter().map(|it| &*it.bytes).collect();
        let lengths = all.iter().map(|it| it.len() as u32);
        (all.concat(), lengths.collect())
    }

    /// Tells the device all of it.
    pub(super) fn tell(&self, device: &RenderDevice, queue: &RenderQueue) {
        for Write {
            buffer,
            from,
            bytes,
        } in &self.writes
        {
            queue.write_buffer(buffer, *from, bytes);
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut steps = self.steps.iter().peekable();
        while let Some(step) = steps.next() {
            let Step::Begin(pass) = step else { continue };
            let mut pass = pass.on(&mut encoder);
            while let Some(step) = steps.next_if(|it| !matches!(it, Step::Begin(_))) {
                step.take(&mut pass);
            }
        }
        queue.submit([encoder.finish()]);
    }
}

impl Pass {
    fn on<'a>(&self, encoder: &'a mut wgpu::CommandEncoder) -> wgpu::RenderPass<'a> {
        let depth = |view| wgpu::RenderPassDepthStencilAttachment {
            view,
            depth_ops: Some(wgpu::Operations {
                load: wgpu::LoadOp::Clear(0.0),
                store: wgpu::StoreOp::Discard,
            }),
            stencil_ops: None,
        };
        encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some(self.label),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &self.color,
                depth_slice: None,
                resolve_target: self.resolve.as_ref(),
                ops: wgpu::Operations {
                    load: self.clear.map_or(wgpu::LoadOp::Load, wgpu::LoadOp::Clear),
                    store: if self.resolve.is_some() {
                        wgpu::StoreOp::Discard
                    } else {
                        wgpu::StoreOp::Store
                    },
                },
            })],
            depth_stencil_attachment: self.depth.as_ref().map(depth),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        })
    }
}

impl Step {
    fn take(&self, pass: &mut wgpu::RenderPass<'_>) {
        match self {
            Self::Begin(_) => {}
            Self::Viewport(viewport) => {
                let [x, y, width, height] = viewport.map(|it| it as f32);
                pass.set_viewport(x, y, width, height, 0.0, 1.0);
            }
            Self::Pipeline(pipeline) => pass.set_pipeline(pipeline),
            Self::BindGroup(at, group, offset) => {
                pass.set_bind_group(*at, group, offset.as_slice());
            }
            Self::Corners(buffer) => pass.set_vertex_buffer(0, buffer.slice(..)),
            Self::Indices(buffer) => {
                pass.set_index_buffer(buffer.slice(..), wgpu::IndexFormat::Uint32);
            }
            Self::Draw(corners) => pass.draw(corners.clone(), 0..1),
            Self::DrawIndexed(indices, instances) => {
                pass.draw_indexed(indices.clone(), 0, instances.clone());
            }
        }
    }
}
