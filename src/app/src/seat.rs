//! Sitting down at a stop where one sits, once a journey has led there.

use bevy::prelude::*;

use crate::{
    AtCanvas, InRoom, TourSystems, awake::Awake, command::Config, journey::JourneyEnded,
    room::StopPlace, walking::Visitor,
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        sit.in_set(TourSystems::Decide)
            .in_set(InRoom)
            .in_set(AtCanvas),
    );
}

/// Whoever walks on or sets out stands up again: see [`Visitor::stand`].
fn sit(
    mut ended: MessageReader<JourneyEnded>,
    mut visitor: ResMut<Visitor>,
    mut awake: ResMut<Awake>,
    config: Res<Config>,
    places: Query<&StopPlace>,
) {
    for end in ended.read() {
        let place = places.iter().find(|it| it.stop == end.stop);
        let Some(height) = place.and_then(|it| it.eye_height_m) else {
            continue;
        };
        if config.reduced_motion {
            visitor.sit_at_once(height);
        } else {
            visitor.sit(height);
        }
        awake.animate();
    }
}

#[cfg(test)]
mod tests {
    use bevy::math::Vec2;

    use crate::{
        command::Command,
        eye::Eye,
        trial::{Trial, id},
    };

    #[test]
    fn the_eye_sinks_where_one_sits_and_rises_when_one_walks_on() {
        let mut trial = Trial::begin(&[]);
        let height = |trial: &Trial| trial.app.world().resource::<Eye>().position.y;
        assert!((height(&trial) - 1.6).abs() < 0.01);
        trial.say(Command::GoTo(id("lamp")), 25);
        assert!((height(&trial) - 1.1).abs() < 0.01, "{}", height(&trial));
        let sunk = trial.say(Command::Turn(Vec2::new(5.0, 0.0)), 1);
        assert!((height(&trial) - 1.1).abs() < 0.01, "{sunk:?}");
        trial.say(Command::Walk(Vec2::new(0.0, -1.0)), 1);
        trial.say(Command::Walk(Vec2::ZERO), 3);
        assert!((height(&trial) - 1.6).abs() < 0.01, "{}", height(&trial));
    }
}
