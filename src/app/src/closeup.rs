//! An artifact held closely: the eye comes to it, paper hides the room, and it can be turned.

mod orbit;

use bevy::prelude::*;
use xinghuo_tour::StopId;

use crate::{
    AtCanvas, TourSystems,
    awake::Awake,
    command::{Command, Config, Inset},
    eye::{Eye, angles},
    input::{Gesture, Held, Key, Stroke},
    journey::{JourneyEnded, ease, shortest},
    message::{Message as ToPage, Outgoing},
    passing::RoomLeft,
    room::ArtifactPlace,
    session::Attention,
    theme,
};
use orbit::{Frame, Orbit};

/// How far an arrow key turns an artifact in a second.
const KEY_TURN_DEG_PER_SEC: f32 = 70.0;
/// How much nearer a key brings it in a second.
const KEY_ZOOM_PER_SEC: f32 = 1.6;
/// What covers less of the canvas than this share is a bar at its side and no panel.
const PANEL_LEAST: f32 = 0.15;
/// How far an artifact turns for a drag of one CSS pixel.
const TURN_DEG_PER_PX: f32 = 0.45;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shown>()
        .init_resource::<Covered>()
        .add_observer(let_go)
        .add_systems(
            Update,
            (
                cover,
                open.in_set(AtCanvas),
                leave,
                turn.run_if(resource_exists::<CloseUp>),
            )
                .chain()
                .in_set(TourSystems::Decide),
        )
        .add_systems(
            Update,
            hold.in_set(TourSystems::Present)
                .run_if(resource_exists::<CloseUp>),
        );
}

/// An artifact is held closely, or on its way there or back.
#[derive(Resource, Debug, Clone)]
pub(crate) struct CloseUp {
    pub(crate) stop: StopId,
    node: String,
    orbit: Orbit,
    /// The eye as it was in the room, to which it returns exactly.
    from: Eye,
    /// How far the artifact has come, in `0.0..=1.0`.
    share: f32,
    leaving: bool,
}

/// What the drawing shows of it.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The artifact's node.
    pub(crate) node: Option<String>,
    /// How far paper covers the room.
    pub(crate) cover: f32,
}

/// How much of the canvas the page covers, as far as it said so.
#[derive(Resource, Debug, Default)]
pub(crate) struct Covered(Option<Inset>);

impl Covered {
    /// The part of the canvas that is left. Until the page says otherwise, its panel lies to the
    /// right on a wide canvas and below on a narrow one.
    fn frame(&self, eye: &Eye) -> Frame {
        let usual = if eye.aspect() > 1.0 {
            Inset {
                right: eye.size.x * 0.4,
                ..Inset::default()
            }
        } else {
            Inset {
                bottom: eye.size.y * 0.5,
                ..Inset::default()
            }
        };
        Frame::new(eye.size, self.0.unwrap_or(usual))
    }

    /// How far the middle of the view moves on the canvas while a panel lies over it, so that what
    /// one reads about stays in sight; in halves of its width and height.
    pub(crate) fn aside(&self, eye: &Eye) -> Vec2 {
        let panel = |covered: f32, of: f32| {
            if covered > of * PANEL_LEAST {
                covered
            } else {
                0.0
            }
        };
        self.0.map_or(Vec2::ZERO, |it| {
            let panels = Inset {
                left: panel(it.left, eye.size.x),
                top: panel(it.top, eye.size.y),
                right: panel(it.right, eye.size.x),
                bottom: panel(it.bottom, eye.size.y),
            };
            Frame::new(eye.size, panels).middle()
        })
    }
}

fn cover(mut commands: MessageReader<Command>, mut covered: ResMut<Covered>) {
    for command in commands.read() {
        if let Command::Inset(inset) = command {
            covered.0 = Some(*inset);
        }
    }
}

/// Opens the artifact of a stop that was reached for its sake.
fn open(
    mut ended: MessageReader<JourneyEnded>,
    mut commands: Commands,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    eye: Res<Eye>,
    covered: Res<Covered>,
    config: Res<Config>,
    close_up: Option<Res<CloseUp>>,
    artifacts: Query<&ArtifactPlace>,
) {
    let Some(stop) = ended
        .read()
        .filter(|it| it.then_open)
        .last()
        .map(|it| &it.stop)
    else {
        return;
    };
    if close_up
        .as_ref()
        .is_some_and(|it| it.stop == *stop && !it.leaving)
    {
        return;
    }
    let Some(place) = artifacts.iter().find(|it| it.stop == *stop) else {
        return;
    };
    if let Some(stop) = attention.open.take() {
        outgoing.send(ToPage::ArtifactClosed { stop });
    }
    let from = close_up.map_or_else(|| eye.clone(), |it| it.from.clone());
    let frame = covered.frame(&eye);
    commands.insert_resource(CloseUp {
        stop: stop.clone(),
        node: place.node.clone(),
        orbit: Orbit::new(&place.bounds, &from, &frame),
        from,
        share: if config.reduced_motion { 1.0 } else { 0.0 },
        leaving: false,
    });
    attention.open = Some(stop.clone());
    outgoing.send(ToPage::ArtifactOpened { stop: stop.clone() });
    awake.animate();
}

