//! Codes to be looked at by a camera: QR codes as SVG.

use qrcode::{EcLevel, QrCode, render::svg};
use xinghuo_wire::{Code, ErrorCode};

use crate::error::ApiError;

/// As dark as the page's ink and as light as can be, which every camera tells apart.
const INK: svg::Color<'_> = svg::Color("#221b16");
const WHITE: svg::Color<'_> = svg::Color("#ffffff");

/// How long an address may be: more would make a picture too fine for the back row.
const ADDRESS_CHARS: usize = 120;

/// The way to the page where codes are entered, with this one entered already. What stands behind
/// the number sign is not sent to any server, so no log shows it.
pub(super) fn of(address: &str, code: &Code) -> Result<String, ApiError> {
    if !is_origin(address) {
        return Err(ApiError::new(
            ErrorCode::BadRequest,
            "this is not an address of a server",
            "send scheme, name and port alone, such as http://192.168.1.20:8080",
        ));
    }
    let text = format!("{address}/j/#{code}");
    let drawn = QrCode::with_error_correction_level(text, EcLevel::M);
    let drawn = drawn.map_err(|error| ApiError::internal(&error))?;
    let picture = drawn
        .render::<svg::Color<'_>>()
        .module_dimensions(1, 1)
        .dark_color(INK)
        .light_color(WHITE)
        .build();
    Ok(picture)
}

/// Scheme, name and port, and nothing after it.
fn is_origin(address: &str) -> bool {
    let name = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    address.len() <= ADDRESS_CHARS
        && name.is_some_and(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_drawn_of_an_address_and_of_nothing_else() {
        let code: Code = "012345".parse().expect("a code");
        let drawn = of("http://192.168.1.20:8080", &code).expect("a picture");
        assert!(drawn.contains("<svg") && drawn.ends_with("</svg>"));
        assert!(of("https://[fd00::1]:8080", &code).is_ok());
        for wrong in [
            "javascript:alert(1)",
            "http://",
            "http://a/b",
            "http://a b",
            "ftp://a",
            "http://a\"><script>",
        ] {
            assert!(of(wrong, &code).is_err(), "{wrong}");
        }
    }
}
