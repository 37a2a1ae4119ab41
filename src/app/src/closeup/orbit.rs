//! Turning round an artifact: where the eye is, and how near it may come.

use std::f32::consts::TAU;

use bevy::math::{Vec2, Vec3};

use crate::{
    command::Inset,
    eye::{Eye, angles},
    room::ray::Bounds,
};

/// How far an artifact can be tilted: from right above to a little from below.
const PITCH_LEAST: f32 = -0.35;
const PITCH_MOST: f32 = 1.45;
/// How steeply an artifact is first looked down at, at least and at most.
const FIRST_PITCH: (f32, f32) = (0.12, 0.75);
/// How much of the free part of the canvas the ball around an artifact fills at first. Hardly any
/// thing fills its ball.
const FILLS: f32 = 1.05;
/// How near and how far the eye may come, in shares of the first distance.
const NEAREST: f32 = 0.28;
const FARTHEST: f32 = 1.7;
/// In what time the eye follows.
const EASE_SECS: f32 = 0.09;

/// The part of the canvas that the page leaves free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// Its middle, in halves of the canvas from the middle.
    middle: Vec2,
    /// Its size, in shares of the canvas.
    share: Vec2,
}

impl Frame {
    /// What `inset` leaves of a canvas. However much is covered, a third is taken to be free.
    pub(super) fn new(size: Vec2, inset: Inset) -> Self {
        let size = size.max(Vec2::ONE);
        let finite = |it: f32| if it.is_finite() { it.max(0.0) } else { 0.0 };
        let low = Vec2::new(finite(inset.left), finite(inset.bottom)) / size;
        let high = Vec2::new(finite(inset.right), finite(inset.top)) / size;
        let share = Vec2::ONE - low - high;
        if share.min_element() < 1.0 / 3.0 {
            return Self {
                middle: Vec2::ZERO,
                share: Vec2::ONE,
            };
        }
        Self {
            middle: low - high,
            share,
        }
    }

    /// Its middle, in halves of the canvas from the middle.
    pub(super) fn middle(&self) -> Vec2 {
        self.middle
    }
}

/// An eye that looks at a thing from all round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Orbit {
    pub(super) center: Vec3,
    radius: f32,
    /// From where the eye looks: the compass, and how far from above. Radians.
    yaw: f32,
    pitch: f32,
    first: (f32, f32),
    /// The distance in shares of the one at which the thing fills its frame.
    zoom: f32,
    fit_m: f32,
    shift: Vec2,
    /// Yaw, pitch and zoom as they are shown, which follow softly.
    shown: Vec3,
}

impl Orbit {
    /// From where the eye already is, more or less.
    pub(super) fn new(bounds: &Bounds, eye: &Eye, frame: &Frame) -> Self {
        let (yaw, pitch) = angles(bounds.center() - eye.position);
        let pitch = (-pitch).clamp(FIRST_PITCH.0, FIRST_PITCH.1);
        let mut orbit = Self {
            center: bounds.center(),
            radius: bounds.radius().max(0.02),
            yaw,
            pitch,
            first: (yaw, pitch),
            zoom: 1.0,
            fit_m: 1.0,
            shift: Vec2::ZERO,
            shown: Vec3::new(yaw, pitch, 1.0),
        };
        orbit.fit(frame, eye);
        orbit
    }

    /// Takes a distance and a shift that put the thing into the frame.
    pub(super) fn fit(&mut self, frame: &Frame, eye: &Eye) {
        let tan = (eye.fov_y() / 2.0).tan();
        let room = (frame.share * Vec2::new(tan * eye.aspect(), tan)).min_element() * FILLS;
        // A ball of this radius touches the frame's edges when seen from so far away.
        self.fit_m = self.radius * (1.0 + room * room).sqrt() / room;
        self.shift = frame.middle;
    }

    /// Turns the thing with the finger: to the right and down is positive.
    pub(super) fn turn(&mut self, by: Vec2) {
        self.yaw -= by.x;
        self.pitch = (self.pitch + by.y).clamp(PITCH_LEAST, PITCH_MOST);
    }

