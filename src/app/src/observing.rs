//! What the visitor has looked at: a second at a time, and only what could really be seen.

use bevy::prelude::*;
use xinghuo_tour::{Action, StopId};

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    clock::Clock,
    closeup::CloseUp,
    command::Command,
    eye::Eye,
    headset::{Grasped, Headset},
    room::{ArtifactPlace, Walls, ray::Ray},
    session::{Visit, VisitorActed},
    theme,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Look>()
        .init_resource::<Asleep>()
        .add_systems(
            Update,
            (sleep, observe)
                .chain()
                .in_set(TourSystems::Decide)
                .in_set(InRoom),
        );
}

/// The span of looking that is under way.
#[derive(Resource, Debug, Default, Clone, PartialEq)]
struct Look {
    stop: Option<StopId>,
    /// When the span began, and when it was last seen to go on; milliseconds of the visit.
    since: u64,
    seen: u64,
}

/// Why nothing is looked at: the page is hidden, or something lies over the tour.
#[derive(Resource, Debug, Default)]
struct Asleep {
    hidden: bool,
    paused: bool,
    /// A headset is worn and shows nothing of the room.
    blind: bool,
}

impl Look {
    /// Goes on at `now` with what is looked at; the length of a span that is complete.
    ///
    /// A span begins where the one before it ended or later, so no two spans share a moment.
    fn go_on(&mut self, now: u64, stop: Option<&StopId>) -> Option<u32> {
        let same = stop.is_some() && stop == self.stop.as_ref();
        if !same || now.saturating_sub(self.seen) > theme::LOOK_GAP_MILLIS {
            *self = Self {
                stop: stop.cloned(),
                since: now,
                seen: now,
            };
            return None;
        }
        self.seen = now;
        let span = now - self.since;
        if span < theme::LOOK_MILLIS {
            return None;
        }
        self.since = now;
        Some(span as u32)
    }
}

fn sleep(
    mut commands: MessageReader<Command>,
    mut asleep: ResMut<Asleep>,
    headset: Option<Res<Headset>>,
) {
    asleep.blind = headset.is_some_and(|it| !it.sees());
    for command in commands.read() {
        match command {
            Command::Pause(paused) => asleep.paused = *paused,
            Command::Hide(hidden) => asleep.hidden = *hidden,
            _ => {}
        }
    }
}

fn observe(
    mut look: ResMut<Look>,
    mut actions: MessageWriter<VisitorActed>,
    mut awake: ResMut<Awake>,
    mut checked_at: Local<u64>,
    asleep: Res<Asleep>,
    clock: Res<Clock>,
    visit: Res<Visit>,
    eye: Res<Eye>,
    walls: Res<Walls>,
    close_up: Option<Res<CloseUp>>,
    grasped: Option<Res<Grasped>>,
    artifacts: Query<&ArtifactPlace>,
) {
    let now = clock.at();
    if asleep.hidden || asleep.paused || asleep.blind {
        *look = Look::default();
        return;
    }
    if now < *checked_at + theme::LOOK_EVERY_MILLIS {
        if look.stop.is_some() {
            awake.again_in(*checked_at + theme::LOOK_EVERY_MILLIS - now);
        }
        return;
    }
    *checked_at = now;
    let grasped = grasped.as_ref().filter(|it| it.is_looked_at(&eye));
    let held = close_up.as_ref().map(|it| &it.stop);
    let held = held.or(grasped.map(|it| &it.stop));
    let wanted = |it: &&ArtifactPlace| visit.wants_look(&it.stop);
    let stop = match held {
        Some(held) => artifacts
            .iter()
            .filter(|it| it.stop == *held)
            .find(wanted)
            .map(|it| &it.stop),
        // What is cheap to tell is asked first: most artifacts of a large room are far away.
        None => artifacts
            .iter()
            .filter_map(|it| Some((off_middle(&eye, it)?, it)))
            .filter(|(_, it)| wanted(it) && is_clear(&eye, &walls, it))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, it)| &it.stop),
    };
    if let Some(millis) = look.go_on(now, stop)
        && let Some(stop) = stop
    {
        let stop = stop.clone();
        actions.write(VisitorActed(Action::Look { stop, millis }));
    }
    if stop.is_some() {
        awake.again_in(theme::LOOK_EVERY_MILLIS);
    }
}

