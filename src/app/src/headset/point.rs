//! Pointing with a controller or a hand: at a lantern, at an artifact, at a door's sign, or at where
//! to go.

use bevy::prelude::*;

use super::{
    Headset, Marks,
    arc::Arc,
    report::{Hand, Kind, Source},
    words::{Surface, Touch},
};
use crate::{
    command::Command,
    picking::{Hovered, Picked, Things},
    room::ray::Ray,
    theme,
    walking::Visitor,
};

/// How far a stick is pushed when it counts, and when it no longer does.
const PUSHED: f32 = 0.65;
const LET_GO: f32 = 0.35;
/// How long a ray is that meets nothing, metres.
const IDLE_M: f32 = 0.8;
/// How thick rays and arcs are, metres.
const RAY_M: f32 = 0.0025;
const ARC_M: f32 = 0.008;
/// The ring where a ray meets a panel.
const DOT_M: f32 = 0.012;
/// The ring where an arc lands.
const RING_M: f32 = 0.28;

/// What each hand is about.
#[derive(Debug, Default)]
pub(super) struct Hands {
    left: Doing,
    right: Doing,
    neither: Doing,
    /// What the stick last asked of those who walk with it.
    walked: Vec2,
}

#[derive(Debug, Default, Clone, Copy)]
struct Doing {
    /// The stick is pushed forwards, and somebody will go where it points.
    aims: bool,
    /// The stick is pushed sideways, and the turn has been made.
    turned: bool,
    /// The hand is closed.
    closed: bool,
}

impl Hands {
    /// Takes whether a hand is closed; whether it was before.
    pub(super) fn closes(&mut self, hand: Hand, closed: bool) -> bool {
        std::mem::replace(&mut self.of(hand).closed, closed)
    }

    fn of(&mut self, hand: Hand) -> &mut Doing {
        match hand {
            Hand::Left => &mut self.left,
            Hand::Right => &mut self.right,
            Hand::Neither => &mut self.neither,
        }
    }
}

impl Doing {
    /// Takes the stick: whether to turn (to the left is positive), and whether it was let go after
    /// being pushed forwards.
    fn push(&mut self, stick: Vec2) -> (f32, bool) {
        let mut turn = 0.0;
        if stick.x.abs() < LET_GO {
            self.turned = false;
        } else if stick.x.abs() > PUSHED && !self.turned && !self.aims {
            self.turned = true;
            turn = -stick.x.signum();
        }
        let aimed = self.aims;
        if -stick.y > PUSHED && !self.turned {
            self.aims = true;
        } else if stick.length() < LET_GO {
            self.aims = false;
        }
        (turn, aimed && !self.aims)
    }
}

