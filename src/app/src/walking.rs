//! Walking and looking around.

mod navmesh;
mod path;
mod step;

use bevy::{math::Vec3Swizzles, prelude::*};

pub(crate) use navmesh::{Navmesh, Spot};

use crate::{
    AtCanvas, InRoom, TourSystems,
    awake::Awake,
    closeup::{CloseUp, Covered},
    command::{Command, Config},
    eye::Eye,
    input::{Gesture, Held, Key},
    journey::Journey,
    room::ray::Ray,
    theme,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Intent>()
        .init_resource::<ThumbStick>()
        .add_systems(Update, intend.in_set(TourSystems::Sense))
        .add_systems(
            Update,
            (
                walk.in_set(TourSystems::Decide),
                look.in_set(TourSystems::Present).in_set(AtCanvas),
            )
                .in_set(InRoom)
                .distributive_run_if(not(resource_exists::<CloseUp>)),
        );
}

/// The visitor's body.
#[derive(Resource, Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) spot: Spot,
    pub(crate) yaw: f32,
    pub(crate) pitch: f32,
    /// The height of the eye above the floor for who stands, for this visitor in the end, and now.
    standing_m: f32,
    wanted_m: f32,
    eye_height_m: f32,
    /// The height of the eye in the world, which follows that of the floor softly.
    eye_y: f32,
    /// Over the ground, metres a second.
    velocity: Vec2,
}

impl Visitor {
    /// Somebody who stands still.
    pub(crate) fn at(spot: Spot, yaw: f32, pitch: f32, eye_height_m: f32) -> Self {
        Self {
            spot,
            yaw,
            pitch,
            standing_m: eye_height_m,
            wanted_m: eye_height_m,
            eye_height_m,
            eye_y: spot.position.y + eye_height_m,
            velocity: Vec2::ZERO,
        }
    }

    /// Sets the visitor down elsewhere, standing.
    pub(crate) fn put(&mut self, spot: Spot, yaw: f32, pitch: f32) {
        *self = Self::at(spot, yaw, pitch, self.standing_m);
    }

    /// Sits down: the eye sinks to so many metres above the floor.
    pub(crate) fn sit(&mut self, eye_height_m: f32) {
        self.wanted_m = eye_height_m;
    }

    /// Sits down, and is sitting already.
    pub(crate) fn sit_at_once(&mut self, eye_height_m: f32) {
        self.sit(eye_height_m);
        self.eye_height_m = eye_height_m;
        self.eye_y = self.spot.position.y + eye_height_m;
    }

    /// Stands up: the eye rises again.
    pub(crate) fn stand(&mut self) {
        self.wanted_m = self.standing_m;
    }

    /// How high the eye of somebody who stands here is over the floor, metres.
    pub(crate) fn standing_m(&self) -> f32 {
        self.standing_m
    }

    /// The floor under the eye, which follows that under the spot softly.
    pub(crate) fn floor(&self) -> Vec3 {
        self.eye() - Vec3::Y * self.eye_height_m
    }

    /// The eye over the spot.
    pub(crate) fn eye(&self) -> Vec3 {
        self.spot.position.with_y(self.eye_y)
    }

    /// Lets the eye follow the floor, and sitting down and standing up; whether it has still to move.
    pub(crate) fn follow_floor(&mut self, secs: f32) -> bool {
        let sitting = self.wanted_m - self.eye_height_m;
        let settles = sitting.abs() < 0.001;
        self.eye_height_m = if settles {
            self.wanted_m
        } else {
            self.eye_height_m + sitting * (1.0 - (-secs / theme::SIT_EASE_SECS).exp())
        };
        let to = self.spot.position.y + self.eye_height_m;
        self.eye_y += (to - self.eye_y) * (1.0 - (-secs / theme::STEP_EASE_SECS).exp());
        if (to - self.eye_y).abs() < 0.001 {
            self.eye_y = to;
            return !settles;
        }
        true
    }

    fn turn(&mut self, by: Vec2) {
        let most = theme::PITCH_LIMIT_DEG.to_radians();
        self.yaw = (self.yaw + by.x).rem_euclid(std::f32::consts::TAU);
        self.pitch = (self.pitch + by.y).clamp(-most, most);
    }
}

/// What the visitor is about to do.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
pub(crate) struct Intent {
    /// To the right and forwards, of length 1 at most.
    pub(crate) step: Vec2,
    run: bool,
    /// To the left and up, radians.
    turn: Vec2,
    /// The same for as long as a key is held, in shares of the usual speed.
    turning: f32,
}

/// Where the page's thumb-stick is.
#[derive(Resource, Debug, Default)]
struct ThumbStick(Vec2);

fn intend(
    mut intent: ResMut<Intent>,
    mut stick: ResMut<ThumbStick>,
    mut commands: MessageReader<Command>,
    mut gestures: MessageReader<Gesture>,
    held: Res<Held>,
) {
    let mut turn = Vec2::ZERO;
    for gesture in gestures.read() {
        if let Gesture::Drag(by) = gesture {
            // The world follows the finger.
            turn += *by * theme::TURN_DEG_PER_PX.to_radians();
        }
    }
    for command in commands.read() {
        match command {
            Command::Walk(to) => stick.0 = *to,
            Command::Turn(by) => turn += *by * std::f32::consts::PI / 180.0,
            Command::Pause(true) => stick.0 = Vec2::ZERO,
            _ => {}
        }
    }
    let keys = Vec2::new(
        held.between(Key::Left, Key::Right),
        held.between(Key::Back, Key::Forward),
    );
    *intent = Intent {
        step: (keys + stick.0).clamp_length_max(1.0),
        run: held.has(Key::Run),
        turn,
        turning: held.between(Key::TurnRight, Key::TurnLeft),
    };
}

