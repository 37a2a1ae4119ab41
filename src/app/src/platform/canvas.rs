//! The canvas element: its size, and losing it.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlCanvasElement;

use super::{
    frames::{Inbound, push},
    page,
};
use crate::{message::FailureCode, room::Screen};

/// How the canvas is shown now, with at most so many device pixels per CSS pixel.
fn screen(canvas: &HtmlCanvasElement, pixel_ratio_max: f32) -> Screen {
    let ratio = web_sys::window().map_or(1.0, |it| it.device_pixel_ratio() as f32);
    let shown = canvas.get_bounding_client_rect();
    Screen {
        size: bevy::math::Vec2::new(shown.width() as f32, shown.height() as f32),
        ratio: ratio.min(pixel_ratio_max),
    }
}

/// Fills the canvas's place in the page, and follows it from now on. Returns how it is shown now,
/// with at most so many device pixels per CSS pixel.
pub(super) fn follow(canvas: &HtmlCanvasElement, pixel_ratio_max: f32) -> Screen {
    let style = canvas.style();
    for (name, value) in [
        ("display", "block"),
        ("width", "100%"),
        ("height", "100%"),
        ("touch-action", "none"),
        ("user-select", "none"),
    ] {
        // Only a name that is no property could fail.
        let _ = style.set_property(name, value);
    }
    let changed = {
        let canvas = canvas.clone();
        Closure::<dyn FnMut()>::new(move || {
            let screen = screen(&canvas, pixel_ratio_max);
            if screen.size.min_element() >= 1.0 {
                push(Inbound::Screen(screen));
            }
        })
    };
    if let Ok(observer) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
        observer.observe(canvas);
        std::mem::forget(observer);
    }
    changed.forget();
    screen(canvas, pixel_ratio_max)
}

/// Fails when the browser takes the canvas away: the graphics layer cannot get it back.
pub(super) fn fail_when_lost(canvas: &HtmlCanvasElement) {
    let lost = Closure::<dyn FnMut()>::new(|| {
        page::fail(FailureCode::ContextLost, "the browser took the canvas away");
    });
    let callback = lost.as_ref().unchecked_ref();
    // Only a browser without events could refuse.
    let _ = canvas.add_event_listener_with_callback("webglcontextlost", callback);
    lost.forget();
}
