//! Pointers, keys and whether the page is seen.

use bevy::math::Vec2;
use wasm_bindgen::{JsCast, closure::Closure, convert::FromWasmAbi};
use web_sys::{
    AddEventListenerOptions, Event, EventTarget, HtmlCanvasElement, KeyboardEvent, PointerEvent,
    WheelEvent,
};

use super::frames::{Inbound, command, is_hidden, is_worn, push};
use crate::{
    command::Command,
    input::{Key, Pointer, Stroke},
};

/// How many CSS pixels a line of a wheel is.
const LINE_PX: f32 = 18.0;
/// The keys that must not stay down when the canvas loses them.
const KEYS: [Key; 11] = [
    Key::Forward,
    Key::Back,
    Key::TurnLeft,
    Key::TurnRight,
    Key::Left,
    Key::Right,
    Key::Run,
    Key::Nearer,
    Key::Farther,
    Key::Reset,
    Key::Escape,
];

/// Listens to everything that the tour can be steered with.
pub(super) fn to(canvas: &HtmlCanvasElement) {
    canvas.set_tab_index(0);
    pointers(canvas);
    keys(canvas);
    let Some(document) = web_sys::window().and_then(|it| it.document()) else {
        return;
    };
    on(&document, "visibilitychange", |_: Event| {
        // Who wears a headset does not look at the page.
        command(Command::Hide(is_hidden() && !is_worn()));
    });
}

fn pointers(canvas: &HtmlCanvasElement) {
    let at = |event: &PointerEvent| Vec2::new(event.offset_x() as f32, event.offset_y() as f32);
    let element = canvas.clone();
    on(canvas, "pointerdown", move |event: PointerEvent| {
        // A pointer that is gone already cannot be captured, and need not be.
        let _ = element.set_pointer_capture(event.pointer_id());
        let _ = element.focus();
        if event.button() == 0 {
            let (id, at) = (event.pointer_id(), at(&event));
            push(Inbound::Pointer(Pointer::Down { id, at }));
        }
    });
    on(canvas, "pointermove", move |event: PointerEvent| {
        let (id, at) = (event.pointer_id(), at(&event));
        push(Inbound::Pointer(Pointer::Move { id, at }));
    });
    on(canvas, "pointerup", move |event: PointerEvent| {
        let (id, at) = (event.pointer_id(), at(&event));
        push(Inbound::Pointer(Pointer::Up { id, at }));
    });
    for gone in ["pointercancel", "pointerleave"] {
        on(canvas, gone, |event: PointerEvent| {
            let id = event.pointer_id();
            push(Inbound::Pointer(Pointer::Gone { id }));
        });
    }
    on(canvas, "wheel", |event: WheelEvent| {
        event.prevent_default();
        let by = event.delta_y() as f32;
        let px = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
            by * LINE_PX
        } else {
            by
        };
        push(Inbound::Pointer(Pointer::Wheel(px)));
    });
}

fn keys(canvas: &HtmlCanvasElement) {
    let stroke = |event: &KeyboardEvent, down: bool| {
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
        let key = Key::at(&event.code()).filter(|_| plain || !down)?;
        Some(Stroke { key, down })
    };
    on(canvas, "keydown", move |event: KeyboardEvent| {
        if let Some(stroke) = stroke(&event, true) {
            // The page would scroll; but leaving what is open concerns it as well.
            if stroke.key != Key::Escape {
                event.prevent_default();
            }
            if !event.repeat() {
                push(Inbound::Stroke(stroke));
            }
        }
    });
    on(canvas, "keyup", move |event: KeyboardEvent| {
        if let Some(stroke) = stroke(&event, false) {
            push(Inbound::Stroke(stroke));
        }
    });
    on(canvas, "blur", |_: Event| {
        for key in KEYS {
            push(Inbound::Stroke(Stroke { key, down: false }));
        }
    });
}

/// Listens for as long as the page lives.
fn on<E: FromWasmAbi + 'static>(target: &EventTarget, name: &str, hear: impl FnMut(E) + 'static) {
    let hear = Closure::<dyn FnMut(E)>::new(hear);
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    // Only a browser without events could refuse.
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
        name,
        hear.as_ref().unchecked_ref(),
        &options,
    );
    hear.forget();
}
