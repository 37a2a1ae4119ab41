//! The panel that a visitor has open, and what it was asked for.

use std::collections::BTreeMap;

use bevy::prelude::*;
use xinghuo_tour::{OptionId, QuestionId, Response, RoomId, StopId};

use super::{board::Board, reading::Reading};
use crate::headset::Wear;

/// A side of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What is told at the stop.
    Story,
    /// What is asked there.
    Questions,
    /// The stops, room by room, and what is done.
    Route,
    /// What suits the visitor, and the way out.
    Settings,
}

/// A place in a checkpoint, as often as it is asked anew.
pub(super) type Place = (QuestionId, u32);

/// Something that the visitor asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ask {
    Close,
    /// To turn, once to the left (1) or to the right (−1).
    Turn(f32),
    Show(Side),
    /// Words further down, or up, pixels.
    Scroll(f32),
    /// The story has been read, says the visitor.
    Read(StopId),
    GoTo(StopId),
    GoInto(RoomId),
    /// To a stop where an answer can be seen, and to its story.
    LookAgain(StopId),
    Draft(Place, Option<Response>),
    /// Which thing is to be matched next.
    Match(Place, Option<OptionId>),
    Answer(QuestionId, Response),
    Locate(QuestionId),
    CancelLocate,
    Wear(Wear),
    /// A notice has been read, or what it offers is wanted.
    Noticed(String, Option<String>),
    Speak(String),
    Leave,
}

/// The panel, while one is open.
#[derive(Resource, Debug, Clone)]
pub(in crate::headset) struct Panel {
    pub(super) side: Side,
    /// The stop whose story and questions it has; none between stops.
    pub(super) stop: Option<StopId>,
    pub(super) board: Board,
    /// How far its words are scrolled, how high they are and how much of them is seen; pixels.
    pub(super) scrolled: f32,
    pub(super) content: f32,
    pub(super) seen: f32,
    pub(super) reading: Reading,
    /// The thing to be matched next.
    pub(super) matching: Option<(Place, OptionId)>,
    /// What has happened, as it stands before the words.
    noticed: Option<String>,
}

/// Answers that were begun; they outlast the panel.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(super) struct Drafts(pub(super) BTreeMap<Place, Response>);

impl Panel {
    pub(super) fn new(side: Side, stop: Option<StopId>, board: Board) -> Self {
        Self {
            side,
            stop,
            board,
            scrolled: 0.0,
            content: 0.0,
            seen: f32::MAX,
            reading: Reading::default(),
            matching: None,
            noticed: None,
        }
    }

    /// What has just happened is seen, however far down one reads.
    pub(super) fn notice(&mut self, newest: Option<&String>) {
        if self.noticed.as_ref() == newest {
            return;
        }
        if newest.is_some() {
            self.scrolled = 0.0;
        }
        self.noticed = newest.cloned();
    }

    /// Turns to another side.
    pub(super) fn turn_to(&mut self, side: Side) {
        *self = Self::new(side, self.stop.clone(), self.board);
    }

    /// How far words can be scrolled.
    pub(super) fn scroll_most(&self) -> f32 {
        (self.content - self.seen).max(0.0)
    }

    /// Whether all words are seen at once.
    pub(super) fn fits(&self) -> bool {
        self.scroll_most() < 4.0
    }

    /// Whether the last words are in view.
    pub(super) fn is_at_end(&self) -> bool {
        self.content > 0.0 && self.scrolled > self.scroll_most() - 4.0
    }

    pub(super) fn scroll(&mut self, by: f32) {
        self.scrolled = (self.scrolled + by).clamp(0.0, self.scroll_most());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_just_happened_is_seen_once_and_can_be_scrolled_away() {
        let mut panel = Panel::new(Side::Story, None, board());
        (panel.content, panel.seen) = (1000.0, 600.0);
        panel.scroll(300.0);
        let offline = "offline".to_owned();
        panel.notice(Some(&offline));
        assert!(panel.scrolled.abs() < 1e-3, "it stands before the words");
        panel.scroll(300.0);
        panel.notice(Some(&offline));
        assert!(panel.scrolled > 299.0, "it has been seen");
        panel.notice(None);
        assert!(panel.scrolled > 299.0, "nothing is new");
    }

    fn board() -> Board {
        Board {
            center: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            size_m: Vec2::ONE,
            size_px: Vec2::ONE,
        }
    }

    #[test]
    fn words_are_scrolled_to_their_end_and_no_farther() {
        let mut panel = Panel::new(Side::Story, None, board());
        assert!(!panel.is_at_end(), "nothing has been laid out yet");
        (panel.content, panel.seen) = (1000.0, 600.0);
        assert!(!panel.fits() && !panel.is_at_end());
        panel.scroll(300.0);
        assert!(!panel.is_at_end());
        panel.scroll(300.0);
        assert!(panel.is_at_end());
        assert!((panel.scrolled - 400.0).abs() < 1e-3);
        panel.scroll(-900.0);
        assert!(panel.scrolled.abs() < 1e-3);
    }
}
