//! An artifact in the visitor's hand: to turn it, to bring it to the eye, and to put it back.

use bevy::prelude::*;
use xinghuo_tour::StopId;

use super::{
    Headset,
    feel::{Felt, feel},
    report::{Hand, Kind, Source},
    words::Surface,
};
use crate::{
    awake::Awake,
    eye::Eye,
    journey::ease,
    message::{Message as ToPage, Outgoing},
    picking::{Picked, Things},
    room::{ArtifactPlace, ray::Ray},
    session::Attention,
    theme,
};

/// How far away something can be that is taken into the hand, metres.
const REACH_M: f32 = 2.5;
/// The largest thing that can be, half its diagonal, metres.
const LARGEST_M: f32 = 0.9;
/// How long it takes to come to the hand, and to go back.
const COME_SECS: f32 = 0.35;
const GO_SECS: f32 = 0.6;
/// How far before the hand it is held, besides its own size, metres.
const BEFORE_M: f32 = 0.06;

/// What the visitor has in hand, or what is on its way back from there.
#[derive(Resource, Debug, Clone, PartialEq)]
pub(crate) struct Grasped {
    pub(crate) stop: StopId,
    /// The node that carries its mesh.
    pub(crate) node: String,
    /// From where it lies in the room to where it is now.
    pub(crate) moved: Isometry3d,
    center: Vec3,
    hand: Hand,
    /// The hand when it took it.
    taken: Isometry3d,
    /// What brings it from its place before the hand that took it.
    come: Vec3,
    secs: f32,
    held: bool,
}

impl Grasped {
    /// Whether it is in the hand and in the middle of the view.
    pub(crate) fn is_looked_at(&self, eye: &Eye) -> bool {
        let central = |at: Vec2| at.abs().max_element() <= theme::LOOK_CENTRAL;
        let at = self.moved.transform_point(self.center);
        self.held && eye.ndc(at.into()).is_some_and(central)
    }

    fn new(place: &ArtifactPlace, hand: Hand, grip: Isometry3d) -> Self {
        let center = place.bounds.center();
        let ahead = grip.rotation * Vec3::NEG_Z * (BEFORE_M + place.bounds.radius());
        Self {
            stop: place.stop.clone(),
            node: place.node.clone(),
            moved: Isometry3d::IDENTITY,
            center,
            hand,
            taken: grip,
            come: Vec3::from(grip.translation) + ahead - center,
            secs: 0.0,
            held: true,
        }
    }

    /// Follows the hand for `secs`.
    fn follow(&mut self, grip: Isometry3d, secs: f32) {
        self.secs += secs;
        let come = self.come * ease(self.secs / COME_SECS);
        self.moved = grip * self.taken.inverse() * Isometry3d::from_translation(come);
    }

    /// Goes back for `secs`; whether it is there.
    fn go_back(&mut self, secs: f32) -> bool {
        let left = (GO_SECS - self.secs).max(1e-3);
        let share = (secs / left).min(1.0);
        self.secs += secs;
        // Its middle goes straight; the motion itself would swing it about the room's origin.
        let at = Vec3::from(self.moved.transform_point(self.center)).lerp(self.center, share);
        let rotation = self.moved.rotation.slerp(Quat::IDENTITY, share);
        self.moved = Isometry3d::new(at - rotation * self.center, rotation);
        self.secs >= GO_SECS
    }
}

