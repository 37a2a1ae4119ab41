//! What the visitor sees of their own hands: the joints of one that is tracked, and of a controller
//! the shape that any of them has. Nothing is fetched for it.

use bevy::prelude::*;

use super::{
    Marks,
    report::{JOINTS_EACH, Source},
    rig::Rig,
};
use crate::theme;

/// The joints along each finger, in WebXR's order; all begin at the wrist.
const FINGERS: [&[usize]; 5] = [
    &[0, 1, 2, 3, 4],
    &[0, 5, 6, 7, 8, 9],
    &[0, 10, 11, 12, 13, 14],
    &[0, 15, 16, 17, 18, 19],
    &[0, 20, 21, 22, 23, 24],
];
/// The finger whose end is seen at the wrist; there the others are thinner, within it, by this
/// share.
const MIDDLE: usize = 2;
const WITHIN_SHARE: f32 = 0.6;
/// The joint at the end of the finger that points.
pub(super) const TIP: usize = 9;
/// How thick a hand is about its wrist at most, as bones are drawn and not flesh; metres.
const THICK_M: f32 = 0.011;
/// Along a controller, from the wrist's side to the far one: how far ahead of the grip, and how
/// thick it is there; metres.
const CONTROLLER: [(f32, f32); 8] = [
    (-0.066, 0.003),
    (-0.062, 0.013),
    (0.0, 0.0145),
    (0.034, 0.016),
    (0.038, 0.023),
    (0.050, 0.024),
    (0.056, 0.020),
    (0.058, 0.002),
];

/// Shows a source where it is.
pub(super) fn show(marks: &mut Marks, source: &Source, rig: &Rig) {
    let color = if source.selecting || source.squeezing {
        theme::LANTERN_OPEN
    } else {
        theme::PAPER_EDGE
    };
    if source.joints.len() == JOINTS_EACH {
        let at = |i: &usize| {
            let (place, radius) = source.joints[*i];
            (rig.point(place), radius.min(THICK_M))
        };
        let mut fingers = FINGERS.map(|it| it.iter().map(at).collect::<Vec<_>>());
        for (i, finger) in fingers.iter_mut().enumerate() {
            if let Some(wrist) = finger.first_mut().filter(|_| i != MIDDLE) {
                wrist.1 *= WITHIN_SHARE;
            }
        }
        let fingers = fingers.map(rounded);
        marks.limbs(&fingers, color);
    } else if let Some(grip) = source.grip {
        let grip = rig.place(grip);
        let at = |(ahead, radius): (f32, f32)| (grip * (Vec3::NEG_Z * ahead), radius);
        marks.limbs(&[CONTROLLER.map(at).into()], color);
    }
}

/// A finger whose ends are round.
fn rounded(mut finger: Vec<(Vec3, f32)>) -> Vec<(Vec3, f32)> {
    let end = |from: (Vec3, f32), to: (Vec3, f32)| {
        let ahead = (to.0 - from.0).normalize_or_zero();
        [(0.7, 0.7), (1.0, 0.1)].map(|(far, thick)| (to.0 + ahead * to.1 * far, to.1 * thick))
    };
    if let [first, second, .., before, last] = finger[..] {
        let [a, b] = end(second, first);
        finger.splice(0..0, [b, a]);
        finger.extend(end(before, last));
    }
    finger
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headset::report::{Hand, Kind};

    fn source(joints: Vec<(Vec3, f32)>) -> Source {
        Source {
            hand: Hand::Right,
            kind: Kind::Pointer,
            ray: None,
            grip: Some(Isometry3d::from_xyz(0.2, 1.0, -0.3)),
            selecting: false,
            selected: false,
            squeezing: false,
            stick: None,
            joints,
        }
    }

    /// The box round what is shown.
    fn shown(source: &Source) -> (Marks, Vec3, Vec3) {
        let rig = Rig::under(Isometry3d::from_xyz(0.0, 1.6, 0.0), Vec3::X, 0.0, 0.0);
        let mut marks = Marks::default();
        show(&mut marks, source, &rig);
        let corners = marks.corners.iter().map(|it| Vec3::from_slice(&it[..3]));
        let (low, high) = corners.fold((Vec3::MAX, Vec3::MIN), |(low, high), it| {
            (low.min(it), high.max(it))
        });
        (marks, low, high)
    }

    #[test]
    fn a_controller_is_as_large_as_one_and_where_it_is_held() {
        let (marks, low, high) = shown(&source(vec![]));
        let size = high - low;
        assert!(size.z > 0.08 && size.z < 0.16 && size.x < 0.06, "{size}");
        let middle = low.midpoint(high);
        assert!(
            middle.distance(Vec3::new(1.2, 1.0, -0.3)) < 0.03,
            "{middle}"
        );
        assert_eq!(marks.each.len(), 1, "one draw");
    }

    #[test]
    fn a_hand_is_drawn_from_its_joints_at_once() {
        let joints = (0..JOINTS_EACH).map(|i| {
            let (finger, along) = (i / 5, i % 5);
            let at = Vec3::new(finger as f32 * 0.02, 1.0, along as f32 * -0.03);
            (at, 0.008)
        });
        let (marks, low, high) = shown(&source(joints.collect()));
        assert_eq!(marks.each.len(), 1, "one draw");
        assert!((high - low).max_element() < 0.2, "{low} {high}");
    }
}
