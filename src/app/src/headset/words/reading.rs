//! When a story counts as read: as on the page, its end was reached, and not faster than anybody
//! reads; one that is seen at once is read when the visitor says so.

/// A story under the visitor's eyes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    millis: f32,
    reached: bool,
    said: bool,
}

impl Reading {
    /// It was to be seen for another `millis`; whether its end was in view.
    pub(super) fn see(&mut self, millis: f32, end: bool) {
        self.millis += millis;
        self.reached |= end;
    }

    /// The reader says so.
    pub(super) fn say(&mut self) {
        self.said = true;
    }

    /// Whether the reader has said so.
    pub(super) fn is_said(&self) -> bool {
        self.said
    }

    /// Whether it has been read; `fits` says whether all of it is seen at once.
    pub(super) fn is_read(&self, least_millis: f32, fits: bool) -> bool {
        if fits {
            return self.said;
        }
        (self.reached || self.said) && self.millis >= least_millis
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_story_is_read_at_its_end_and_not_before_anybody_could_have() {
        let mut reading = Reading::default();
        reading.see(3000.0, false);
        assert!(!reading.is_read(2000.0, false));
        reading.see(100.0, true);
        assert!(reading.is_read(2000.0, false));
        assert!(!reading.is_read(4000.0, false));
    }

    #[test]
    fn a_story_that_is_seen_at_once_is_read_when_the_reader_says_so() {
        let mut reading = Reading::default();
        reading.see(9000.0, true);
        assert!(!reading.is_read(100.0, true));
        reading.say();
        assert!(reading.is_read(100.0, true));
    }
}