/// Reads what the visitor points at, and shows it.
pub(super) fn point(
    mut headset: ResMut<Headset>,
    mut visitor: ResMut<Visitor>,
    mut picked: MessageWriter<Picked>,
    mut commands: MessageWriter<Command>,
    mut hovered: ResMut<Hovered>,
    mut marks: ResMut<Marks>,
    mut surface: ResMut<Surface>,
    things: Things<'_, '_>,
) {
    let headset = headset.as_mut();
    let sources = match &headset.now {
        Some(report) if report.seen => report.sources.clone(),
        // Hands do nothing, and a stick that was pushed walks no farther.
        Some(_) => vec![],
        None => return,
    };
    let mut walks = Vec2::ZERO;
    for source in sources.iter().filter(|it| it.kind == Kind::Pointer) {
        let Some(pose) = source.ray.and_then(|it| headset.place(it)) else {
            continue;
        };
        let ray = Ray {
            origin: pose.translation.into(),
            direction: pose.rotation * Vec3::NEG_Z,
        };
        let stick = source.stick;
        if headset.wear.glide && source.hand == Hand::Left {
            walks = Vec2::new(stick.x, -stick.y);
        }
        let stick = if headset.wear.glide && source.hand == Hand::Left {
            Vec2::ZERO
        } else {
            stick
        };
        let doing = headset.hands.of(source.hand);
        let (turn, goes) = doing.push(stick);
        let aims = doing.aims;
        visitor.yaw += turn * headset.wear.turn();
        if let Some((far, at)) = surface.meets(&ray).filter(|_| !aims && !goes) {
            surface.touch(Touch {
                at,
                down: source.selecting,
                pressed: source.selected,
            });
            let ends = [ray.origin, ray.at(far)];
            marks.line(&ends, RAY_M, theme::LANTERN_OPEN, 0.9);
            marks.ring(
                ray.at(far - 0.004),
                -ray.direction,
                DOT_M,
                1.0,
                theme::LANTERN_DONE,
            );
            continue;
        }
        let thing = things
            .along(&ray)
            .filter(|it| !matches!(it, Picked::Floor(_)));
        let throws = aims || goes || (thing.is_none() && (source.selecting || source.selected));
        if throws {
            let arc = Arc::throw(&ray, &things.walls, &things.navmesh);
            if (goes || source.selected)
                && let Some(spot) = arc.spot
            {
                picked.write(Picked::Floor(spot));
            } else {
                draw_arc(&mut marks, &arc);
            }
            continue;
        }
        draw_ray(&mut marks, &things, &ray, thing.as_ref(), source);
        if let Some(thing) = thing {
            if hovered.stop.is_none() && hovered.door.is_none() {
                hover(&mut hovered, Some(&thing));
            }
            if source.selected {
                picked.write(thing);
            }
        }
    }
    if walks != headset.hands.walked {
        headset.hands.walked = walks;
        commands.write(Command::walk(walks.x, walks.y));
    }
}

/// Points out to whoever looks what `thing` belongs to: a stop or a door.
pub(super) fn hover(hovered: &mut Hovered, thing: Option<&Picked>) {
    (hovered.stop, hovered.door) = match thing {
        Some(Picked::Marker(stop) | Picked::Artifact { stop, .. }) => (Some(stop.clone()), None),
        Some(Picked::Door(room)) => (None, Some(room.clone())),
        Some(Picked::Floor(_)) | None => (None, None),
    };
}

fn draw_arc(marks: &mut Marks, arc: &Arc) {
    let color = if arc.spot.is_some() {
        theme::LANTERN_OPEN
    } else {
        theme::LANTERN_LOCKED
    };
    marks.line(&arc.points, ARC_M, color, 0.8);
    if let Some(spot) = arc.spot {
        marks.ring(spot.position + Vec3::Y * 0.02, Vec3::Y, RING_M, 1.0, color);
    }
}

fn draw_ray(
    marks: &mut Marks,
    things: &Things<'_, '_>,
    ray: &Ray,
    thing: Option<&Picked>,
    source: &Source,
) {
    let (far, color, alpha) = match thing.and_then(|it| things.place(it)) {
        Some(at) => (at.distance(ray.origin), theme::LANTERN_OPEN, 0.9),
        None => (IDLE_M, theme::LANTERN_LOCKED, 0.5),
    };
    let thick = if source.selecting { 2.0 } else { 1.0 };
    marks.line(&[ray.origin, ray.at(far)], RAY_M * thick, color, alpha);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_turns_once_each_time_it_is_pushed() {
        let mut doing = Doing::default();
        let turns: Vec<f32> = [0.0, 0.7, 1.0, 1.0, 0.5, 0.7, 0.1, -0.9, 0.0]
            .map(|x| doing.push(Vec2::new(x, 0.0)).0)
            .into();
        assert_eq!(turns, [0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn somebody_goes_when_the_stick_comes_back_and_does_not_turn_meanwhile() {
        let mut doing = Doing::default();
        let pushes = [
            (0.0, -0.2),
            (0.1, -0.9),
            (0.8, -0.8),
            (0.1, -0.5),
            (0.0, -0.1),
            (0.0, 0.0),
        ];
        let went: Vec<_> = pushes.map(|(x, y)| doing.push(Vec2::new(x, y))).into();
        assert!(went.iter().all(|it| it.0 == 0.0));
        assert_eq!(went.iter().position(|it| it.1), Some(4));
    }
}
