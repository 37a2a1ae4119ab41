//! How numbers lie in buffers.

/// Numbers as the graphics device reads them.
pub(super) fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|it| it.to_le_bytes()).collect()
}
