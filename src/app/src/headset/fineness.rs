//! How finely the eyes are drawn: less so while the headset's frames come late.
//!
//! Frames never come earlier than the headset shows them, so whether more could be drawn is found
//! out by trying. After a try that failed it takes twice as long until the next one.

/// The steps of fineness: pixels along each side, in shares of the finest.
const STEPS: [f32; 5] = [1.0, 0.9, 0.8, 0.7, 0.6];
/// Of so many frames it is told whether they are late.
const TOLD_BY: usize = 30;
/// How much longer than it should a frame may take.
const LATE: f32 = 1.2;
/// How many times in a row frames must be in time before more is tried, at first and at most.
const PATIENCE: u32 = 4;
const PATIENCE_MOST: u32 = 128;
/// What a headset shows that does not say, frames a second.
const RATE_HZ: f32 = 72.0;
/// A gap that is longer is a pause and no frame, seconds.
const PAUSE_SECS: f32 = 0.5;

/// How finely the eyes are drawn, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fineness {
    step: usize,
    recent: Vec<f32>,
    /// How many times in a row they were in time.
    in_time: u32,
    patience: u32,
    /// More has just been tried.
    tries: bool,
}

impl Default for Fineness {
    fn default() -> Self {
        Self {
            step: 0,
            recent: Vec::with_capacity(TOLD_BY),
            in_time: 0,
            patience: PATIENCE,
            tries: false,
        }
    }
}

impl Fineness {
    /// Pixels along each side, in shares of the finest.
    pub(super) fn share(&self) -> f32 {
        STEPS[self.step]
    }

    /// Takes a frame that came `secs` after the one before it.
    pub(super) fn take(&mut self, secs: f32, rate_hz: Option<f32>) {
        if secs > PAUSE_SECS {
            self.recent.clear();
            return;
        }
        self.recent.push(secs);
        if self.recent.len() < TOLD_BY {
            return;
        }
        self.recent.sort_by(f32::total_cmp);
        // Whoever is late now and then stutters already.
        let slow = self.recent[TOLD_BY * 3 / 4];
        self.recent.clear();
        if slow * rate_hz.unwrap_or(RATE_HZ) > LATE {
            if self.tries {
                self.patience = (self.patience * 2).min(PATIENCE_MOST);
            }
            (self.in_time, self.tries) = (0, false);
            self.step = (self.step + 1).min(STEPS.len() - 1);
            return;
        }
        (self.in_time, self.tries) = (self.in_time + 1, false);
        if self.in_time >= self.patience && self.step > 0 {
            (self.step, self.in_time, self.tries) = (self.step - 1, 0, true);
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "a step is taken as it is, and nothing is computed with it"
)]
mod tests {
    use super::*;

    fn goes(fineness: &mut Fineness, times: usize, hz: f32) {
        (0..times * TOLD_BY).for_each(|_| fineness.take(1.0 / hz, Some(72.0)));
    }

    #[test]
    fn late_frames_are_drawn_less_finely_and_not_below_the_last_step() {
        let mut fineness = Fineness::default();
        goes(&mut fineness, 1, 50.0);
        assert_eq!(fineness.share(), STEPS[1]);
        goes(&mut fineness, 20, 50.0);
        assert_eq!(fineness.share(), STEPS[4]);
    }

    #[test]
    fn frames_in_time_are_drawn_more_finely_after_a_while() {
        let mut fineness = Fineness::default();
        goes(&mut fineness, 3, 50.0);
        goes(&mut fineness, 3, 72.0);
        let before = fineness.share();
        goes(&mut fineness, 100, 72.0);
        assert!(before < 1.0);
        assert_eq!(fineness.share(), 1.0);
    }

    #[test]
    fn who_can_draw_one_step_and_not_the_next_tries_ever_more_seldom() {
        let mut fineness = Fineness::default();
        let mut changes = 0;
        for _ in 0..2000 {
            let before = fineness.step;
            // The finest step is too much.
            goes(&mut fineness, 1, if before == 0 { 55.0 } else { 72.0 });
            changes += u32::from(before != fineness.step);
        }
        assert!(changes < 50, "{changes}");
    }

    #[test]
    fn a_pause_is_no_late_frame() {
        let mut fineness = Fineness::default();
        for _ in 0..100 {
            fineness.take(0.9, Some(72.0));
        }
        assert_eq!(fineness.share(), 1.0);
    }
}
