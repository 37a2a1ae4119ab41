//! How what shaders are told lies in buffers.

/// What is told of each, `step` bytes from one to the next, to be written at once: each write costs a
/// browser a buffer of its own.
pub(super) fn apart<'a>(step: u32, each: impl Iterator<Item = &'a [f32]>) -> Vec<u8> {
    let mut all = Vec::new();
    for (i, one) in each.enumerate() {
        all.resize(step as usize * i, 0);
        all.extend(bytes(one));
    }
    all
}

/// Numbers as the graphics device reads them.
pub(super) fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}