/// The page or the escape key puts the artifact back; so does going elsewhere.
fn leave(
    mut commands: MessageReader<Command>,
    mut strokes: MessageReader<Stroke>,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    close_up: Option<ResMut<CloseUp>>,
    mut world: Commands,
) {
    let escaped = strokes.read().any(|it| it.down && it.key == Key::Escape);
    let (mut closed, mut elsewhere) = (escaped, false);
    for command in commands.read() {
        match command {
            Command::Close => closed = true,
            Command::GoTo(_) | Command::GoInto(_) => elsewhere = true,
            Command::Open(stop) => elsewhere |= attention.standing.as_ref() != Some(stop),
            _ => {}
        }
    }
    let Some(mut close_up) = close_up.filter(|it| !it.leaving && (closed || elsewhere)) else {
        return;
    };
    close_up.leaving = true;
    if let Some(stop) = attention.open.take() {
        outgoing.send(ToPage::ArtifactClosed { stop });
    }
    if elsewhere {
        world.remove_resource::<CloseUp>();
        world.insert_resource(Shown::default());
    }
    awake.animate();
}

/// What is held closely stays in its room.
fn let_go(
    _: On<RoomLeft>,
    mut commands: Commands,
    mut attention: ResMut<Attention>,
    mut outgoing: ResMut<Outgoing>,
    mut shown: ResMut<Shown>,
) {
    commands.remove_resource::<CloseUp>();
    *shown = Shown::default();
    if let Some(stop) = attention.open.take() {
        outgoing.send(ToPage::ArtifactClosed { stop });
    }
}

/// Turns the artifact and brings it nearer.
fn turn(
    mut close_up: ResMut<CloseUp>,
    mut gestures: MessageReader<Gesture>,
    mut strokes: MessageReader<Stroke>,
    mut commands: MessageReader<Command>,
    mut awake: ResMut<Awake>,
    held: Res<Held>,
    covered: Res<Covered>,
    eye: Res<Eye>,
) {
    let secs = awake.step_secs();
    let orbit = &mut close_up.orbit;
    orbit.fit(&covered.frame(&eye), &eye);
    for gesture in gestures.read() {
        match gesture {
            Gesture::Drag(by) => orbit.turn(*by * TURN_DEG_PER_PX.to_radians()),
            Gesture::Zoom(factor) => orbit.zoom(*factor),
            Gesture::Tap(_) | Gesture::Over(_) => continue,
        }
        awake.animate();
    }
    for command in commands.read() {
        if let Command::Turn(by) = command {
            orbit.turn(*by * std::f32::consts::PI / 180.0);
            awake.animate();
        }
    }
    if strokes.read().any(|it| it.down && it.key == Key::Reset) {
        orbit.reset();
        awake.animate();
    }
    let by = Vec2::new(
        held.between(Key::TurnLeft, Key::TurnRight) + held.between(Key::Left, Key::Right),
        held.between(Key::Back, Key::Forward),
    );
    let nearer = held.between(Key::Farther, Key::Nearer);
    if by != Vec2::ZERO || nearer != 0.0 {
        orbit.turn(by * KEY_TURN_DEG_PER_SEC.to_radians() * secs);
        orbit.zoom(KEY_ZOOM_PER_SEC.powf(-nearer * secs));
        awake.animate();
    }
}

/// Moves the eye between the room and the artifact.
fn hold(
    mut close_up: ResMut<CloseUp>,
    mut eye: ResMut<Eye>,
    mut shown: ResMut<Shown>,
    mut awake: ResMut<Awake>,
    mut commands: Commands,
    config: Res<Config>,
) {
    let secs = awake.step_secs();
    let step = if config.reduced_motion {
        1.0
    } else {
        secs / theme::CLOSE_UP_SECS
    };
    let toward = if close_up.leaving { -step } else { step };
    close_up.share = (close_up.share + toward).clamp(0.0, 1.0);
    let settling = close_up.orbit.settle(secs);
    if close_up.leaving && close_up.share == 0.0 {
        *eye = Eye {
            size: eye.size,
            ..close_up.from.clone()
        };
        *shown = Shown::default();
        commands.remove_resource::<CloseUp>();
        awake.animate();
        return;
    }
    let next = close_up.eye(eye.size);
    let cover = ease(close_up.share);
    let next_shown = Shown {
        node: Some(close_up.node.clone()),
        cover: if close_up.share >= 1.0 { 1.0 } else { cover },
    };
    if eye.set_if_neq(next) | shown.set_if_neq(next_shown) || settling {
        awake.animate();
    }
}

impl CloseUp {
    /// The eye between the room and the artifact.
    fn eye(&self, size: Vec2) -> Eye {
        let t = ease(self.share);
        let (position, shift) = (self.orbit.position(), self.orbit.shift());
        let (yaw, pitch) = angles(self.orbit.center - position);
        Eye {
            position: self.from.position.lerp(position, t),
            yaw: self.from.yaw + shortest(self.from.yaw, yaw) * t,
            pitch: self.from.pitch + (pitch - self.from.pitch) * t,
            shift: self.from.shift.lerp(shift, t),
            size,
        }
    }
}
