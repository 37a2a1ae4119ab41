//! What a ray or a finger does to a panel: it moves over it, presses and lets go; a look rests.

use bevy::prelude::*;

use super::{
    board::Board,
    egui::{Event, Id, Modifiers, PointerButton, pos2},
    place::PANEL_PX,
};
use crate::room::ray::Ray;

/// For how long a look rests on something until it is pressed, and before its ring is shown.
const DWELL_SECS: f32 = 1.4;
const SHOWN_AFTER_SECS: f32 = 0.35;

/// The board that there is now, and what touches it.
#[derive(Resource, Debug, Default)]
pub(in crate::headset) struct Surface {
    pub(super) board: Option<Board>,
    pub(super) touch: Option<Touch>,
    /// What a ray or a look is over since the panel was laid out last.
    pub(super) over: Option<Id>,
    was_down: bool,
    was_there: bool,
    rests: Rest,
}

/// A ray on the board.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::headset) struct Touch {
    /// Pixels from its top left.
    pub(in crate::headset) at: Vec2,
    pub(in crate::headset) down: bool,
    /// It was pressed and let go since the last frame.
    pub(in crate::headset) pressed: bool,
}

/// A look that rests on something.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Rest {
    over: Option<Id>,
    secs: f32,
    done: bool,
}

impl Surface {
    /// Where a ray meets the board: how far, and at which pixel.
    pub(in crate::headset) fn meets(&self, ray: &Ray) -> Option<(f32, Vec2)> {
        self.board.as_ref()?.meets(ray)
    }

    /// How far before the board something is, over which pixel, and where on the board that is.
    pub(in crate::headset) fn near(&self, place: Vec3) -> Option<(f32, Vec2, Vec3)> {
        self.board.as_ref()?.near(place)
    }

    /// A number for what a ray, a finger or a look is over, and no other.
    pub(in crate::headset) fn over(&self) -> Option<u64> {
        self.over.map(|it| it.value())
    }

    /// Which way the board faces.
    pub(in crate::headset) fn front(&self) -> Vec3 {
        self.board.map_or(Vec3::Z, |it| it.rotation * Vec3::Z)
    }

    /// Whether a panel is open, and not its handle alone.
    pub(in crate::headset) fn is_open(&self) -> bool {
        self.board.is_some_and(|it| it.size_px == PANEL_PX)
    }

    /// A ray is there. Of two, the one that presses counts.
    pub(in crate::headset) fn touch(&mut self, touch: Touch) {
        let presses = |it: &Touch| it.down || it.pressed;
        if self.touch.as_ref().is_none_or(|it| !presses(it)) {
            self.touch = Some(touch);
        }
    }

    /// A look is there for `secs`; how far its ring is shut, while one is to be seen.
    pub(in crate::headset) fn look(&mut self, at: Vec2, tapped: bool, secs: f32) -> Option<f32> {
        if self.rests.over != self.over {
            self.rests = Rest {
                over: self.over,
                ..Rest::default()
            };
        }
        let mut pressed = tapped;
        if self.rests.over.is_some() && !self.rests.done {
            self.rests.secs += secs;
            if self.rests.secs >= DWELL_SECS {
                self.rests.done = true;
                pressed = true;
            }
        }
        self.touch(Touch {
            at,
            down: false,
            pressed,
        });
        let Rest { over, secs, done } = self.rests;
        let share = (secs - SHOWN_AFTER_SECS) / (DWELL_SECS - SHOWN_AFTER_SECS);
        (over.is_some() && !done && share > 0.0).then_some(share)
    }

    /// Another board, or none: nothing of the one before is under a ray any more.
    pub(super) fn show(&mut self, board: Option<Board>) {
        let is_other = |a: &Board, b: &Board| a.size_px != b.size_px;
        let same = match (&self.board, &board) {
            (Some(a), Some(b)) => !is_other(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same {
            (self.over, self.was_down, self.rests) = (None, false, Rest::default());
        }
        self.board = board;
        self.touch = None;
    }

    /// What the touch of this frame means to `egui`.
    pub(super) fn events(&mut self) -> Vec<Event> {
        let Some(Touch { at, down, pressed }) = self.touch else {
            let gone = std::mem::take(&mut self.was_there);
            // Who looks away and comes back means to press again.
            (self.was_down, self.rests) = (false, Rest::default());
            return if gone {
                vec![Event::PointerGone]
            } else {
                vec![]
            };
        };
        let pos = pos2(at.x, at.y);
        let button = |pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let mut events = vec![Event::PointerMoved(pos)];
        match (self.was_down, down) {
            (false, true) => events.push(button(true)),
            (true, false) => events.push(button(false)),
            // Whoever cannot hold a press presses and lets go at once.
            (false, false) if pressed => events.extend([button(true), button(false)]),
            _ => {}
        }
        (self.was_down, self.was_there) = (down, true);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presses(surface: &mut Surface) -> usize {
        let is_press = |it: &&Event| matches!(it, Event::PointerButton { pressed: true, .. });
        surface.events().iter().filter(is_press).count()
    }

    #[test]
    fn a_look_that_rests_presses_once() {
        let mut surface = Surface::default();
        let mut pressed = 0;
        for step in 0..60 {
            surface.over = Some(Id::new(step < 5));
            surface.touch = None;
            surface.look(Vec2::ONE, false, 0.1);
            pressed += presses(&mut surface);
        }
        assert_eq!(pressed, 1);
    }

    #[test]
    fn a_look_that_was_away_presses_again() {
        let mut surface = Surface::default();
        let mut pressed = 0;
        for step in 0..60 {
            surface.over = Some(Id::new("further"));
            surface.touch = None;
            if step != 30 {
                surface.look(Vec2::ONE, false, 0.1);
            }
            pressed += presses(&mut surface);
        }
        assert_eq!(pressed, 2);
    }

    #[test]
    fn a_trigger_presses_when_it_is_pulled_and_lets_go_when_it_is_let_go() {
        let mut surface = Surface::default();
        let mut counts = vec![];
        for down in [false, true, true, false, false] {
            surface.touch = Some(Touch {
                at: Vec2::ONE,
                down,
                pressed: false,
            });
            counts.push(presses(&mut surface));
        }
        assert_eq!(counts, [0, 1, 0, 0, 0]);
    }
}
