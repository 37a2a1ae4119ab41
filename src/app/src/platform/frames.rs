//! The tour's heartbeat: updates when the browser draws a frame, and only while one is wanted.
//!
//! While a headset is worn its frames are the tour's, and the window's are not asked for.

use std::cell::{Cell, RefCell};

use bevy::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use xinghuo_tour::RoomId;

use super::{console, page, rooms};
use crate::{
    awake::{Awake, Next},
    clock::Clock,
    command::{Command, Config},
    drawing::{self, Layer, Showing, Textures},
    headset::Report,
    input::{Pointer, Stroke},
    message::{Message, Outgoing, Step},
    passing::{Fetches, NextRoom, RoomMissed},
    rehearsal::rehearse,
    room::Screen,
    session::Visit,
};

/// What has come from outside since the last update.
pub(super) enum Inbound {
    Command(Command),
    Pointer(Pointer),
    Stroke(Stroke),
    Screen(Screen),
    Room(Box<NextRoom>, Textures),
    Missed(RoomMissed),
    /// A frame of the headset, and where it is to be drawn.
    Report(Report, Layer),
}

/// How long what the page said may wait for a frame of the headset, which has none while it is
/// hidden; milliseconds.
const PATIENCE_MILLIS: i32 = 300;

thread_local! {
    static TOUR: RefCell<Option<Tour>> = const { RefCell::new(None) };
    static INBOUND: RefCell<Vec<Inbound>> = const { RefCell::new(Vec::new()) };
    static FRAME: Cell<Option<i32>> = const { Cell::new(None) };
    static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
    static ON_FRAME: Closure<dyn FnMut()> = Closure::new(|| { FRAME.set(None); update(); });
    static WORN: Cell<bool> = const { Cell::new(false) };
    static PERFORMANCE: Option<web_sys::Performance> =
        web_sys::window().and_then(|it| it.performance());
    static ON_TIMER: Closure<dyn FnMut()> = Closure::new(|| { TIMER.set(None); on_timer(); });
}

struct Tour {
    app: App,
    /// When the visit began on the browser's own clock, milliseconds.
    began: f64,
    /// Whether there is a canvas.
    draws: bool,
    frames: u32,
    /// Whether a headset's session is yet to be rehearsed.
    rehearses: bool,
}

/// Runs an app whose plugins have been added, as the tour of this module.
pub(super) fn run(mut app: App, started_ms_ago: f64, draws: bool) {
    app.finish();
    app.cleanup();
    let began = now() - started_ms_ago.max(0.0);
    let rehearses = draws && app.world().resource::<Config>().headset;
    let tour = Tour {
        app,
        began,
        draws,
        frames: 0,
        rehearses,
    };
    TOUR.set(Some(tour));
    wake();
}

/// Hands a command to the tour.
pub(super) fn command(command: Command) {
    push(Inbound::Command(command));
}

/// Hands something to the tour, which takes it up with its next update.
pub(super) fn push(inbound: Inbound) {
    INBOUND.with_borrow_mut(|it| it.push(inbound));
    wake();
}

/// Whether a headset's frames are the tour's from now on.
pub(super) fn wear(worn: bool) {
    WORN.set(worn);
    if let (Some(frame), Some(window)) = (FRAME.take(), web_sys::window()) {
        // A frame that is no longer wanted; another is asked for when one is.
        let _ = window.cancel_animation_frame(frame);
    }
}

/// Whether a headset is worn.
pub(super) fn is_worn() -> bool {
    WORN.get()
}

/// Takes up what has come, and a frame of the headset with it; what it shows is drawn when this
/// returns.
pub(super) fn worn_frame(report: Inbound) {
    INBOUND.with_borrow_mut(|it| it.push(report));
    update();
}

/// What the visitor understood so far, as JSON.
pub(super) fn summary() -> String {
    let json = TOUR.with(|tour| {
        let tour = tour.try_borrow().ok()?;
        let visit = tour.as_ref()?.app.world().get_resource::<Visit>()?;
        serde_json::to_string(&visit.summary()).ok()
    });
    json.unwrap_or_else(|| "null".into())
}

/// Milliseconds on the browser's clock.
fn now() -> f64 {
    PERFORMANCE.with(|it| it.as_ref().map_or(0.0, web_sys::Performance::now))
}

fn update() {
    let Some((messages, fetches, next)) = TOUR.with(|tour| {
        // A tour that panicked stays borrowed, and is over.
        let mut tour = tour.try_borrow_mut().ok()?;
        Some(tour.as_mut()?.update())
    }) else {
        return;
    };
    if is_worn() {
        page::send_soon(messages);
    } else {
        page::send(messages);
    }
    fetches.into_iter().for_each(rooms::fetch);
    match next {
        Next::Frame => ask_for_frame(),
        // The frames of a headset come by themselves.
        Next::In(millis) if !is_worn() => set_timer(millis as i32),
        Next::In(_) | Next::Nothing => {}
    }
}

