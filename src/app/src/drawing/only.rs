//! The one thing that is drawn where nothing else of the venue is: on the visitor's own table.

use super::stage::Piece;

/// The node that alone is drawn, on nothing; everything, if there is none.
#[derive(Debug, Default)]
pub(super) struct Only(pub(super) Option<String>);

impl Only {
    /// Whether a piece is drawn at all.
    pub(super) fn shows(&self, piece: &Piece) -> bool {
        self.0.is_none() || piece.artifact == self.0
    }

    /// What is there before anything is drawn: the haze, or nothing.
    pub(super) fn ground(&self, haze: [f32; 3]) -> wgpu::Color {
        if self.0.is_some() {
            return wgpu::Color::TRANSPARENT;
        }
        let [r, g, b] = haze.map(f64::from);
        wgpu::Color { r, g, b, a: 1.0 }
    }
}
