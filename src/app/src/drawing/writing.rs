//! How what shaders are told comes into buffers.

use super::device::RenderQueue;

/// Writes what is told of each, `step` bytes from one to the next, at once: each write costs a
/// browser a buffer of its own.
pub(super) fn write_apart<'a>(
    buffer: &wgpu::Buffer,
    from: u64,
    step: u32,
    each: impl Iterator<Item = &'a [f32]>,
    queue: &RenderQueue,
) {
    let mut all = Vec::new();
    for (i, one) in each.enumerate() {
        all.resize(step as usize * i, 0);
        all.extend(bytes(one));
    }
    if !all.is_empty() {
        queue.write_buffer(buffer, from, &all);
    }
}

/// Numbers as the graphics device reads them.
pub(super) fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}
