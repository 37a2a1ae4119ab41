//! What a frame tells the graphics device, written down before it is told: so that it can be held
//! against what the frame before it told ([`again`](super::again)).

use std::{borrow::Cow, ops::Range};

use super::{
    device::{RenderDevice, RenderQueue},
    told::{Part, Telling, Told},
};

/// All that one frame tells: what is written into buffers, and then what is drawn.
///
/// It is written over the list of the frame before: where that says the same already, nothing is made
/// anew.
#[derive(Default)]
pub(super) struct List {
    /// What shaders are told, in the buffer that is for that.
    told: Option<(wgpu::Buffer, Telling)>,
    writes: Vec<Write>,
    steps: Vec<Step>,
    /// How many bytes shaders were told in the frame before.
    told_before: usize,
    /// How many of the writes and the steps are of this frame already.
    written: usize,
    stepped: usize,
    /// Whether something is other than in the frame before, but for the bytes that are written.
    differs: bool,
}

/// Bytes that are written into a buffer.
struct Write {
    buffer: wgpu::Buffer,
    bytes: Vec<u8>,
}

/// What draws, one after the other. Each means what the method of [`wgpu::RenderPass`] means that
/// has its name.
#[derive(PartialEq)]
enum Step {
    Begin(Box<Pass>),
    Viewport([u32; 4]),
    Pipeline(wgpu::RenderPipeline),
    BindGroup(u32, wgpu::BindGroup),
    Corners(wgpu::Buffer),
    Indices(wgpu::Buffer),
    /// Corners, and as which instances.
    Draw(Range<u32>, Range<u32>),
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
    /// Begins with the next frame.
    pub(super) fn begin_frame(&mut self) {
        (self.written, self.stepped, self.differs) = (0, 0, false);
        self.told_before = self.told.as_mut().map_or(0, |(_, it)| it.begin());
    }

    /// The frame is written down. Whether it differs from the one before in nothing but the bytes that
    /// are written.
    pub(super) fn end_frame(&mut self) -> bool {
        let told = self.told.as_ref().map_or(0, |(_, it)| it.0.len());
        let are_left = self.written < self.writes.len() || self.stepped < self.steps.len();
        self.differs |= are_left || told != self.told_before;
        self.writes.truncate(self.written);
        self.steps.truncate(self.stepped);
        !self.differs
    }

    /// Before anything is drawn, `buffer` begins with these bytes.
    pub(super) fn write(&mut self, buffer: &wgpu::Buffer, bytes: impl IntoIterator<Item = u8>) {
        let at = self.written;
        if self.writes.get(at).is_none_or(|it| it.buffer != *buffer) {
            self.differs = true;
            self.writes.truncate(at);
            let (buffer, bytes) = (buffer.clone(), Vec::new());
            self.writes.push(Write { buffer, bytes });
        }
        let write = &mut self.writes[at];
        let before = write.bytes.len();
        write.bytes.clear();
        write.bytes.extend(bytes);
        self.differs |= write.bytes.len() != before;
        self.written += 1;
    }

    /// Before anything is drawn, shaders are told this: of a part, the numbers that begin so many bytes
    /// after its first.
    pub(super) fn tell_shaders(
        &mut self,
        told: &Told,
        part: Part,
        from: u64,
        numbers: impl IntoIterator<Item = f32>,
    ) {
        if self.told.as_ref().is_none_or(|(it, _)| *it != told.0) {
            self.differs = true;
            self.told = Some((told.0.clone(), Telling::new()));
        }
        if let Some((_, telling)) = &mut self.told {
            telling.of(part, from, numbers);
        }
    }

    /// Whatever follows is drawn there.
    pub(super) fn begin(&mut self, pass: Pass) {
        let is = |it: &Step| matches!(it, Step::Begin(is) if **is == pass);
        if !self.says(is) {
            self.say(Step::Begin(Box::new(pass)));
        }
    }

    /// Left, bottom, width and height, pixels.
    pub(super) fn set_viewport(&mut self, viewport: [u32; 4]) {
        if !self.says(|it| *it == Step::Viewport(viewport)) {
            self.say(Step::Viewport(viewport));
        }
    }