    /// Changes the distance by a factor.
    pub(super) fn zoom(&mut self, factor: f32) {
        if factor.is_finite() {
            self.zoom = (self.zoom * factor).clamp(NEAREST, FARTHEST);
        }
    }

    /// As it was at first.
    pub(super) fn reset(&mut self) {
        let turns = ((self.yaw - self.first.0) / TAU).round();
        (self.yaw, self.pitch) = (self.first.0 + turns * TAU, self.first.1);
        self.zoom = 1.0;
    }

    /// Moves on to what is wanted; whether there is a way to go.
    pub(super) fn settle(&mut self, secs: f32) -> bool {
        let to = Vec3::new(self.yaw, self.pitch, self.zoom);
        self.shown += (to - self.shown) * (1.0 - (-secs / EASE_SECS).exp());
        if self.shown.distance(to) < 5e-4 {
            self.shown = to;
            return false;
        }
        true
    }

    /// Where the eye is.
    pub(super) fn position(&self) -> Vec3 {
        let (sin, cos) = self.shown.x.sin_cos();
        let (up, out) = self.shown.y.sin_cos();
        let from = Vec3::new(sin * out, up, cos * out);
        self.center + from * self.fit_m * self.shown.z
    }

    /// How far the middle of the view is moved on the canvas.
    pub(super) fn shift(&self) -> Vec2 {
        self.shift
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn orbit(inset: Inset) -> (Orbit, Eye) {
        let eye = Eye {
            position: Vec3::new(0.0, 1.6, 2.0),
            size: Vec2::new(1280.0, 720.0),
            ..Eye::default()
        };
        let bounds = Bounds {
            min: Vec3::new(-0.2, 0.7, -0.2),
            max: Vec3::new(0.2, 1.0, 0.2),
        };
        let orbit = Orbit::new(&bounds, &eye, &Frame::new(eye.size, inset));
        (orbit, eye)
    }

    proptest! {
        #[test]
        fn nothing_brings_the_eye_into_a_thing_or_upside_down(
            turns in prop::collection::vec((-9.0f32..9.0, -9.0f32..9.0, 0.01f32..9.0), 1..60),
        ) {
            let (mut orbit, _) = orbit(Inset::default());
            for (x, y, factor) in turns {
                orbit.turn(Vec2::new(x, y));
                orbit.zoom(factor);
                while orbit.settle(0.1) {}
                let away = orbit.position() - orbit.center;
                let least = orbit.fit_m * NEAREST - 1e-3;
                prop_assert!(away.length() >= least);
                prop_assert!(away.length() <= orbit.fit_m * FARTHEST + 1e-3);
                prop_assert!(away.x.hypot(away.z) > away.length() * 0.1, "straight above");
            }
        }
    }

    #[test]
    fn a_reset_returns_to_the_first_look() {
        let (mut orbit, _) = orbit(Inset::default());
        let first = orbit.position();
        orbit.turn(Vec2::new(2.0, 0.4));
        orbit.zoom(0.5);
        while orbit.settle(0.1) {}
        assert!(orbit.position().distance(first) > 0.1);
        orbit.reset();
        while orbit.settle(0.1) {}
        assert!(orbit.position().distance(first) < 1e-3);
    }

    #[test]
    fn a_panel_moves_the_thing_into_what_is_left() {
        let (orbit, eye) = orbit(Inset {
            right: 512.0,
            ..Inset::default()
        });
        let position = orbit.position();
        let (yaw, pitch) = angles(orbit.center - position);
        let eye = Eye {
            position,
            yaw,
            pitch,
            shift: orbit.shift(),
            ..eye
        };
        let at = eye.on_canvas(&eye.clip_from_world(), orbit.center);
        let at = at.expect("it is in front");
        assert!((at - Vec2::new(384.0, 360.0)).length() < 1.0, "{at}");
    }
}
