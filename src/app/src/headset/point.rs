//! Pointing with a controller or a hand: at a lantern, at an artifact, at a door's sign, at words, or
//! at where to go.

use bevy::prelude::*;

use super::{
    Headset, Marks,
    arc::Arc,
    feel::{Felt, feel},
    gloves::{self, TIP},
    poke::Poking,
    report::{Hand, Kind, Source},
    words::{Surface, Touch},
};
use crate::{
    awake::Awake,
    command::Command,
    message::Outgoing,
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
/// The ring where a finger touches.
const FINGER_M: f32 = 0.006;
/// The ring where an arc lands.
const RING_M: f32 = 0.28;
/// How fast a stick turns for whoever wants to turn for as long as it is pushed.
const TURN_DEG_PER_SEC: f32 = 70.0;

/// What each hand is about.
#[derive(Debug, Default)]
pub(super) struct Hands {
    left: Doing,
    right: Doing,
    neither: Doing,
    /// What the stick last asked of those who walk with it.
    walked: Vec2,
}

#[derive(Debug, Default, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a stick, a fist and a finger are at something or not, each by itself"
)]
struct Doing {
    /// The stick is pushed forwards, and somebody will go where it points.
    aims: bool,
    /// The stick is pushed sideways, and the turn has been made.
    turned: bool,
    /// The hand is closed.
    closed: bool,
    poking: Poking,
    /// Its finger is about the panel, and has pressed something there.
    pokes: bool,
    pressed: bool,
    /// What it points at.
    over: Over,
}

/// What a hand points at or touches.
#[derive(Debug, Default, Clone, PartialEq)]
enum Over {
    #[default]
    Nothing,
    Thing(Picked),
    /// Something on the panel, by its number.
    Words(u64),
}

impl Hands {
    /// Takes whether a hand is closed; whether it was before.
    pub(super) fn closes(&mut self, hand: Hand, closed: bool) -> bool {
        std::mem::replace(&mut self.of(hand).closed, closed)
    }

    /// Whether a finger of this hand is about the panel.
    pub(super) fn pokes(&mut self, hand: Hand) -> bool {
        self.of(hand).pokes
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
    mut outgoing: ResMut<Outgoing>,
    mut hovered: ResMut<Hovered>,
    mut marks: ResMut<Marks>,
    mut surface: ResMut<Surface>,
    awake: Res<Awake>,
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
        let Some(rig) = headset.rig else { break };
        // Who sees their own room sees their own hands.
        if headset.thing.is_none() {
            gloves::show(&mut marks, source, &rig);
        }
        if poke(headset, &mut surface, &mut marks, &mut outgoing, source) {
            continue;
        }
        let Some(pose) = source.ray.map(|it| rig.place(it)) else {
            continue;
        };
        let ray = Ray {
            origin: pose.translation.into(),
            direction: pose.rotation * Vec3::NEG_Z,
        };
        let walking = headset.wear.glide && source.hand == headset.wear.walking_hand();
        let pushed = source.stick.unwrap_or_default();
        let stick = if walking {
            walks = Vec2::new(pushed.x, -pushed.y);
            Vec2::ZERO
        } else {
            pushed
        };
        let goes = headset.turn(source.hand, stick, &mut visitor, awake.step_secs());
        let aims = headset.hands.of(source.hand).aims && headset.thing.is_none();
        let mut over = Over::Nothing;
        if let Some((far, at)) = surface.meets(&ray).filter(|_| !aims && !goes) {
            surface.touch(Touch {
                at,
                down: source.selecting,
                pressed: source.selected,
            });
            over = surface.over().map_or(Over::Nothing, Over::Words);
            draw_dot(&mut marks, &ray, far);
        } else if headset.thing.is_some() {
            draw_ray(&mut marks, &ray, None, source);
        } else {
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
                    headset.feel(&mut outgoing, source.hand, Felt::Pressed);
                } else {
                    draw_arc(&mut marks, &arc);
                }
                headset.hands.of(source.hand).over = Over::Nothing;
                continue;
            }
            let at = thing.as_ref().and_then(|it| things.place(it));
            draw_ray(&mut marks, &ray, at, source);
            if let Some(thing) = thing {
                if hovered.stop.is_none() && hovered.door.is_none() {
                    hover(&mut hovered, Some(&thing));
                }
                over = Over::Thing(thing.clone());
                if source.selected {
                    picked.write(thing);
                }
            }
        }
        headset.come_over(&mut outgoing, source.hand, over, source.selected);
    }
    if walks != headset.hands.walked {
        headset.hands.walked = walks;
        commands.write(Command::walk(walks.x, walks.y));
    }
}

