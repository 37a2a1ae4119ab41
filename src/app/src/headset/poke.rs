//! A finger that touches a panel: it comes from the front, goes in, and comes out again.

use bevy::math::{Vec2, Vec3};

use super::words::{Surface, Touch};

/// From how near a finger is about to touch, metres.
const NEAR_M: f32 = 0.09;
/// How far in it can be and still be about it, metres.
const THROUGH_M: f32 = 0.12;
/// How far out it comes until it has let go, metres.
const LET_GO_M: f32 = 0.008;

/// What a finger is about.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Poking {
    /// It has been before the panel: what comes from behind touches nothing.
    was_before: bool,
    down: bool,
}

impl Poking {
    /// Takes where a fingertip is; what it does to the panel, if it is about it, and at which
    /// place of the panel.
    pub(super) fn go_on(
        &mut self,
        surface: &Surface,
        (tip, radius_m): (Vec3, f32),
    ) -> Option<(Touch, Vec3)> {
        let Some((far, at, on)) = surface.near(tip) else {
            *self = Self::default();
            return None;
        };
        let (touch, is_there) = self.follow(far - radius_m, at);
        is_there.then_some((touch, on))
    }

    /// Takes how far before the panel a finger is, and over which pixel.
    fn follow(&mut self, far_m: f32, at: Vec2) -> (Touch, bool) {
        let near = (-THROUGH_M..NEAR_M).contains(&far_m);
        self.was_before &= near;
        self.was_before |= near && far_m > LET_GO_M;
        self.down = self.was_before && far_m < if self.down { LET_GO_M } else { 0.0 };
        let touch = Touch {
            at,
            down: self.down,
            pressed: false,
        };
        (touch, self.was_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a finger presses at each of its distances.
    fn downs(far: &[f32]) -> Vec<bool> {
        let mut poking = Poking::default();
        far.iter()
            .map(|it| poking.follow(*it, Vec2::ONE).0.down)
            .collect()
    }

    #[test]
    fn a_finger_presses_once_it_is_through_and_until_it_is_well_out() {
        let far = [0.2, 0.05, 0.01, -0.002, -0.03, 0.004, 0.02];
        assert_eq!(downs(&far), [false, false, false, true, true, true, false]);
    }

    #[test]
    fn what_comes_from_behind_or_is_too_far_in_presses_nothing() {
        assert_eq!(downs(&[-0.3, -0.05, -0.01]), [false; 3]);
        assert_eq!(downs(&[0.05, -0.2, -0.05]), [false; 3]);
    }
}
