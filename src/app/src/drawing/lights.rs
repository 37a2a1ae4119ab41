//! Colors as light.

use bevy::color::{ColorToComponents, LinearRgba, Srgba};

/// How many are remembered.
const MOST: usize = 32;

/// The light of colors, of which every frame wants the same few: each takes three powers to work out.
#[derive(Default)]
pub(super) struct Lights(Vec<(Srgba, [f32; 3])>);

impl Lights {
    /// Red, green and blue, linear.
    pub(super) fn of(&mut self, color: Srgba) -> [f32; 3] {
        if let Some((_, light)) = self.0.iter().find(|it| it.0 == color) {
            return *light;
        }
        if self.0.len() == MOST {
            // Those of something that is on its way from one color to another.
            self.0.clear();
        }
        let light = LinearRgba::from(color).to_f32_array_no_alpha();
        self.0.push((color, light));
        light
    }
}
