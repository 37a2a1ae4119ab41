//! Pictures, models, sounds: whether each is what its ending says, and fit for a visitor's device.

use imagesize::{ImageSize, ImageType};

use super::desk::Desk;
use crate::finding::{Code, Finding, Pointer, Severity};

/// The endings of pictures.
pub(super) const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp"];

/// Every ending of a file under `media/`, with the most bytes that load in good time.
const KINDS: &[(&str, u64)] = &[
    ("glb", 24 << 20),
    ("jpg", 4 << 20),
    ("jpeg", 4 << 20),
    ("png", 4 << 20),
    ("webp", 4 << 20),
    ("ktx2", 8 << 20),
    ("mp3", 8 << 20),
    ("m4a", 8 << 20),
    ("ogg", 8 << 20),
    ("vtt", 1 << 20),
];

/// A picture has at most so many pixels a side: phones' textures end here.
const SIDE: usize = 4096;
/// No picture of a venue has more: it would be gigabytes once it is unpacked.
const ABSURD_SIDE: usize = 16_384;

/// The media type of a published file.
pub(crate) fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "json" => "application/json",
        "glb" => "model/gltf-binary",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "ktx2" => "image/ktx2",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" => "audio/ogg",
        "vtt" => "text/vtt",
        "otf" => "font/otf",
        _ => "application/octet-stream",
    }
}

/// Looks at every file under `media/`.
pub(super) fn check(desk: &mut Desk) {
    let listed: Vec<_> = desk
        .listed
        .iter()
        .map(|(path, size)| (path.clone(), *size))
        .collect();
    for (path, bytes) in listed {
        if !path.starts_with("media/") {
            continue;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let Some((_, most)) = KINDS.iter().find(|(kind, _)| *kind == ending) else {
            let message = format!("the package holds no files that end in \".{ending}\"");
            let lower = ending.to_lowercase();
            let hint = (lower != ending).then(|| format!("write the ending \".{lower}\""));
            desk.find_with_hint(Code::MediaUnknown, Pointer::file(path), message, hint);
            continue;
        };
        if bytes > *most {
            let message = format!("the file has {bytes} bytes; {most} load in good time");
            desk.find(Code::MediaHuge, Pointer::file(&path), message);
        }
        let Some(bytes) = desk.contents.get(&path) else {
            continue;
        };
        if let Some(finding) = mistyped(ending, bytes).map(|what| {
            let message = format!("the file ends in \".{ending}\", but is {what}");
            Finding::new(Code::MediaMistyped, Pointer::file(&path), message)
        }) {
            desk.findings.push(finding);
        } else if let Ok(size) = imagesize::blob_size(bytes) {
            check_size(desk, &path, size);
        }
    }
}

fn check_size(desk: &mut Desk, path: &str, size: ImageSize) {
    let longest = size.width.max(size.height);
    if longest <= SIDE {
        return;
    }
    let ImageSize { width, height } = size;
    let message = format!("the picture is {width} × {height} pixels; a side has at most {SIDE}");
    let severity = if longest > ABSURD_SIDE {
        Severity::Error
    } else {
        Severity::Warning
    };
    let finding = Finding::new(Code::MediaHuge, Pointer::file(path), message);
    desk.findings.push(finding.with_severity(severity));
}

/// What the file is instead of what its ending says.
fn mistyped(ending: &str, bytes: &[u8]) -> Option<String> {
    let is = sniffed(bytes);
    let expected = match ending {
        "jpeg" => "jpg",
        "vtt" => return (!bytes.starts_with(b"WEBVTT")).then(|| "no list of captions".into()),
        ending => ending,
    };
    if is == Some(expected) {
        // A header that breaks off says nothing of its picture's size.
        let picture = matches!(expected, "jpg" | "png" | "webp" | "ktx2");
        return (picture && imagesize::blob_size(bytes).is_err()).then(|| "broken".into());
    }
    Some(match is {
        Some(is) => format!("of the kind {is:?}"),
        None => "of another kind".into(),
    })
}

/// The ending that a file of these bytes should have.
fn sniffed(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"glTF") {
        return Some("glb");
    }
    if bytes.starts_with(b"OggS") {
        return Some("ogg");
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("m4a");
    }
    if bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe6 == 0xe2) {
        return Some("mp3");
    }
    match imagesize::image_type(bytes) {
        Ok(ImageType::Jpeg) => Some("jpg"),
        Ok(ImageType::Png) => Some("png"),
        Ok(ImageType::Webp) => Some("webp"),
        Ok(ImageType::Ktx2) => Some("ktx2"),
        _ => None,
    }
}
