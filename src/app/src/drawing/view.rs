//! What is looked for in a room, and what is found.

use std::{f32::consts::PI, ops::Range};

use bevy::prelude::*;

use super::{
    frame::Shot,
    only::Only,
    stage::{Piece, Stage, Stuff},
};
use crate::room::{
    frustum::{Frustum, Margin},
    model::Finish,
    ray::Bounds,
};

/// How far a head turns and moves until what is in view is looked for anew: as long as the same is
/// drawn, a headset's frames are told in a fraction of the time ([`again`](super::again)).
const MARGIN: Margin = Margin {
    turn: 0.26,
    way_m: 0.05,
};
/// And if all round is drawn: how far the order of what is nearest is good enough.
const ROUND: Margin = Margin {
    turn: PI,
    way_m: 0.5,
};

/// Triangles that are drawn at once: which of a stage's materials they are made of, and which indices they have.
pub(super) type Run = (usize, Range<u32>);

/// Of so many pieces, each call costs more than shading what turns out to be hidden.
const PIECES_MANY: usize = 200;

/// What is looked for in a room, and from where.
pub(super) struct View {
    /// Everything is, if there is none.
    frustum: Option<Frustum>,
    eye: Vec3,
}

impl View {
    pub(super) fn of(shot: &Shot) -> Self {
        Self {
            frustum: Some(Frustum::new(&shot.looking)),
            eye: shot.looking.eye,
        }
    }

    /// What a head sees from there that turns and moves. A small room is drawn all round: whatever is of
    /// one material is one draw then, and wherever the head turns the same is drawn.
    fn of_head(shot: &Shot, stage: &Stage) -> Self {
        let Shot { looking, .. } = shot;
        Self {
            frustum: (!stage.is_small()).then(|| Frustum::with_margin(looking, MARGIN)),
            eye: looking.eye,
        }
    }

    pub(super) fn meets(&self, bounds: &Bounds) -> bool {
        self.frustum.as_ref().is_none_or(|it| it.meets(bounds))
    }

    /// What can be seen, nearest first, so that what is hidden is not shaded; the sky, which is behind
    /// everything, last. Of very many pieces, or all round, those of one material are drawn together,
    /// and those whose indices follow each other at once.
    pub(super) fn of_stage(&self, stage: &Stage, wanted: impl Fn(&Piece) -> bool) -> Vec<Run> {
        let pieces = stage.stuffs.iter().map(|it| it.pieces.len());
        let are_many = pieces.sum::<usize>() > PIECES_MANY;
        let mut seen = Vec::new();
        for (number, stuff) in stage.stuffs.iter().enumerate() {
            // Few panes are seen through each other, and so each has its turn.
            let all_round = self.frustum.is_none() && stuff.finish != Finish::Glass;
            let many = are_many || all_round;
            let mut runs: Vec<(f32, Range<u32>)> = Vec::new();
            for piece in &stuff.pieces {
                if !wanted(piece) || !self.meets(&piece.bounds) {
                    continue;
                }
                let nearest = self.eye.clamp(piece.bounds.min, piece.bounds.max);
                let far = nearest.distance_squared(self.eye);
                match runs.last_mut() {
                    Some((least, run)) if many && run.end == piece.indices.start => {
                        (*least, run.end) = (least.min(far), piece.indices.end);
                    }
                    _ => runs.push((far, piece.indices.clone())),
                }
            }
            let nearest = runs.iter().map(|it| it.0).fold(f32::MAX, f32::min);
            let runs = runs.into_iter();
            seen.extend(runs.map(|(far, run)| (if many { nearest } else { far }, (number, run))));
        }
        seen.sort_by(|(a, (of_a, _)), (b, (of_b, _))| {
            let [of_a, of_b] = [*of_a, *of_b].map(|it| &stage.stuffs[it]);
            // A change of pipelines costs the main thread more than several draws do.
            let pipeline = |it: &Stuff| match it.finish {
                Finish::Baked => (it.glossy, it.double_sided),
                _ => (false, false),
            };
            let order = |it: &Stuff| (it.finish.order(), pipeline(it));
            let nearest_first = a.total_cmp(b);
            order(of_a).cmp(&order(of_b)).then(match of_a.finish {
                // What lets something through is put over what it lets through.
                Finish::Glass => nearest_first.reverse(),
                _ => nearest_first,
            })
        });
        seen.into_iter().map(|(_, run)| run).collect()
    }
}

/// From where somebody looked in a headset, and what they found there. It holds until they look from elsewhere.
pub(super) struct Looked {
    from: Shot,
    found: Option<Found>,
}

/// What was found: in which room, as what alone is drawn there, and what is elsewhere.
struct Found {
    room: wgpu::Buffer,
    only: Only,
    moved: Option<String>,
    runs: Vec<Run>,
}

impl Looked {
    pub(super) fn new(from: Shot) -> Self {
        Self { from, found: None }
    }

    /// Whether what is drawn of a room as from there can be drawn as from `shot` as well.
    pub(super) fn holds(&self, shot: &Shot, stage: &Stage) -> bool {
        let margin = if stage.is_small() { ROUND } else { MARGIN };
        self.from.looking.is_near(&shot.looking, margin)
    }

    pub(super) fn view(&self, stage: &Stage) -> View {
        View::of_head(&self.from, stage)
    }

    /// What is found from there, by `find` if it was not found already.
    pub(super) fn runs(
        &mut self,
        stage: &Stage,
        (only, moved): (&Only, Option<&String>),
        find: impl FnOnce() -> Vec<Run>,
    ) -> &[Run] {
        let holds = |it: &Found| {
            it.room == stage.vertices && it.only == *only && it.moved.as_ref() == moved
        };
        let found = self.found.take().filter(holds).unwrap_or_else(|| Found {
            room: stage.vertices.clone(),
            only: only.clone(),
            moved: moved.cloned(),
            runs: find(),
        });
        &self.found.insert(found).runs
    }
}