/// Has a finger touch the panel that it is about; whether it is.
fn poke(
    headset: &mut Headset,
    surface: &mut Surface,
    marks: &mut Marks,
    outgoing: &mut Outgoing,
    source: &Source,
) -> bool {
    let doing = headset.hands.of(source.hand);
    doing.pokes = false;
    let Some(((tip, radius_m), rig)) = source.joints.get(TIP).copied().zip(headset.rig) else {
        return false;
    };
    let tip = (rig.point(tip), radius_m);
    let Some((touch, on)) = doing.poking.go_on(surface, tip) else {
        return false;
    };
    doing.pokes = true;
    let pressed = touch.down && !doing.pressed;
    doing.pressed = touch.down;
    surface.touch(touch);
    let color = theme::LANTERN_DONE;
    let front = surface.front();
    marks.ring(on + front * 0.002, front, FINGER_M, 1.0, color);
    let over = surface.over().map_or(Over::Nothing, Over::Words);
    headset.come_over(outgoing, source.hand, over, pressed);
    true
}

impl Headset {
    /// Turns as a stick asks for; whether somebody lets go of it to go where it points.
    fn turn(&mut self, hand: Hand, stick: Vec2, visitor: &mut Visitor, secs: f32) -> bool {
        let (turn, goes) = self.hands.of(hand).push(stick);
        let by = match self.wear.turn() {
            Some(step) => turn * step,
            None if self.hands.of(hand).aims || stick.x.abs() < LET_GO => 0.0,
            None => -stick.x * TURN_DEG_PER_SEC.to_radians() * secs,
        };
        match (&self.thing, &mut self.rig) {
            // The thing turns, and the room does not.
            (Some(thing), Some(rig)) => rig.turn(thing.base(), -by),
            (Some(_), None) => {}
            (None, _) => {
                visitor.yaw += by;
                self.turns |= by != 0.0 && self.wear.turn().is_none();
            }
        }
        goes && self.thing.is_none()
    }

    /// Has a hand feel that it is over something else, and that it has picked it.
    fn come_over(&mut self, outgoing: &mut Outgoing, hand: Hand, over: Over, picks: bool) {
        let doing = self.hands.of(hand);
        let other = doing.over != over && over != Over::Nothing;
        let picks = picks && over != Over::Nothing;
        doing.over = over;
        if picks {
            self.feel(outgoing, hand, Felt::Pressed);
        } else if other {
            self.feel(outgoing, hand, Felt::Over);
        }
    }

    fn feel(&self, outgoing: &mut Outgoing, hand: Hand, felt: Felt) {
        if self.wear.pulses {
            feel(outgoing, hand, felt);
        }
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

/// A ray that ends on words.
fn draw_dot(marks: &mut Marks, ray: &Ray, far: f32) {
    let ends = [ray.origin, ray.at(far)];
    marks.line(&ends, RAY_M, theme::LANTERN_OPEN, 0.9);
    let before = ray.at(far - 0.004);
    marks.ring(before, -ray.direction, DOT_M, 1.0, theme::LANTERN_DONE);
}

fn draw_ray(marks: &mut Marks, ray: &Ray, thing: Option<Vec3>, source: &Source) {
    let (far, color, alpha) = match thing {
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
