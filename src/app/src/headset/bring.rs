//! An artifact on the visitor's own table, at its real size and with nothing else of the venue.
//!
//! The venue's own places stay the measure of everything: the headset's space is laid so that the
//! table is where the artifact stands. Until it has been put down it is wherever one looks.

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::StopId;

use super::{
    Headset, Marks, Report,
    feel::{Felt, feel},
    report::Kind,
    rig::{Rig, heading},
    words::Surface,
};
use crate::{
    message::{Message as ToPage, Outgoing},
    room::{ArtifactPlace, ray::Bounds, ray::Ray},
    theme,
};

/// Where it is as long as no table has been found: how far ahead of the head, and below; metres.
const AHEAD_M: f32 = 0.7;
const BELOW_M: f32 = 0.35;
/// How far below its foot it is said what is to be done, metres.
const BELOW_FOOT_M: f32 = 0.06;
/// The ring round it while it can be put down, against what it takes on the table.
const RING_SHARE: f32 = 1.1;
/// How far across the view a finger on a screen moves until it drags and no longer taps, radians.
const DRAG_LEAST: f32 = 0.03;
/// How far what lies there turns for each radian that a finger drags.
const TURN_PER_DRAG: f32 = 3.0;

/// What is brought, and whether it has been put down.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thing {
    pub(super) stop: StopId,
    /// The node that carries its mesh.
    node: String,
    pub(super) bounds: Bounds,
    /// The compass along which the visitor saw it at its stop.
    seen_along: f32,
    pub(super) lies: bool,
    drag: Drag,
    /// What the page was told of it last.
    told: Option<bool>,
}

/// A finger on the screen of a device that is held: where across the view it is while it is down,
/// and how far it has come since it came down, radians.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Drag {
    at: Option<f32>,
    far: f32,
}

impl Drag {
    /// Takes where a finger is, if there is one; how far what it drags turns.
    fn follow(&mut self, across: Option<f32>) -> f32 {
        let by = match (self.at, across) {
            (Some(was), Some(now)) => now - was,
            (None, Some(_)) => {
                self.far = 0.0;
                0.0
            }
            (_, None) => 0.0,
        };
        self.at = across;
        self.far += by.abs();
        if self.drags() {
            by * TURN_PER_DRAG
        } else {
            0.0
        }
    }

    /// Whether it drags, or did until it was lifted.
    fn drags(&self) -> bool {
        self.far > DRAG_LEAST
    }
}

/// Where across the view a finger is that is down on the screen, radians to the right.
fn across(report: &Report) -> Option<f32> {
    let is_down = |it: &&super::report::Source| it.kind == Kind::Touch && it.selecting;
    let ray = report.sources.iter().find(is_down)?.ray?;
    let ahead = report.head?.rotation.inverse() * ray.rotation * Vec3::NEG_Z;
    Some(ahead.x.atan2(-ahead.z))
}

impl Thing {
    /// What stands at `place`, as somebody saw it from `eye`.
    pub(super) fn new(place: &ArtifactPlace, eye: Vec3) -> Self {
        let to = place.bounds.center() - eye;
        Self {
            stop: place.stop.clone(),
            node: place.node.clone(),
            bounds: place.bounds,
            seen_along: (-to.x).atan2(-to.z),
            lies: false,
            drag: Drag::default(),
            told: None,
        }
    }

    /// The middle of what it stands on.
    pub(super) fn base(&self) -> Vec3 {
        self.bounds.center().with_y(self.bounds.min.y)
    }

    /// How far round its middle it takes the table, metres.
    fn reach_m(&self) -> f32 {
        (self.bounds.max - self.bounds.min).xz().length() / 2.0 * RING_SHARE
    }

    /// Before its foot, as somebody sees it from `eye`: what is to be done is said there.
    pub(super) fn foot(&self, eye: Vec3) -> Vec3 {
        let to = (eye - self.base()).with_y(0.0).normalize_or_zero();
        self.base() + to * self.reach_m() - Vec3::Y * BELOW_FOOT_M
    }

    /// The space in which it is where somebody with this report looks.
    fn laid(&self, report: &Report) -> Option<Rig> {
        let head = report.head?;
        let yaw = heading(head.rotation).0;
        let spot = report.surface.map_or_else(
            || {
                let ahead = Quat::from_rotation_y(yaw) * Vec3::NEG_Z * AHEAD_M;
                Vec3::from(head.translation) + ahead - Vec3::Y * BELOW_M
            },
            |it| it.translation.into(),
        );
        // It is seen from where one is, and not along one's look, which may be aside.
        let to = (spot - Vec3::from(head.translation)).xz();
        let along = if to.length() > 0.05 {
            (-to.x).atan2(-to.y)
        } else {
            yaw
        };
        Some(Rig::laying(spot, self.base(), along, self.seen_along))
    }
}

impl Headset {
    /// The node of what is brought: nothing else is shown.
    pub(crate) fn only(&self) -> Option<&String> {
        Some(&self.thing.as_ref()?.node)
    }

    /// Whether something is looking for its place, which moves all that there is.
    pub(super) fn is_laying(&self) -> bool {
        self.thing.as_ref().is_some_and(|it| !it.lies)
    }
}

