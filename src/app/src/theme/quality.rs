//! What the drawing may cost.

use bevy::prelude::Resource;

/// How finely the tour is drawn.
#[derive(Resource, Debug, Clone, Copy)]
pub(crate) struct Quality {
    /// Samples per pixel: 1 or 4.
    pub(crate) samples: u32,
    /// The most anisotropic texture samples.
    pub(crate) anisotropy: u16,
    /// The most device pixels per CSS pixel.
    pub(crate) pixel_ratio_max: f32,
    /// Pixels of a headset's eye per pixel of its framebuffer, along each side.
    pub(crate) eye_scale: f32,
    /// Whether water and lanterns move while the visitor does not.
    pub(crate) ripples: bool,
    /// Whether frames that come late are drawn less finely.
    pub(crate) adapts: bool,
}

impl Default for Quality {
    /// That of a machine with a graphics processor.
    fn default() -> Self {
        Self {
            samples: 4,
            anisotropy: 8,
            pixel_ratio_max: 2.0,
            eye_scale: 0.9,
            ripples: true,
            adapts: true,
        }
    }
}

impl Quality {
    /// What the machine can be expected to draw at ease. A processor that draws alone is told by
    /// its name, since WebGL does not say.
    pub(crate) fn for_adapter(name: &str, pixel_ratio_max: f32) -> Self {
        let name = name.to_lowercase();
        let software = ["swiftshader", "llvmpipe", "software", "basic render"];
        if software.iter().any(|it| name.contains(it)) {
            return Self {
                samples: 1,
                anisotropy: 1,
                pixel_ratio_max: 0.75,
                eye_scale: 0.6,
                ripples: false,
                // It is late whatever it draws; what it shows should hold still.
                adapts: false,
            };
        }
        Self {
            pixel_ratio_max: pixel_ratio_max.clamp(0.5, 3.0),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_that_draws_alone_is_asked_for_less() {
        let name = "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (LLVM 10.0.0)), SwiftShader)";
        let software = Quality::for_adapter(name, 2.0);
        let hardware = Quality::for_adapter("ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)", 2.0);
        assert!(software.samples < hardware.samples);
        assert!(software.pixel_ratio_max < hardware.pixel_ratio_max);
    }
}