/// How far from the middle of the view an artifact is, if it is near and central enough.
fn off_middle(eye: &Eye, place: &ArtifactPlace) -> Option<f32> {
    let center = place.bounds.center();
    // Of a large artifact the nearest part counts.
    let nearest = eye.position.clamp(place.bounds.min, place.bounds.max);
    if nearest.distance(eye.position) > place.observe_within_m {
        return None;
    }
    // A view that is moved aside by a panel is looked at in its middle as well.
    let off = (eye.ndc(center)? - eye.shift).abs().max_element();
    (off <= theme::LOOK_CENTRAL).then_some(off)
}

/// Whether nothing stands between the eye and an artifact: its middle, or one of four places round
/// it, is hit first by the look there.
fn is_clear(eye: &Eye, walls: &Walls, place: &ArtifactPlace) -> bool {
    let center = place.bounds.center();
    let aside = eye.rotation() * Vec3::X * place.bounds.radius() * 0.35;
    let up = Vec3::Y * (place.bounds.max.y - place.bounds.min.y) * 0.3;
    [Vec3::ZERO, aside, -aside, up, -up].iter().any(|off| {
        let to = center + *off - eye.position;
        let ray = Ray {
            origin: eye.position,
            direction: to.normalize_or(Vec3::NEG_Z),
        };
        let hit = walls.0.first_hit(&ray, to.length());
        hit.is_none_or(|(_, owner)| owner == Some(place.number))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xinghuo_tour::{Event, EvidenceKind};

    use super::*;
    use crate::{
        input::Pointer,
        message::Message as ToPage,
        trial::{Trial, actions, id},
        walking::Visitor,
    };

    proptest! {
        #[test]
        fn spans_of_looking_never_overlap_and_never_exceed_the_clock(
            steps in prop::collection::vec((0u64..1500, prop::option::of(0usize..3)), 1..200),
        ) {
            let stops: Vec<StopId> =
                ["a", "b", "c"].iter().map(|it| it.parse().expect("an id")).collect();
            let (mut look, mut now, mut last_end) = (Look::default(), 0, 0);
            for (step, at) in steps {
                now += step;
                if let Some(millis) = look.go_on(now, at.map(|it| &stops[it])) {
                    let begin = now - u64::from(millis);
                    prop_assert!(begin >= last_end, "{begin} lies before {last_end}");
                    prop_assert!(u64::from(millis) >= theme::LOOK_MILLIS);
                    prop_assert!(u64::from(millis) <= theme::LOOK_MILLIS + theme::LOOK_GAP_MILLIS);
                    last_end = now;
                }
            }
        }
    }

    #[test]
    fn an_artifact_that_is_picked_is_gone_to_and_observed() {
        let mut trial = Trial::begin(&[]);
        let world = trial.app.world_mut();
        // Turned towards it, and near enough to see it, but not to observe it.
        world.resource_mut::<Visitor>().yaw = -0.42;
        trial.run(1);
        let world = trial.app.world_mut();
        let eye = world.resource::<Eye>();
        let at = eye.on_canvas(&eye.clip_from_world(), Vec3::new(2.0, 0.9, -1.0));
        let at = at.expect("the artifact is before the visitor");
        world.write_message(Pointer::Down { id: 1, at });
        world.write_message(Pointer::Up { id: 1, at });
        let said = trial.run(12);
        let stop: StopId = id("desk");
        let done = actions(&said);
        assert_eq!(done[0], Action::Arrive { stop: stop.clone() }, "{done:?}");
        let looked = done[1..].iter().map(|it| match it {
            Action::Look { stop: at, millis } if *at == stop => u64::from(*millis),
            other => panic!("{other:?}"),
        });
        assert!(looked.sum::<u64>() >= 2000, "{done:?}");
        let kind = EvidenceKind::Observed;
        let observed = Event::Evidence { stop, kind };
        let event = ToPage::Event { event: observed };
        assert!(said.contains(&event), "{said:?}");
    }

    #[test]
    fn a_look_away_begins_the_span_anew() {
        let stop = "a".parse().expect("an id");
        let mut look = Look::default();
        for now in [0, 300, 600, 900] {
            assert_eq!(look.go_on(now, Some(&stop)), None);
        }
        assert_eq!(look.go_on(950, None), None);
        assert_eq!(look.go_on(1000, Some(&stop)), None);
        for now in [1300, 1600, 1900] {
            assert_eq!(look.go_on(now, Some(&stop)), None);
        }
        assert_eq!(look.go_on(2100, Some(&stop)), Some(1100));
    }
}