impl Tour {
    /// What there is to say, which rooms are to be fetched, and when the next update is due.
    fn update(&mut self) -> (Vec<Message>, Vec<RoomId>, Next) {
        let world = self.app.world_mut();
        let inbound = INBOUND.take();
        let told = !inbound.is_empty();
        for inbound in inbound {
            match inbound {
                Inbound::Command(it) => _ = world.write_message(it),
                Inbound::Pointer(it) => _ = world.write_message(it),
                Inbound::Stroke(it) => _ = world.write_message(it),
                Inbound::Screen(it) => world.insert_resource(it),
                Inbound::Missed(it) => _ = world.write_message(it),
                Inbound::Room(room, textures) => {
                    world.insert_resource(*room);
                    world.insert_resource(textures);
                }
                Inbound::Report(report, layer) => {
                    world.write_message(report);
                    show_in(world, Some(layer));
                }
            }
        }
        let elapsed = (now() - self.began).max(0.0) as u64;
        world.resource_mut::<Clock>().set(elapsed);
        self.app.update();
        self.frames += 1;
        let world = self.app.world_mut();
        // A headset's framebuffer is there for its frame alone.
        show_in(world, None);
        let mut messages = world.resource_mut::<Outgoing>().take();
        let fetches = world.get_resource_mut::<Fetches>();
        let fetches = fetches.map_or_else(Vec::new, |mut it| it.take());
        let mut next = world.resource::<Awake>().next();
        drawing::release(world);
        // Whoever waits for a frame waits for no more than that.
        if self.rehearses && !is_worn() && !world.resource::<Awake>().draws() {
            self.rehearses = false;
            let (visit, config) = (world.resource::<Visit>(), world.resource::<Config>());
            if let Err(cause) = rehearse(&visit.venue, config) {
                console::warn(&format!("a headset's session was not rehearsed: {cause}"));
            }
        }
        if told && next == Next::Nothing {
            // What one system says in answer may be heard by another only with the next update.
            next = if self.draws { Next::Frame } else { Next::In(0) };
        }
        // The first frame has been drawn, with every shader that the room needs.
        if self.frames == 1 {
            if self.draws {
                messages.push(Message::Loading {
                    step: Step::Shaders,
                    done: 1,
                    total: 1,
                });
            }
            messages.push(Message::Ready);
        }
        (messages, fetches, next)
    }
}

/// Where the next update shows what a headset is to show.
fn show_in(world: &mut World, layer: Option<Layer>) {
    if let Some(mut showing) = world.get_resource_mut::<Showing>() {
        showing.0 = layer;
    }
}

/// Whether nobody sees the page.
pub(super) fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|it| it.document())
        .is_some_and(|it| it.visibility_state() == web_sys::VisibilityState::Hidden)
}

/// Sees to it that there is an update soon. A page that is hidden gets no frames, and a text walk
/// needs none.
fn wake() {
    if is_worn() {
        if TIMER.get().is_none() {
            set_timer(PATIENCE_MILLIS);
        }
        return;
    }
    let draws = TOUR.with(|it| {
        it.try_borrow()
            .is_ok_and(|it| it.as_ref().is_some_and(|it| it.draws))
    });
    if draws && !is_hidden() {
        ask_for_frame();
    } else {
        set_timer(0);
    }
}

fn on_timer() {
    let draws = TOUR.with(|it| {
        it.try_borrow()
            .is_ok_and(|it| it.as_ref().is_some_and(|it| it.draws))
    });
    let waits = INBOUND.with_borrow(|it| !it.is_empty());
    // What the page said is taken up at once; what only moves can wait for a frame.
    if draws && !waits {
        // While a headset is worn, its next frame comes by itself.
        ask_for_frame();
    } else {
        update();
    }
}

fn ask_for_frame() {
    let Some(window) = web_sys::window() else {
        return;
    };
    if FRAME.get().is_none() && !is_worn() {
        let asked = ON_FRAME.with(|it| window.request_animation_frame(it.as_ref().unchecked_ref()));
        FRAME.set(asked.ok());
    }
}

fn set_timer(millis: i32) {
    let Some(window) = web_sys::window() else {
        return;
    };
    if let Some(timer) = TIMER.take() {
        window.clear_timeout_with_handle(timer);
    }
    let timer = ON_TIMER.with(|it| {
        let callback = it.as_ref().unchecked_ref();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, millis)
    });
    TIMER.set(timer.ok());
}
