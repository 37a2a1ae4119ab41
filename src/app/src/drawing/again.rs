//! Tells the browser again what it was told for the frame before, where only numbers have changed.
//!
//! Of a headset's frames hardly one draws something else than the one before: they are seen from
//! elsewhere. wgpu encodes and checks each anew all the same, which holds the main thread up longer
//! than all the rest of a tour does. So a frame that is like the one before it is listened to while
//! it is told, and those after it are told past wgpu, by the page (`web/again.js`): the same calls,
//! with the bytes of this frame in its buffers.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::{
    device::{RenderDevice, RenderQueue},
    list::List,
};

#[wasm_bindgen]
extern "C" {
    /// What listens to a context, and says again what it has heard: `Again` of `web/again.js`.
    pub(crate) type Ear;

    /// From now on it remembers what the context is told.
    #[wasm_bindgen(method)]
    fn listen(this: &Ear);

    /// It has heard one frame, in which so many bytes were written each time. Says whether it can say
    /// that again.
    #[wasm_bindgen(method)]
    fn heard(this: &Ear, lengths: &[u32]) -> bool;

    /// Says it again, with these bytes.
    #[wasm_bindgen(method)]
    fn say(this: &Ear, bytes: &[u8]);
}

thread_local! {
    /// What listens while a headset is worn. What belongs to the browser cannot leave its thread.
    static EAR: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

/// From now on `ear` listens to frames, or nobody does.
pub(crate) fn listen_with(ear: Option<Ear>) {
    EAR.set(ear);
}

/// What was told last, and whether the page can say it again.
#[derive(Default)]
pub(super) struct Again {
    list: List,
    is_known: bool,
    /// Whether the frame before was told again.
    repeats: bool,
}

impl Again {
    /// The list of the next frame, to be written over that of the one before.
    pub(super) fn begin(&mut self) -> List {
        let mut list = std::mem::take(&mut self.list);
        list.begin_frame();
        list
    }

    /// Tells what is on that list.
    pub(super) fn tell(&mut self, mut list: List, device: &RenderDevice, queue: &RenderQueue) {
        let is_same = list.end_frame();
        EAR.with_borrow(|ear| match ear {
            Some(ear) if is_same && self.is_known => {
                ear.say(&list.written());
                self.repeats = true;
            }
            // Where frames were alike until now they will be again.
            Some(ear) if is_same || self.repeats => {
                ear.listen();
                list.tell(device, queue);
                self.is_known = ear.heard(&list.lengths());
                self.repeats = false;
            }
            _ => {
                list.tell(device, queue);
                (self.is_known, self.repeats) = (false, false);
            }
        });
        self.list = list;
    }
}
