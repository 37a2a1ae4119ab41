//! An artifact on the visitor's own table, at its real size and with nothing else of the venue.
//!
//! The venue's own places stay the measure of everything: the headset's space is laid so that the
//! table is where the artifact stands. Until it has been put down it is wherever one looks.

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::StopId;

use super::{
    Headset, Marks, Report,
    feel::{Felt, feel},
    rig::{Rig, heading},
    words::Surface,
};
use crate::{
    message::Outgoing,
    room::{ArtifactPlace, ray::Bounds, ray::Ray},
    theme,
};

/// Where it is as long as no table has been found: how far ahead of the head, and below; metres.
const AHEAD_M: f32 = 0.7;
const BELOW_M: f32 = 0.35;
/// The ring round it while it can be put down, against its own size.
const RING_SHARE: f32 = 1.15;

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
        }
    }

    /// The middle of what it stands on.
    pub(super) fn base(&self) -> Vec3 {
        self.bounds.center().with_y(self.bounds.min.y)
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
    for source in report.sources.iter().filter(|it| it.selected) {
        let ray = source.ray.map(|it| rig.place(it)).map(|it| Ray {
            origin: it.translation.into(),
            direction: it.rotation * Vec3::NEG_Z,
        });
        // Who points at it takes it in hand, and who points at words reads.
        let elsewhere = ray
            .is_none_or(|it| surface.meets(&it).is_none() && it.meets_box(&thing.bounds).is_none());
        if !thing.lies || elsewhere {
            thing.lies = !thing.lies;
            if headset.wear.pulses {
                feel(&mut outgoing, source.hand, Felt::Taken);
            }
            break;
        }
    }
    if !thing.lies {
        let radius = thing.bounds.radius() * RING_SHARE;
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