/// Has the thing follow the look until somebody puts it down; and take it up again.
pub(super) fn bring(
    mut headset: ResMut<Headset>,
    mut marks: ResMut<Marks>,
    mut outgoing: ResMut<Outgoing>,
    surface: Res<Surface>,
) {
    let headset = headset.as_mut();
    let (Some(report), Some(thing)) = (&headset.now, &mut headset.thing) else {
        return;
    };
    if !thing.lies
        && let Some(rig) = thing.laid(report)
    {
        headset.rig = Some(rig);
    }
    let Some(rig) = headset.rig else { return };
    headset.head = report.head.map(|it| rig.place(it));
    if !report.seen {
        return;
    }
    let dragged = thing.drag.follow(across(report));
    if thing.lies
        && dragged != 0.0
        && let Some(rig) = &mut headset.rig
    {
        // What is nearest to the eye goes with the finger.
        rig.turn(thing.base(), -dragged);
    }
    for source in report.sources.iter().filter(|it| it.selected) {
        let is_touch = source.kind == Kind::Touch;
        if is_touch && thing.drag.drags() {
            continue;
        }
        let ray = source.ray.map(|it| rig.place(it)).map(|it| Ray {
            origin: it.translation.into(),
            direction: it.rotation * Vec3::NEG_Z,
        });
        // Who points at it takes it in hand, which a finger on a screen cannot, and who points at
        // words reads.
        let elsewhere = ray.is_none_or(|it| {
            surface.meets(&it).is_none() && (is_touch || it.meets_box(&thing.bounds).is_none())
        });
        if !thing.lies || elsewhere {
            thing.lies = !thing.lies;
            if headset.wear.pulses {
                feel(&mut outgoing, source.hand, Felt::Taken);
            }
            break;
        }
    }
    if thing.told != Some(thing.lies) {
        thing.told = Some(thing.lies);
        outgoing.send(ToPage::Brought { lies: thing.lies });
    }
    if !thing.lies {
        let radius = thing.reach_m();
        let color = if report.surface.is_some() {
            theme::LANTERN_OPEN
        } else {
            theme::LANTERN_LOCKED
        };
        marks.ring(thing.base(), Vec3::Y, radius, 1.0, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headset::report::{Hand, Source};

    fn thing() -> Thing {
        let bounds = Bounds {
            min: Vec3::new(3.9, 1.0, -6.1),
            max: Vec3::new(4.1, 1.3, -5.9),
        };
        let place = ArtifactPlace {
            stop: "lamp".parse().expect("an id"),
            artifact: "lamp".parse().expect("an id"),
            node: "lamp".into(),
            bounds,
            observe_within_m: 2.0,
            number: 0,
        };
        Thing::new(&place, Vec3::new(4.0, 1.6, -4.0))
    }

    fn report(surface: Option<Isometry3d>) -> Report {
        let head = Isometry3d::new(Vec3::new(0.5, 1.2, 0.5), Quat::from_rotation_y(0.9));
        Report {
            head: Some(head),
            views: vec![],
            sources: vec![],
            seen: true,
            recentred: false,
            rate_hz: None,
            surface,
        }
    }

    #[test]
    fn it_stands_on_the_table_and_is_seen_from_the_side_it_was_seen_from() {
        let thing = thing();
        let table = Vec3::new(0.2, 0.7, -0.4);
        let surface = Isometry3d::new(table, Quat::from_rotation_x(0.3));
        let report = report(Some(surface));
        let rig = thing.laid(&report).expect("there is a head");
        assert!(rig.point(table).distance(thing.base()) < 1e-5);
        let head = Vec3::from(rig.place(report.head.expect("it is there")).translation);
        // It was seen along −Z, and is again: the head is before it on the +Z side.
        let from = head - thing.base();
        assert!(from.z > 0.5 && from.x.abs() < 1e-4, "{from}");
        assert!(
            (from.y - 0.5).abs() < 1e-4,
            "at its real height over the table"
        );
    }

    fn finger(across: f32, selecting: bool) -> Source {
        let head = Quat::from_rotation_y(0.9);
        let ray = Isometry3d::from_rotation(head * Quat::from_rotation_y(-across));
        Source {
            hand: Hand::Neither,
            kind: Kind::Touch,
            ray: Some(ray),
            grip: None,
            selecting,
            selected: !selecting,
            squeezing: false,
            stick: None,
            joints: vec![],
        }
    }

    #[test]
    fn a_finger_that_moves_drags_and_one_that_does_not_taps() {
        let mut drag = Drag::default();
        let mut follow = |finger: Option<Source>| {
            let mut report = report(None);
            report.sources.extend(finger);
            let by = drag.follow(across(&report));
            (by, drag.drags())
        };
        assert_eq!(follow(Some(finger(0.1, true))), (0.0, false));
        assert!(!follow(Some(finger(0.11, true))).1, "it trembles");
        assert_eq!(follow(Some(finger(0.11, false))), (0.0, false));
        follow(Some(finger(-0.2, true)));
        let (by, drags) = follow(Some(finger(0.1, true)));
        assert!(drags && (by - 0.3 * TURN_PER_DRAG).abs() < 1e-4, "{by}");
        assert!(follow(Some(finger(0.1, false))).1, "it was no tap");
        follow(None);
        assert!(!follow(Some(finger(0.1, true))).1);
    }

    #[test]
    fn without_a_table_it_hovers_before_the_head() {
        let thing = thing();
        let report = report(None);
        let rig = thing.laid(&report).expect("there is a head");
        let head = Vec3::from(rig.place(report.head.expect("it is there")).translation);
        let from = thing.base() - head;
        assert!(
            (from.length() - AHEAD_M.hypot(BELOW_M)).abs() < 1e-4,
            "{from}"
        );
    }
}
