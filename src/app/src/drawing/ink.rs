//! What a headset adds to the room – rays, arcs, rings, and words – as it is drawn into both eyes.

use bevy::color::{ColorToComponents, LinearRgba};

use super::{
    device::{RenderDevice, RenderQueue},
    hanging::LANTERNS_MOST,
    kit::Kit,
    words::Words,
    writing::{bytes, write_apart},
};
use crate::headset::{Mark, Marks};

/// What the marks are drawn from. It grows when there are more of them than ever.
pub(super) struct Ink {
    corners: Option<wgpu::Buffer>,
    indices: Option<wgpu::Buffer>,
    marks: Vec<Mark>,
    pub(super) words: Words,
}

impl Ink {
    pub(super) fn new(words: Words) -> Self {
        Self {
            corners: None,
            indices: None,
            marks: vec![],
            words,
        }
    }

    /// Takes over the marks of the next frame.
    pub(super) fn take(
        &mut self,
        marks: &Marks,
        kit: &Kit,
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        self.marks.clone_from(&marks.each);
        let corners = bytes(marks.corners.as_flattened());
        let indices: Vec<u8> = marks
            .indices
            .iter()
            .flat_map(|it| it.to_le_bytes())
            .collect();
        write(
            &mut self.corners,
            &corners,
            wgpu::BufferUsages::VERTEX,
            device,
            queue,
        );
        write(
            &mut self.indices,
            &indices,
            wgpu::BufferUsages::INDEX,
            device,
            queue,
        );
        let told = self.marks.iter().map(|mark| {
            let [r, g, b] = LinearRgba::from(mark.color).to_f32_array_no_alpha();
            // Where it is, and not turned: its corners are those of the world.
            [0.0, 0.0, 0.0, 1.0, r, g, b, mark.alpha, 0.0, 1.0, 0.0, 0.0]
        });
        let told: Vec<_> = told.collect();
        write_apart(
            &kit.hangings,
            u64::from(place(kit, 0)),
            kit.hanging_step,
            told.iter().map(|it| &it[..]),
            queue,
        );
    }

    /// Draws them like lanterns, whose light they have.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, kit: &Kit) {
        self.words.draw(pass);
        let (Some(corners), Some(indices)) = (&self.corners, &self.indices) else {
            return;
        };
        pass.set_pipeline(&kit.pipelines.lantern);
        pass.set_vertex_buffer(0, corners.slice(..));
        pass.set_index_buffer(indices.slice(..), wgpu::IndexFormat::Uint32);
        for (i, mark) in self.marks.iter().enumerate() {
            pass.set_bind_group(1, &kit.hanging_bindings, &[place(kit, i)]);
            pass.draw_indexed(mark.indices.clone(), 0, 0..1);
        }
    }
}

/// Where a mark's uniforms are: after those of lanterns and signs.
fn place(kit: &Kit, mark: usize) -> u32 {
    kit.hanging_step * (LANTERNS_MOST + mark) as u32
}

pub(super) fn write(
    buffer: &mut Option<wgpu::Buffer>,
    bytes: &[u8],
    usage: wgpu::BufferUsages,
    device: &wgpu::Device,
    queue: &wgpu::Queue,
) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len() as u64;
    if buffer.as_ref().is_none_or(|it| it.size() < length) {
        *buffer = Some(device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("marks"),
            size: length.next_power_of_two(),
            usage: usage | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        }));
    }
    if let Some(buffer) = buffer {
        queue.write_buffer(buffer, 0, bytes);
    }
}
