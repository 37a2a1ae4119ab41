//! The lanterns over stops and the signs at doors, as they are drawn.

use std::ops::Range;

use bevy::prelude::*;

use super::{kit::Kit, lights::Lights, list::List, told::Part};
use crate::{doors::Sign, eye::Eye, headset::MARKS_MOST, marker::Lantern, room::ray::Bounds};

/// Bytes of `Lantern` in `lantern.wgsl`.
pub(super) const LANTERN_BYTES: u64 = 48;
/// How many lanterns and signs a room can have.
pub(super) const LANTERNS_MOST: usize = 128;

/// All that hang in a room, farthest first, because they let something of each other through.
#[derive(Default)]
pub(super) struct Hangings(Vec<Hanging>);

/// A lantern or a sign: what its shader is told of it.
struct Hanging {
    is_sign: bool,
    uniforms: [f32; 12],
}

impl Hanging {
    fn lantern(it: &Lantern, lights: &mut Lights) -> Self {
        let looks = (lights.of(it.color), it.alpha, it.lit);
        Self::new(false, it.position, it.size_m, looks, 0.0)
    }

    fn sign(it: &Sign, lights: &mut Lights) -> Self {
        let looks = (lights.of(it.color), it.alpha, it.lit);
        Self::new(true, it.position, it.size_m, looks, it.yaw)
    }

    fn new(
        is_sign: bool,
        at: Vec3,
        size_m: f32,
        ([r, g, b], alpha, lit): ([f32; 3], f32, f32),
        yaw: f32,
    ) -> Self {
        let (sin, cos) = yaw.sin_cos();
        Self {
            is_sign,
            uniforms: [at.x, at.y, at.z, size_m, r, g, b, alpha, lit, cos, sin, 0.0],
        }
    }

    fn far(&self, eye: Vec3) -> f32 {
        let [x, y, z, ..] = self.uniforms;
        Vec3::new(x, y, z).distance_squared(eye)
    }

    /// A box around it, however it is turned: its shape fits into one of twice its size.
    fn bounds(&self) -> Bounds {
        let [x, y, z, size_m, ..] = self.uniforms;
        let middle = Vec3::new(x, y, z);
        Bounds {
            min: middle - size_m,
            max: middle + size_m,
        }
    }
}

impl Hangings {
    /// Takes over what the main world says of them.
    pub(super) fn take<'a>(
        &mut self,
        lanterns: impl Iterator<Item = &'a Lantern>,
        signs: impl Iterator<Item = &'a Sign>,
        eye: &Eye,
        lights: &mut Lights,
    ) {
        let Self(all) = self;
        all.clear();
        let lanterns = lanterns.filter(|it| it.alpha > 0.01);
        all.extend(lanterns.map(|it| Hanging::lantern(it, lights)));
        let signs = signs.filter(|it| it.alpha > 0.01);
        all.extend(signs.map(|it| Hanging::sign(it, lights)));
        let far = |it: &Hanging| it.far(eye.position);
        // Of too many, the nearest are drawn.
        if all.len() > LANTERNS_MOST {
            all.select_nth_unstable_by(LANTERNS_MOST, |a, b| far(a).total_cmp(&far(b)));
            all.truncate(LANTERNS_MOST);
        }
        all.sort_by(|a, b| far(b).total_cmp(&far(a)));
    }

    /// Tells the shaders of them, in one go for all from which the room is seen.
    pub(super) fn tell(&self, kit: &Kit, list: &mut List) {
        // They come after a headset's marks.
        let from = MARKS_MOST as u64 * LANTERN_BYTES;
        let all = self.0.iter().flat_map(|it| it.uniforms);
        list.tell_shaders(&kit.told, Part::Hangings, from, all);
    }

    /// Draws those that can be in view; those of one shape that come one after the other, at once.
    pub(super) fn draw(&self, list: &mut List, kit: &Kit, meets: impl Fn(&Bounds) -> bool) {
        let mut runs: Vec<(bool, Range<u32>)> = Vec::new();
        for (i, hanging) in (MARKS_MOST as u32..)
            .zip(&self.0)
            .filter(|(_, it)| meets(&it.bounds()))
        {
            match runs.last_mut() {
                Some((is_sign, run)) if *is_sign == hanging.is_sign && run.end == i => {
                    run.end = i + 1;
                }
                _ => runs.push((hanging.is_sign, i..i + 1)),
            }
        }
        if !runs.is_empty() {
            list.set_pipeline(&kit.pipelines.lantern);
            list.set_bind_group(1, &kit.hanging_bindings);
        }
        for (is_sign, run) in runs {
            let shape = if is_sign { &kit.sign } else { &kit.lantern };
            list.set_buffers(&shape.vertices, &shape.indices);
            list.draw_instances(0..shape.count, run);
        }
    }
}
