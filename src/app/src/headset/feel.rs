//! What a hand feels: a short, quiet pulse when it comes upon something, presses, takes or goes.

use super::report::Hand;
use crate::message::{Message as ToPage, Outgoing, Side};

/// What has happened in a hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Felt {
    /// It points at something else that can be picked.
    Over,
    /// It has picked something.
    Pressed,
    /// It has taken something.
    Taken,
}

impl Felt {
    /// How strong, of one, and for how long, milliseconds.
    const fn pulse(self) -> (f32, u32) {
        match self {
            Self::Over => (0.12, 10),
            Self::Pressed => (0.3, 18),
            Self::Taken => (0.45, 30),
        }
    }
}

/// Has a hand feel something; who points with neither hand feels nothing.
pub(super) fn feel(outgoing: &mut Outgoing, hand: Hand, felt: Felt) {
    let side = match hand {
        Hand::Left => Side::Left,
        Hand::Right => Side::Right,
        Hand::Neither => return,
    };
    let (strength, millis) = felt.pulse();
    outgoing.send(ToPage::Pulse {
        side,
        strength,
        millis,
    });
}
