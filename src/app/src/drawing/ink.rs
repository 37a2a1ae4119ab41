//! What a headset adds to the room – rays, arcs, rings, and words – as it is drawn into both eyes.

use bevy::color::{ColorToComponents, LinearRgba};

use super::{device::RenderDevice, kit::Kit, list::List, told::Part, words::Words};
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
        list: &mut List,
    ) {
        self.marks.clone_from(&marks.each);
        let corners = marks
            .corners
            .as_flattened()
            .iter()
            .flat_map(|it| it.to_le_bytes());
        let length = size_of_val(marks.corners.as_slice());
        let usage = wgpu::BufferUsages::VERTEX;
        if let Some(buffer) = room_for(&mut self.corners, length, usage, device) {
            list.write(buffer, corners);
        }
        let indices = marks.indices.iter().flat_map(|it| it.to_le_bytes());
        let length = size_of_val(marks.indices.as_slice());
        let usage = wgpu::BufferUsages::INDEX;
        if let Some(buffer) = room_for(&mut self.indices, length, usage, device) {
            list.write(buffer, indices);
        }
        let told = self.marks.iter().flat_map(|mark| {
            let [r, g, b] = LinearRgba::from(mark.color).to_f32_array_no_alpha();
            // Where it is, and not turned: its corners are those of the world.
            [0.0, 0.0, 0.0, 1.0, r, g, b, mark.alpha, 0.0, 1.0, 0.0, 0.0]
        });
        list.tell_shaders(&kit.told, Part::Hangings, 0, told);
        self.words.tell(kit, list);
    }

    /// Draws them like lanterns, whose light they have.
    pub(super) fn draw(&self, list: &mut List, kit: &Kit) {
        self.words.draw(list);
        let (Some(corners), Some(indices)) = (&self.corners, &self.indices) else {
            return;
        };
        list.set_pipeline(&kit.pipelines.lantern);
        list.set_buffers(corners, indices);
        list.set_bind_group(1, &kit.hanging_bindings);
        for (place, mark) in (0..).zip(&self.marks) {
            list.draw_instances(mark.indices.clone(), place..place + 1);
        }
    }
}

/// A buffer that so many bytes fit into, unless there are none: the one that is there, or a larger one.
pub(super) fn room_for<'a>(
    buffer: &'a mut Option<wgpu::Buffer>,
    bytes: usize,
    usage: wgpu::BufferUsages,
    device: &wgpu::Device,
) -> Option<&'a wgpu::Buffer> {
    if bytes == 0 {
        return None;
    }
    let length = bytes as u64;
    if buffer.as_ref().is_none_or(|it| it.size() < length) {
        *buffer = Some(device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("marks"),
            size: length.next_power_of_two(),
            usage: usage | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        }));
    }
    buffer.as_ref()
}
