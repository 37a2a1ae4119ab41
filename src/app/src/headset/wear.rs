//! How a visitor wants to wear the headset.

use serde::Deserialize;

/// Whoever reports a head lower than this over the floor is taken to have no floor.
const HEAD_LEAST_M: f32 = 0.5;

/// What suits a visitor, and what the headset can do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Wear {
    /// Whether heights are measured from the floor, or from where the head was at first.
    pub(crate) floor: bool,
    /// Whether the visitor sits and would see the room as if standing.
    pub(crate) seated: bool,
    /// How far one turn by the stick goes.
    pub(crate) turn_deg: f32,
    /// Whether the stick walks, or points at where to go.
    pub(crate) glide: bool,
}

impl Default for Wear {
    fn default() -> Self {
        Self {
            floor: true,
            seated: false,
            turn_deg: 30.0,
            glide: false,
        }
    }
}

impl Wear {
    /// How much higher than reported the head is to be, metres.
    pub(super) fn lift_m(&self, head_y: f32, eye_height_m: f32) -> f32 {
        if self.seated || !self.floor || head_y < HEAD_LEAST_M {
            eye_height_m - head_y
        } else {
            0.0
        }
    }

    /// How far one turn by the stick goes, radians.
    pub(super) fn turn(&self) -> f32 {
        self.turn_deg.clamp(5.0, 90.0).to_radians()
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
    fn the_page_need_not_say_anything() {
        let wear: Wear = serde_json::from_str("{}").expect("settings");
        assert_eq!(wear, Wear::default());
    }
}