fn walk(
    mut visitor: ResMut<Visitor>,
    mut commands: Commands,
    mut awake: ResMut<Awake>,
    intent: Res<Intent>,
    navmesh: Res<Navmesh>,
    journey: Option<Res<Journey>>,
) {
    let secs = awake.step_secs();
    let visitor = visitor.as_mut();
    let held = intent.step != Vec2::ZERO || intent.turning != 0.0;
    if intent.step != Vec2::ZERO {
        visitor.stand();
    }
    if journey.is_some() {
        if !held && intent.turn == Vec2::ZERO {
            return;
        }
        commands.remove_resource::<Journey>();
    }
    let turning = intent.turning * theme::TURN_DEG_PER_SEC.to_radians() * secs;
    visitor.turn(intent.turn + Vec2::new(turning, 0.0));
    let speed = if intent.run {
        theme::RUN_M_PER_SEC
    } else {
        theme::WALK_M_PER_SEC
    };
    let (sin, cos) = visitor.yaw.sin_cos();
    let (right, forward) = (Vec2::new(cos, -sin), Vec2::new(-sin, -cos));
    let wanted = (right * intent.step.x + forward * intent.step.y) * speed;
    let share = 1.0 - (-secs / theme::WALK_EASE_SECS).exp();
    visitor.velocity += (wanted - visitor.velocity) * share;
    if wanted == Vec2::ZERO && visitor.velocity.length() < 0.02 {
        visitor.velocity = Vec2::ZERO;
    }
    if visitor.velocity != Vec2::ZERO {
        let before = visitor.spot.position.xz();
        visitor.spot = navmesh.walk(visitor.spot, visitor.velocity * secs);
        // Whoever walks into a wall does not push on after letting go.
        let got = (visitor.spot.position.xz() - before) / secs.max(1e-4);
        visitor.velocity = visitor.velocity.clamp_length_max(got.length().max(0.05));
    }
    let rising = visitor.follow_floor(secs);
    if held || rising || visitor.velocity != Vec2::ZERO {
        awake.animate();
    }
}

/// The eye is where the visitor's is, and looks past the panel that lies over the canvas.
fn look(
    visitor: Res<Visitor>,
    covered: Res<Covered>,
    config: Res<Config>,
    mut eye: ResMut<Eye>,
    mut awake: ResMut<Awake>,
) {
    let aside = covered.aside(&eye);
    let share = if config.reduced_motion {
        1.0
    } else {
        1.0 - (-awake.step_secs() / theme::ASIDE_EASE_SECS).exp()
    };
    let mut shift = eye.shift.lerp(aside, share);
    if shift.distance(aside) < 0.002 {
        shift = aside;
    } else {
        awake.animate();
    }
    let next = Eye {
        position: visitor.eye(),
        yaw: visitor.yaw,
        pitch: visitor.pitch,
        shift,
        size: eye.size,
    };
    if eye.set_if_neq(next) {
        awake.draw();
    }
}

impl Navmesh {
    /// Where a ray first meets the surface, and how far away.
    pub(crate) fn meets(&self, ray: &Ray) -> Option<(f32, Spot)> {
        (0..self.triangles.len())
            .filter_map(|triangle| {
                let corners = self.triangles[triangle].map(|it| self.corners[it]);
                Some((ray.meets_triangle(corners)?, triangle))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(far, triangle)| {
                let position = ray.at(far);
                (far, Spot { triangle, position })
            })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use xinghuo_package::glb::Glb;

    use super::*;
    use crate::room::model::Model;

    fn red_boat() -> (Model, Navmesh) {
        let scene = "../../assets/venues/red-boat/media/lake.glb";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(scene);
        let glb = fs::read(path).expect("the venue has its scene");
        let glb = Glb::open(&glb).expect("nothing is wrong with the scene");
        let model = Model::read(&glb, "walkable", &[]).expect("the scene can be read");
        let navmesh = Navmesh::new(&model.walkable);
        (model, navmesh)
    }

    #[test]
    fn every_stop_of_the_red_boat_can_be_walked_to_from_every_other() {
        let (model, navmesh) = red_boat();
        let places = model
            .places
            .iter()
            .filter(|(name, _)| name.starts_with("stop_") || *name == "start");
        let spots: Vec<_> = places
            .map(|(name, place)| {
                let spot = navmesh.nearest(place.position).expect("there is a floor");
                let off = spot.position.distance(place.position);
                assert!(off < 0.5, "{name} lies {off} m off the floor");
                (name, spot)
            })
            .collect();
        assert!(spots.len() > 2);
        for (from, a) in &spots {
            for (to, b) in &spots {
                assert!(navmesh.path(*a, *b).is_some(), "no way from {from} to {to}");
            }
        }
    }

    #[test]
    fn nobody_falls_off_the_red_boat() {
        let (model, navmesh) = red_boat();
        let start = model.place("start").expect("the scene has a start");
        let mut spot = navmesh.nearest(start.position).expect("there is a floor");
        let mut heading = 0.0_f32;
        for step in 0..20_000_u16 {
            // A walk without a plan: turns that never repeat, steps of up to a metre.
            heading += (f32::from(step) * 12.9898).sin() * 1.3;
            let length = 0.5 + 0.5 * (f32::from(step) * 0.37).cos();
            spot = navmesh.walk(spot, Vec2::from_angle(heading) * length);
            assert!(navmesh.holds(spot, 2e-3), "step {step}: {spot:?}");
        }
    }
}
