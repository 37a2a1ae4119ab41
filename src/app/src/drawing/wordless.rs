//! What stands in the place of [`words`](super::words) where the app is built without them.

use super::{kit::Kit, list::List};
use crate::headset::{Board, Painted};

/// What would show a board.
pub(super) struct Words;

impl Words {
    pub(super) fn new(_: &wgpu::Device, _: &wgpu::Queue, _: &Kit, _: u32) -> Self {
        Self
    }

    pub(super) fn take(
        &mut self,
        _: [Option<&Board>; 2],
        _: Option<&Painted>,
        _: &wgpu::Device,
        _: &wgpu::Queue,
    ) {
    }

    pub(super) fn tell(&self, _: &Kit, _: &mut List) {}

    pub(super) fn draw(&self, _: &mut List) {}
}
