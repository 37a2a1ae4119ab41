//! What shaders are told with each frame: in one buffer, because a browser takes its time for each
//! that is written.

use super::{
    device::RenderDevice,
    frame::FRAME_BYTES,
    goggles::{EYES_MOST, LENS_BYTES},
    hanging::{LANTERN_BYTES, LANTERNS_MOST},
};
use crate::headset::MARKS_MOST;

/// From one part to the next, bytes: no device asks for more between what shaders can be bound to.
const STEP: u64 = 256;
/// Bytes of `Stand` in `words.wgsl`.
pub(super) const STAND_BYTES: u64 = 80;
/// How many boards there are with words on them.
pub(super) const STANDS: usize = 2;

/// A part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    /// How an eye sees the room; the canvas has the first.
    Frame(usize),
    /// The same, as what is in a hand needs it.
    Moved(usize),
    /// How an eye is put into the framebuffer.
    Lens(usize),
    /// `stands` of `words.wgsl`: where boards stand.
    Stands,
    /// `lanterns` of `lantern.wgsl`: a headset's marks, and after them lanterns and signs. Each device
    /// can have 16 KiB of them.
    Hangings,
}

impl Part {
    fn at(self) -> u64 {
        // What there is in every frame comes first: of what comes after it, only as much is written as
        // is needed.
        let place = match self {
            Self::Frame(eye) => eye,
            Self::Lens(eye) => EYES_MOST + eye,
            Self::Stands => 2 * EYES_MOST,
            Self::Moved(eye) => 2 * EYES_MOST + 1 + eye,
            Self::Hangings => 3 * EYES_MOST + 1,
        };
        place as u64 * STEP
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Frame(_) | Self::Moved(_) => FRAME_BYTES,
            Self::Lens(_) => LENS_BYTES,
            Self::Stands => STANDS as u64 * STAND_BYTES,
            Self::Hangings => (MARKS_MOST + LANTERNS_MOST) as u64 * LANTERN_BYTES,
        }
    }
}

/// The buffer.
pub(super) struct Told(pub(super) wgpu::Buffer);

impl Told {
    pub(super) fn new(device: &RenderDevice) -> Self {
        Self(device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("told"),
            size: Part::Hangings.at() + Part::Hangings.bytes(),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        }))
    }

    /// What a shader is bound to that is told this part.
    pub(super) fn binding(&self, part: Part) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.0,
            offset: part.at(),
            size: wgpu::BufferSize::new(part.bytes()),
        })
    }
}

/// What is told with one frame.
pub(super) struct Telling(pub(super) Vec<u8>);

impl Telling {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(2 * Part::Hangings.at() as usize))
    }

    /// Begins with the next frame; how many bytes were told in the one before.
    pub(super) fn begin(&mut self) -> usize {
        let before = self.0.len();
        self.0.clear();
        before
    }

    /// The numbers of a part, from the one that lies `from` bytes after its first.
    pub(super) fn of(&mut self, part: Part, from: u64, numbers: impl IntoIterator<Item = f32>) {
        let Self(bytes) = self;
        let mut at = (part.at() + from) as usize;
        for number in numbers {
            let end = at + 4;
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[at..end].copy_from_slice(&number.to_le_bytes());
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_lies_over_another_or_where_none_can_be_bound() {
        let eyes = (0..EYES_MOST).flat_map(|it| [Part::Frame(it), Part::Moved(it), Part::Lens(it)]);
        let mut parts: Vec<_> = eyes.chain([Part::Stands, Part::Hangings]).collect();
        parts.sort_by_key(|it| it.at());
        for two in parts.windows(2) {
            assert!(two[0].at() + two[0].bytes() <= two[1].at(), "{two:?}");
        }
        assert!(parts.iter().all(|it| it.at() % STEP == 0));
    }

    #[test]
    fn parts_are_told_in_any_order() {
        let mut telling = Telling::new();
        telling.of(Part::Lens(1), 0, [2.0, 3.0]);
        telling.of(Part::Frame(0), 4, [1.0]);
        let Telling(bytes) = telling;
        let number =
            |at: u64| f32::from_le_bytes(bytes[at as usize..][..4].try_into().expect("four"));
        let lens = Part::Lens(1).at();
        assert_eq!(
            [0, 4, 8, lens, lens + 4].map(number),
            [0.0, 1.0, 0.0, 2.0, 3.0]
        );
        assert_eq!(bytes.len() as u64, lens + 8);
    }
}
