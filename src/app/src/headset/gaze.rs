//! Looking as pointing, for who has nothing to point with: whatever is looked at for long enough
//! is picked.
//!
//! Hands come and go as they are seen. Who has pointed with one looks at things to see them, not
//! to go there.

use bevy::prelude::*;

use super::{Headset, Marks, point::hover, report::Kind, words::Surface};
use crate::{
    awake::Awake,
    picking::{Hovered, Picked, Things},
    room::ray::Ray,
    theme,
};

/// For how long something is to be looked at.
const DWELL_SECS: f32 = 1.6;
/// For how long a look rests before its ring is shown, so that looking around is not disturbed.
const SHOWN_AFTER_SECS: f32 = 0.35;
/// A look at the floor within this of where it was is the same, metres.
const SAME_M: f32 = 0.25;
/// How near and how far a place on the floor can be gone to by a look.
const FLOOR_M: std::ops::Range<f32> = 1.8..9.0;
/// The ring's size, in shares of its distance.
const RING_SHARE: f32 = 0.03;
/// And that of the dot on a panel.
const DOT_SHARE: f32 = 0.006;

/// What is being looked at.
#[derive(Debug, Default)]
pub(super) struct Dwelling {
    at: Option<Picked>,
    secs: f32,
    /// It has been picked, and another look is needed to pick it again.
    done: bool,
    /// The visitor has something to point with.
    points: bool,
}

impl Dwelling {
    /// Goes on looking for `secs`; what has been looked at long enough.
    fn look(&mut self, at: Option<Picked>, secs: f32) -> Option<Picked> {
        let same = match (&self.at, &at) {
            (Some(Picked::Floor(was)), Some(Picked::Floor(is))) => {
                was.position.distance(is.position) < SAME_M
            }
            (was, is) => was == is,
        };
        if !same {
            *self = Self {
                at,
                ..Self::default()
            };
            return None;
        }
        self.secs += secs;
        if self.done || self.secs < DWELL_SECS {
            return None;
        }
        self.done = true;
        self.at.clone()
    }
}

/// Reads what the visitor looks at, if there is nothing to point with.
pub(super) fn dwell(
    mut headset: ResMut<Headset>,
    mut picked: MessageWriter<Picked>,
    mut hovered: ResMut<Hovered>,
    mut marks: ResMut<Marks>,
    mut surface: ResMut<Surface>,
    awake: Res<Awake>,
    things: Things<'_, '_>,
) {
    marks.clear();
    hover(&mut hovered, None);
    let headset = headset.as_mut();
    let (Some(report), Some(head)) = (&headset.now, headset.head) else {
        return;
    };
    let points = |kind| move |it: &super::report::Source| it.kind == kind && it.ray.is_some();
    headset.gaze.points |= report.sources.iter().any(points(Kind::Pointer));
    if !report.seen || headset.gaze.points {
        headset.gaze.at = None;
        return;
    }
    // A tap on a headset that knows nothing but gazes picks at once.
    let tapped = report.sources.iter().any(|it| it.selected);
    let ray = Ray {
        origin: head.translation.into(),
        direction: head.rotation * Vec3::NEG_Z,
    };
    if let Some((far, at)) = surface.meets(&ray) {
        headset.gaze.at = None;
        let share = surface.look(at, tapped, awake.step_secs());
        let far = (far - 0.02).max(0.2);
        let color = theme::LANTERN_DONE;
        marks.ring(ray.at(far), -ray.direction, far * DOT_SHARE, 1.0, color);
        if let Some(share) = share {
            marks.ring(ray.at(far), -ray.direction, far * RING_SHARE, share, color);
        }
        return;
    }
    // Whoever reads looks about, and does not want to be elsewhere.
    if surface.is_open() || headset.thing.is_some() {
        headset.gaze.at = None;
        return;
    }
    let at = things.along(&ray).filter(|it| match it {
        Picked::Floor(spot) => FLOOR_M.contains(&spot.position.distance(ray.origin)),
        _ => true,
    });
    hover(&mut hovered, at.as_ref());
    let looked = headset.gaze.look(at.clone(), awake.step_secs());
    if let Some(pick) = looked.or(at.filter(|_| tapped)) {
        picked.write(pick);
    }
    let gaze = &headset.gaze;
    if let Some(at) = gaze.at.as_ref().and_then(|it| things.place(it))
        && gaze.secs > SHOWN_AFTER_SECS
        && !gaze.done
    {
        let far = (at.distance(ray.origin) - 0.1).max(0.3);
        let share = (gaze.secs - SHOWN_AFTER_SECS) / (DWELL_SECS - SHOWN_AFTER_SECS);
        let color = theme::LANTERN_OPEN;
        marks.ring(ray.at(far), -ray.direction, far * RING_SHARE, share, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(stop: &str) -> Picked {
        Picked::Marker(stop.parse().expect("an id"))
    }

    #[test]
    fn a_long_look_picks_once_and_a_glance_does_not() {
        let mut dwelling = Dwelling::default();
        let mut look = |at: Option<Picked>, times: usize| {
            let looks = (0..times).filter_map(|_| dwelling.look(at.clone(), 0.1));
            looks.count()
        };
        assert_eq!(look(Some(marker("a")), 10), 0);
        assert_eq!(look(None, 3), 0);
        assert_eq!(look(Some(marker("a")), 15), 0);
        assert_eq!(look(Some(marker("b")), 60), 1);
        assert_eq!(look(Some(marker("a")), 60), 1);
    }
}
