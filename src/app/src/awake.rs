//! When the next frame is due: nothing runs and nothing is drawn while nothing changes.

use bevy::{prelude::*, time::TimeSystems};

use crate::{TourSystems, theme};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Awake>()
        .add_systems(Update, settle.after(TimeSystems).before(TourSystems::Sense));
}

/// What is to come after this update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// An update with the browser's next frame.
    Frame,
    /// An update in so many milliseconds.
    In(u64),
    /// An update when something happens.
    Nothing,
}

/// What this update's systems ask for.
#[derive(Resource, Debug, Default)]
pub(crate) struct Awake {
    step_secs: f32,
    draws: bool,
    moves: bool,
    due_millis: Option<u64>,
}

impl Awake {
    /// What is seen changes in this update.
    pub(crate) fn draw(&mut self) {
        self.draws = true;
    }

    /// What is seen changes in this update and in the next.
    pub(crate) fn animate(&mut self) {
        self.draws = true;
        self.moves = true;
    }

    /// Something is due in `millis` at the latest.
    pub(crate) fn again_in(&mut self, millis: u64) {
        self.due_millis = Some(self.due_millis.map_or(millis, |it| it.min(millis)));
    }

    /// For how long what moves is to move in this update. Nothing jumps after a pause.
    pub(crate) fn step_secs(&self) -> f32 {
        self.step_secs
    }

    /// Whether what is seen changes in the next update as well.
    pub(crate) fn moves(&self) -> bool {
        self.moves
    }

    /// Whether what is seen changes in this update.
    pub(crate) fn draws(&self) -> bool {
        self.draws
    }

    /// What is to come.
    pub(crate) fn next(&self) -> Next {
        match (self.moves, self.due_millis) {
            (true, _) => Next::Frame,
            (false, Some(millis)) => Next::In(millis),
            (false, None) => Next::Nothing,
        }
    }
}

fn settle(mut awake: ResMut<Awake>, time: Res<Time<Real>>) {
    let step_secs = if awake.moves {
        time.delta_secs().min(theme::LONGEST_STEP_SECS)
    } else {
        theme::FIRST_STEP_SECS
    };
    *awake = Awake {
        step_secs,
        ..Awake::default()
    };
}
