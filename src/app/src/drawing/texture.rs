//! Pictures, decoded and made smaller by halves for the distance.

use bevy::asset::RenderAssetUsages;
use bevy::image::{CompressedImageFormats, Image, ImageSampler, ImageType};
use bevy::math::UVec2;
use xinghuo_package::glb;

use crate::room::model::Picture;

/// A picture for the graphics device: sRGB with alpha, eight bits each.
pub(crate) struct Texture {
    pub(super) size: UVec2,
    pub(super) levels: u32,
    /// All levels, largest first.
    pub(super) bytes: Vec<u8>,
}

impl Texture {
    /// One white texel.
    pub(crate) fn white() -> Self {
        Self {
            size: UVec2::ONE,
            levels: 1,
            bytes: vec![255; 4],
        }
    }

    /// Decodes a JPEG or PNG. The error is a sentence for the log. A header that promises more
    /// pixels than a phone holds is not followed.
    pub(crate) fn decode(picture: &Picture) -> Result<Self, String> {
        glb::Picture::new(&picture.media_type, &picture.bytes)
            .map_err(|why| format!("it {why}"))?;
        let image = Image::from_buffer(
            &picture.bytes,
            ImageType::MimeType(&picture.media_type),
            CompressedImageFormats::NONE,
            true,
            ImageSampler::Default,
            RenderAssetUsages::MAIN_WORLD,
        )
        .map_err(|it| it.to_string())?;
        let format = bevy::render::render_resource::TextureFormat::Rgba8UnormSrgb;
        let image = match image.texture_descriptor.format {
            it if it == format => image,
            _ => image
                .convert(format)
                .ok_or("the picture has an unusual pixel format")?,
        };
        let size = image.size();
        let bytes = image.data.ok_or("the picture is empty")?;
        Ok(Self::with_levels(size, bytes))
    }

    fn with_levels(size: UVec2, mut bytes: Vec<u8>) -> Self {
        let levels = size.max_element().ilog2() + 1;
        let mut begin = 0;
        let mut larger = size;
        for _ in 1..levels {
            let end = bytes.len();
            let smaller = (larger / 2).max(UVec2::ONE);
            halve(&mut bytes, begin, larger, smaller);
            begin = end;
            larger = smaller;
        }
        Self {
            size,
            levels,
            bytes,
        }
    }
}

/// Appends the level of size `smaller` that follows from the one of size `larger` at `begin`.
///
/// The mean is taken of squares: a gamma of 2 is near enough to sRGB, and integers do it fast.
fn halve(bytes: &mut Vec<u8>, begin: usize, larger: UVec2, smaller: UVec2) {
    bytes.reserve((smaller.x * smaller.y * 4) as usize);
    let row = (larger.x * 4) as usize;
    for y in 0..smaller.y {
        let y0 = (y * 2).min(larger.y - 1) as usize;
        let y1 = (y * 2 + 1).min(larger.y - 1) as usize;
        for x in 0..smaller.x {
            let x0 = (x * 2).min(larger.x - 1) as usize * 4;
            let x1 = (x * 2 + 1).min(larger.x - 1) as usize * 4;
            let corners = [y0 * row + x0, y0 * row + x1, y1 * row + x0, y1 * row + x1];
            for channel in 0..4 {
                let four = corners.map(|it| u32::from(bytes[begin + it + channel]));
                let mean = if channel == 3 {
                    four.iter().sum::<u32>() / 4
                } else {
                    (four.iter().map(|it| it * it).sum::<u32>() / 4).isqrt()
                };
                bytes.push(mean as u8);
            }
        }
    }
}
