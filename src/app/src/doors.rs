//! Doors to other rooms: the signs that show them, and walking through them.

use bevy::{color::Srgba, math::Vec3Swizzles, prelude::*};
use xinghuo_tour::RoomId;

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    closeup::CloseUp,
    eye::Eye,
    journey::{Journey, JourneyWanted},
    picking::Hovered,
    room::DoorPlace,
    theme,
    walking::Visitor,
};

/// Half the height of a sign, metres.
const SIZE_M: f32 = 0.15;
/// How fast a sign takes on what it should look like, shares a second.
const EASE_PER_SEC: f32 = 6.0;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<DoorReached>()
        .add_observer(hang)
        .add_systems(
            Update,
            (
                cross.in_set(TourSystems::Decide),
                glow.in_set(TourSystems::Present),
            )
                .in_set(InRoom),
        );
}

/// The visitor stands at a door and means to go through it.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) struct DoorReached {
    pub(crate) to: RoomId,
    /// The journey to be gone on with in the other room.
    pub(crate) then: Option<JourneyWanted>,
}

/// The sign at a door as it is drawn.
#[derive(Component, Debug, Clone, PartialEq)]
pub(crate) struct Sign {
    pub(crate) to: RoomId,
    pub(crate) position: Vec3,
    pub(crate) size_m: f32,
    /// It faces the visitor: radians round the vertical.
    pub(crate) yaw: f32,
    pub(crate) color: Srgba,
    /// How much of it is there.
    pub(crate) alpha: f32,
    /// How far it is lit up by attention.
    pub(crate) lit: f32,
}

/// Whether walking onto a door's place leads through it.
#[derive(Component, Debug, Default)]
struct Threshold {
    /// The visitor has been far enough away from it.
    armed: bool,
}

/// Hangs a sign at each door.
fn hang(added: On<Add, DoorPlace>, places: Query<&DoorPlace>, mut commands: Commands) {
    let Ok(place) = places.get(added.entity) else {
        return;
    };
    let sign = Sign {
        to: place.to.clone(),
        position: place.sign,
        size_m: SIZE_M,
        yaw: place.yaw,
        color: theme::DOOR_SIGN,
        alpha: 1.0,
        lit: 0.0,
    };
    commands
        .entity(added.entity)
        .insert((sign, Threshold::default()));
}

/// Whoever walks onto a door's place goes through it, but nobody does so only by standing there.
fn cross(
    mut doors: Query<(&DoorPlace, &mut Threshold)>,
    mut reached: MessageWriter<DoorReached>,
    visitor: Res<Visitor>,
    journey: Option<Res<Journey>>,
) {
    for (door, mut threshold) in &mut doors {
        let apart = visitor.spot.position - door.spot.position;
        // What is a floor above is not near.
        let far = if apart.y.abs() > 1.0 {
            f32::INFINITY
        } else {
            apart.xz().length()
        };
        if far > theme::DOOR_ARMS_BEYOND_M {
            threshold.armed = true;
        } else if far <= theme::DOOR_WITHIN_M && threshold.armed {
            let to = door.to.clone();
            match &journey {
                // Who comes by on the way to a stop, or to this door, need not be led through it.
                Some(journey) if journey.leads_somewhere() => threshold.armed = false,
                Some(_) => {}
                None => {
                    threshold.armed = false;
                    reached.write(DoorReached { to, then: None });
                }
            }
        }
    }
}

/// Eases every sign towards what the pointer and the visitor make of it.
fn glow(
    mut signs: Query<&mut Sign>,
    mut awake: ResMut<Awake>,
    hovered: Res<Hovered>,
    eye: Res<Eye>,
    close_up: Option<Res<CloseUp>>,
) {
    let t = 1.0 - (-awake.step_secs() * EASE_PER_SEC).exp();
    for mut sign in &mut signs {
        let toward = eye.position - sign.position;
        let far = toward.length();
        let there = if close_up.is_some() {
            0.0
        } else {
            ((toward.xz().length() - theme::SIGN_HIDES_WITHIN_M) / 0.2).clamp(0.0, 1.0)
        };
        let lit = f32::from(u8::from(hovered.door.as_ref() == Some(&sign.to)));
        let mut next = sign.clone();
        next.alpha += (there - sign.alpha) * t;
        next.lit += (lit - sign.lit) * t;
        let settled = (next.alpha - there).abs() < 0.005 && (next.lit - lit).abs() < 0.005;
        if settled {
            (next.alpha, next.lit) = (there, lit);
        }
        // Far signs are drawn larger than they are, so as to be found.
        next.size_m = SIZE_M * (far / 9.0).clamp(1.0, 2.6) * (1.0 + 0.12 * next.lit);
        next.yaw = toward.x.atan2(toward.z);
        if !settled {
            awake.animate();
        }
        if *sign != next {
            awake.draw();
            *sign = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::Command,
        trial::{Trial, id},
    };

    /// Walks back and forth between places, as seen from the door at which one has come in, and
    /// says in which room one is in the end.
    #[track_caller]
    fn check(away_m: &[f32], room: &str) {
        let mut trial = Trial::begin(&[]);
        trial.say(Command::GoInto(id("stairs")), 9);
        assert_eq!(trial.room(), id("stairs"));
        for away in away_m {
            let at = Vec3::new(0.0, 0.0, 3.5 - away);
            let world = trial.app.world_mut();
            let spot = world.resource::<crate::walking::Navmesh>().nearest(at);
            let mut visitor = world.resource_mut::<Visitor>();
            visitor.spot = spot.expect("there is a floor");
            trial.run(1);
        }
        assert_eq!(trial.room(), id(room));
    }

    #[test]
    fn whoever_has_just_come_in_does_not_go_back_by_shuffling() {
        check(&[0.0, 0.5, 1.4, 0.0], "stairs");
    }

    #[test]
    fn whoever_comes_back_from_farther_away_goes_through() {
        check(&[1.6, 0.8], "stairs");
        check(&[1.6, 0.6], "hall");
    }
}
