//! How a visitor wants to wear the headset.

use serde::Deserialize;
use xinghuo_tour::StopId;

use super::report::Hand;

/// Whoever reports a head lower than this over the floor is taken to have no floor.
const HEAD_LEAST_M: f32 = 0.5;
/// How far somebody can be raised or lowered, metres.
pub(super) const RAISE_MOST_M: f32 = 0.6;

/// What suits a visitor, and what the headset can do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own that a visitor answers with yes or no"
)]
pub(crate) struct Wear {
    /// Whether heights are measured from the floor, or from where the head was at first.
    pub(crate) floor: bool,
    /// Whether the visitor sits and would see the room as if standing.
    pub(crate) seated: bool,
    /// How far one turn by the stick goes; 0 turns for as long as it is pushed.
    pub(crate) turn_deg: f32,
    /// Whether the stick walks, or points at where to go.
    pub(crate) glide: bool,
    /// How much higher the eye is than it would be, metres.
    pub(crate) raise_m: f32,
    /// Whether the stick that walks is the right one.
    pub(crate) left_handed: bool,
    /// Whether hands feel what they do.
    pub(crate) pulses: bool,
    /// The stop whose artifact is put on the visitor's own table, with nothing else shown.
    pub(crate) thing: Option<StopId>,
}

impl Default for Wear {
    fn default() -> Self {
        Self {
            floor: true,
            seated: false,
            turn_deg: 30.0,
            glide: false,
            raise_m: 0.0,
            left_handed: false,
            pulses: true,
            thing: None,
        }
    }
}

impl Wear {
    /// How much higher than reported the head is to be, metres.
    pub(super) fn lift_m(&self, head_y: f32, eye_height_m: f32) -> f32 {
        let raise = if self.raise_m.is_finite() {
            self.raise_m.clamp(-RAISE_MOST_M, RAISE_MOST_M)
        } else {
            0.0
        };
        if self.seated || !self.floor || head_y < HEAD_LEAST_M {
            raise + eye_height_m - head_y
        } else {
            raise
        }
    }

    /// How far one turn by the stick goes, radians; nothing, if it turns for as long as it is
    /// pushed.
    pub(super) fn turn(&self) -> Option<f32> {
        (self.turn_deg > 0.0).then(|| self.turn_deg.clamp(5.0, 90.0).to_radians())
    }

    /// How far one turn by a press goes, radians.
    pub(super) fn step(&self) -> f32 {
        self.turn().unwrap_or(30_f32.to_radians())
    }

    /// The hand whose stick walks, for whoever walks with one.
    pub(super) fn walking_hand(&self) -> Hand {
        if self.left_handed {
            Hand::Right
        } else {
            Hand::Left
        }
    }

    /// Whether the room lies elsewhere for who wears it like `other`.
    pub(super) fn stands_like(&self, other: &Self) -> bool {
        self.seated == other.seated && (self.raise_m - other.raise_m).abs() < 1e-3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_on_a_known_floor_keeps_their_height_and_who_does_not_gets_the_rooms() {
        let standing = Wear::default();
        assert!(standing.lift_m(1.5, 1.62).abs() < 1e-6);
        let seated = Wear {
            seated: true,
            ..Wear::default()
        };
        assert!((seated.lift_m(1.1, 1.62) - 0.52).abs() < 1e-6);
        let afloat = Wear {
            floor: false,
            ..Wear::default()
        };
        assert!((afloat.lift_m(0.0, 1.62) - 1.62).abs() < 1e-6);
    }

    #[test]
    fn who_asks_for_it_is_raised_or_lowered_but_not_out_of_the_room() {
        let raised = |raise_m| Wear {
            raise_m,
            ..Wear::default()
        };
        assert!((raised(0.1).lift_m(1.5, 1.62) - 0.1).abs() < 1e-6);
        assert!((raised(-9.0).lift_m(1.5, 1.62) + RAISE_MOST_M).abs() < 1e-6);
        assert!(raised(f32::NAN).lift_m(1.5, 1.62).abs() < 1e-6);
        assert!(!raised(0.1).stands_like(&raised(0.0)));
    }

    #[test]
    fn the_page_need_not_say_anything() {
        let wear: Wear = serde_json::from_str("{}").expect("settings");
        assert_eq!(wear, Wear::default());
    }
}
