//! The pictures in a model: where they lie, and how large they are once they are unpacked.

use gltf::image::Source;
use imagesize::ImageType;

use super::{
    Glb, called,
    limits::{PICTURE_SIDE, PIXELS},
    problem::{Problem, Problems},
};

/// The media types that the app decodes.
const KINDS: &[(&str, ImageType)] = &[
    ("image/jpeg", ImageType::Jpeg),
    ("image/png", ImageType::Png),
];

/// A picture as it was encoded.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: &'a [u8],
}

impl<'a> Picture<'a> {
    /// A picture of which `media_type` tells the kind. The error says why the app cannot show it;
    /// it follows from the header alone, nothing is decoded.
    pub fn new(media_type: &str, bytes: &'a [u8]) -> Result<Self, String> {
        Self::sized(media_type, bytes).map(|(picture, _)| picture)
    }

    /// The picture, and how many pixels it has.
    fn sized(media_type: &str, bytes: &'a [u8]) -> Result<(Self, usize), String> {
        let kind = KINDS.iter().find(|(it, _)| *it == media_type);
        let (media_type, kind) = kind.ok_or("is no JPEG or PNG")?;
        if imagesize::image_type(bytes).ok() != Some(*kind) {
            return Err(format!("is not the {media_type} that it says"));
        }
        let size = imagesize::blob_size(bytes).map_err(|_| "breaks off")?;
        let imagesize::ImageSize { width, height } = size;
        if width == 0 || height == 0 {
            return Err("has no pixels".into());
        }
        if width.max(height) > PICTURE_SIDE {
            return Err(format!(
                "is {width} × {height} pixels; a side has at most {PICTURE_SIDE}"
            ));
        }
        Ok((Self { media_type, bytes }, width * height))
    }
}

/// What keeps the pictures of a model from being shown. Views are within the binary chunk after it.
pub(super) fn check(glb: &Glb<'_>) -> Problems {
    let mut problems = Problems::new();
    let mut pixels = 0_usize;
    for (index, image) in glb.document.as_json().images.iter().enumerate() {
        let name = called("picture", index, image.name.as_deref());
        let broken = |why: &str| Problem::broken(format!("{name} {why}"));
        let (Some(view), Some(kind)) = (image.buffer_view, &image.mime_type) else {
            problems.push(broken("lacks its bytes or its media type"));
            continue;
        };
        let view = glb.document.views().nth(view.value());
        let Some(bytes) = view.and_then(|view| bytes_of(&view, glb.bin)) else {
            problems.push(broken("lies outside the file"));
            continue;
        };
        match Picture::sized(&kind.0, bytes) {
            Ok((_, more)) => pixels = pixels.saturating_add(more),
            Err(why) => problems.push(
                broken(&why).with_hint("save it as a JPEG or PNG of at most 4096 pixels a side"),
            ),
        }
    }
    if pixels > PIXELS {
        let message = format!("the model's pictures have {pixels} pixels; {PIXELS} can be held");
        let problem = Problem::huge(message);
        problems.push(problem.with_hint("make the pictures smaller"));
    }
    problems
}

/// The bytes of a view, if it is within the binary chunk.
pub(super) fn bytes_of<'a>(view: &gltf::buffer::View<'_>, bin: &'a [u8]) -> Option<&'a [u8]> {
    bin.get(view.offset()..view.offset().checked_add(view.length())?)
}

/// The pictures of a model that has been checked.
pub(super) fn of<'g>(glb: &'g Glb<'_>) -> impl Iterator<Item = Picture<'g>> {
    glb.document.images().map(|image| match image.source() {
        Source::View { view, mime_type } => {
            let bytes = bytes_of(&view, glb.bin).unwrap_or_default();
            let kind = KINDS.iter().find(|(it, _)| *it == mime_type);
            let media_type = kind.map_or("", |(it, _)| it);
            Picture { media_type, bytes }
        }
        Source::Uri { .. } => Picture {
            media_type: "",
            bytes: &[],
        },
    })
}