/// Takes what a hand closes on, and lets it go when it opens.
pub(super) fn grasp(
    mut headset: ResMut<Headset>,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
    mut world: Commands,
    awake: Res<Awake>,
    surface: Res<Surface>,
    grasped: Option<ResMut<Grasped>>,
    things: Things<'_, '_>,
    places: Query<&ArtifactPlace>,
) {
    let headset = headset.as_mut();
    let Some(report) = headset.now.as_ref().filter(|it| it.seen) else {
        return;
    };
    let (rig, standing) = (headset.rig, attention.standing.clone());
    let secs = awake.step_secs();
    let in_world = |pose: Option<Isometry3d>| Some(rig?.place(pose?));
    if let Some(mut grasped) = grasped {
        let source = report.sources.iter().find(|it| it.hand == grasped.hand);
        let holding = source.filter(|it| grasped.held && closes(it));
        if let Some(grip) = holding.and_then(|it| in_world(it.grip.or(it.ray))) {
            grasped.follow(grip, secs);
            return;
        }
        if grasped.held {
            (grasped.held, grasped.secs) = (false, 0.0);
            attention.open = None;
            let stop = grasped.stop.clone();
            outgoing.send(ToPage::ArtifactClosed { stop });
        }
        if grasped.go_back(secs) {
            world.remove_resource::<Grasped>();
        }
        return;
    }
    // A finger on a screen holds nothing.
    let hands = report.sources.iter().filter(|it| it.kind != Kind::Touch);
    for source in hands {
        let (Some(ray), Some(grip)) = (in_world(source.ray), in_world(source.grip.or(source.ray)))
        else {
            continue;
        };
        let was_closed = headset.hands.closes(source.hand, closes(source));
        if was_closed || !closes(source) {
            continue;
        }
        let ray = Ray {
            origin: ray.translation.into(),
            direction: ray.rotation * Vec3::NEG_Z,
        };
        if surface.meets(&ray).is_some() || headset.hands.pokes(source.hand) {
            continue;
        }
        let place = match &headset.thing {
            // There are no walls about one's own table.
            Some(thing) => Some(thing)
                .filter(|it| it.lies && ray.meets_box(&it.bounds).is_some())
                .and_then(|it| places.iter().find(|place| place.stop == it.stop)),
            None => match things.along(&ray) {
                Some(Picked::Artifact { artifact, .. }) => {
                    places.iter().find(|it| it.artifact == artifact)
                }
                _ => None,
            },
        };
        let Some(stop) = place.map(|it| it.stop.clone()) else {
            continue;
        };
        // A pinch goes to a stop before it takes what is there.
        let may = source.squeezing || standing.as_ref() == Some(&stop);
        let near = |it: &&ArtifactPlace| {
            let nearest = ray.origin.clamp(it.bounds.min, it.bounds.max);
            nearest.distance(ray.origin) <= REACH_M && it.bounds.radius() <= LARGEST_M
        };
        if let Some(place) = place.filter(near).filter(|_| may) {
            if headset.wear.pulses {
                feel(&mut outgoing, source.hand, Felt::Taken);
            }
            world.insert_resource(Grasped::new(place, source.hand, grip));
            attention.open = Some(stop.clone());
            outgoing.send(ToPage::ArtifactOpened { stop });
            return;
        }
    }
}

/// Whether a hand is closed.
fn closes(source: &Source) -> bool {
    source.squeezing || source.selecting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::ray::Bounds;

    fn grasped() -> Grasped {
        let place = ArtifactPlace {
            stop: "lamp".parse().expect("an id"),
            artifact: "lamp".parse().expect("an id"),
            node: "lamp".into(),
            bounds: Bounds {
                min: Vec3::new(1.9, 0.7, -3.1),
                max: Vec3::new(2.1, 0.9, -2.9),
            },
            observe_within_m: 2.0,
            number: 0,
        };
        Grasped::new(&place, Hand::Right, Isometry3d::from_xyz(1.0, 1.2, -2.0))
    }

    #[test]
    fn a_thing_comes_before_the_hand_and_turns_with_it() {
        let mut grasped = grasped();
        let hand = Isometry3d::new(Vec3::new(1.0, 1.2, -2.0), Quat::from_rotation_y(0.5));
        for _ in 0..10 {
            grasped.follow(hand, 0.1);
        }
        let at = Vec3::from(grasped.moved.transform_point(grasped.center));
        assert!(at.distance(Vec3::new(1.0, 1.2, -2.0)) < 0.3, "{at}");
        assert!(
            grasped
                .moved
                .rotation
                .angle_between(Quat::from_rotation_y(0.5))
                < 1e-3
        );
    }

    #[test]
    fn a_thing_that_is_let_go_returns_to_where_it_was() {
        let mut grasped = grasped();
        grasped.follow(Isometry3d::from_xyz(0.0, 1.5, 0.0), 1.0);
        (grasped.held, grasped.secs) = (false, 0.0);
        let steps = (0..100).take_while(|_| !grasped.go_back(0.02)).count();
        assert!((25..35).contains(&steps), "{steps}");
        let moved = Vec3::from(grasped.moved.transform_point(grasped.center));
        assert!(moved.distance(grasped.center) < 1e-3);
        assert!(grasped.moved.rotation.angle_between(Quat::IDENTITY) < 1e-2);
    }
}
