//! Pictures, decoded by the browser: beside the thread that draws, and a few at a time.

use std::collections::VecDeque;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, PremultiplyAlpha,
};
use xinghuo_package::glb::Picture;

use super::console;

/// How many pictures are decoded at once: more only need more memory at a time.
const AT_ONCE: usize = 4;

/// Decodes pictures and hands each over in its turn, with nothing for one that does not decode:
/// the tour is more than its looks. Each may be one that cannot be, and why.
pub(super) async fn decode(
    pictures: impl Iterator<Item = Result<Picture<'_>, String>>,
    mut on_picture: impl FnMut(Option<ImageBitmap>),
) {
    let mut pictures = pictures.map(|it| it.and_then(|it| begin(&it).map_err(said)));
    let mut begun: VecDeque<_> = pictures.by_ref().take(AT_ONCE).collect();
    while let Some(next) = begun.pop_front() {
        let bitmap = match next {
            Ok(promise) => JsFuture::from(promise).await.map_err(said),
            Err(why) => Err(why),
        };
        begun.extend(pictures.next());
        let bitmap = bitmap.and_then(|it| it.dyn_into::<ImageBitmap>().map_err(said));
        on_picture(
            bitmap
                .inspect_err(|why| console::warn(&format!("a picture does not decode: {why}")))
                .ok(),
        );
    }
}

/// Begins to decode a picture as it is: alpha not multiplied in, colors not converted.
fn begin(picture: &Picture<'_>) -> Result<Promise, JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let of = BlobPropertyBag::new();
    of.set_type(picture.media_type);
    let parts = Array::of1(&Uint8Array::from(picture.bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &of)?;
    let options = ImageBitmapOptions::new();
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    options.set_color_space_conversion(ColorSpaceConversion::None);
    window.create_image_bitmap_with_blob_and_image_bitmap_options(&blob, &options)
}

fn said(cause: JsValue) -> String {
    cause.as_string().unwrap_or_else(|| format!("{cause:?}"))
}