    pub(super) fn set_pipeline(&mut self, pipeline: &wgpu::RenderPipeline) {
        if !self.says(|it| matches!(it, Step::Pipeline(is) if is == pipeline)) {
            self.say(Step::Pipeline(pipeline.clone()));
        }
    }

    pub(super) fn set_bind_group(&mut self, at: u32, group: &wgpu::BindGroup) {
        if !self.says(|it| matches!(it, Step::BindGroup(to, is) if *to == at && is == group)) {
            self.say(Step::BindGroup(at, group.clone()));
        }
    }

    /// Corners, and the triangles' indices into them, four bytes each.
    pub(super) fn set_buffers(&mut self, corners: &wgpu::Buffer, indices: &wgpu::Buffer) {
        if !self.says(|it| matches!(it, Step::Corners(is) if is == corners)) {
            self.say(Step::Corners(corners.clone()));
        }
        if !self.says(|it| matches!(it, Step::Indices(is) if is == indices)) {
            self.say(Step::Indices(indices.clone()));
        }
    }

    pub(super) fn draw(&mut self, corners: Range<u32>) {
        self.draw_corners(corners, 0..1);
    }

    /// The same corners, once for each instance.
    pub(super) fn draw_corners(&mut self, corners: Range<u32>, instances: Range<u32>) {
        let step = Step::Draw(corners, instances);
        if !self.says(|it| *it == step) {
            self.say(step);
        }
    }

    pub(super) fn draw_indexed(&mut self, indices: Range<u32>) {
        self.draw_instances(indices, 0..1);
    }

    /// The same triangles, once for each instance.
    pub(super) fn draw_instances(&mut self, indices: Range<u32>, instances: Range<u32>) {
        let step = Step::DrawIndexed(indices, instances);
        if !self.says(|it| *it == step) {
            self.say(step);
        }
    }

    /// Goes on to the next step, if the frame before had the same in its place: then nothing need be made to be
    /// held against it, which is what a frame has no time for.
    fn says(&mut self, is: impl FnOnce(&Step) -> bool) -> bool {
        let says = self.steps.get(self.stepped).is_some_and(is);
        self.stepped += usize::from(says);
        says
    }

    /// Puts another step in that place. What came after it in the frame before is forgotten.
    fn say(&mut self, step: Step) {
        self.differs = true;
        self.steps.truncate(self.stepped);
        self.steps.push(step);
        self.stepped += 1;
    }

    /// Which bytes each buffer begins with.
    fn writes(&self) -> impl Iterator<Item = (&wgpu::Buffer, &[u8])> {
        let told = self.told.iter().map(|(buffer, it)| (buffer, &*it.0));
        told.chain(self.writes.iter().map(|it| (&it.buffer, &*it.bytes)))
    }

    /// All bytes that are written, in their order.
    pub(super) fn written(&self) -> Cow<'_, [u8]> {
        // Mostly there is nothing but what shaders are told.
        if let (Some((_, told)), []) = (&self.told, &*self.writes) {
            return Cow::Borrowed(&told.0);
        }
        let all: Vec<_> = self.writes().map(|it| it.1).collect();
        Cow::Owned(all.concat())
    }

    /// How many bytes are written each time.
    pub(super) fn lengths(&self) -> Vec<u32> {
        self.writes().map(|it| it.1.len() as u32).collect()
    }

    /// Tells the device all of it.
    pub(super) fn tell(&self, device: &RenderDevice, queue: &RenderQueue) {
        for (buffer, bytes) in self.writes() {
            queue.write_buffer(buffer, 0, bytes);
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
            Self::BindGroup(at, group) => pass.set_bind_group(*at, group, &[]),
            Self::Corners(buffer) => pass.set_vertex_buffer(0, buffer.slice(..)),
            Self::Indices(buffer) => {
                pass.set_index_buffer(buffer.slice(..), wgpu::IndexFormat::Uint32);
            }
            Self::Draw(corners, instances) => pass.draw(corners.clone(), instances.clone()),
            Self::DrawIndexed(indices, instances) => {
                pass.draw_indexed(indices.clone(), 0, instances.clone());
            }
        }
    }
}
