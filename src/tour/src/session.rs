//! A visit: actions go in, events come out, and the same actions give the same visit again.

mod answering;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Action, Entry, Event, Refusal, Venue, Verdict,
    checkpoint::Asked,
    id::{CheckpointId, RoomId, StopId},
    progress::Standing,
    venue::{Checkpoint, EvidenceKind, Stop},
};

/// One visit of one visitor, as far as it means anything.
///
/// It holds no words, no positions and no wall clock. Nothing in it is ever taken back: evidence
/// stays, completion never falls, and completed, passed or failed happens at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub(crate) seed: u64,
    seq: u32,
    at: u64,
    room: Option<RoomId>,
    looked_until: u64,
    stops: BTreeMap<StopId, Visited>,
    asked: BTreeMap<CheckpointId, Asked>,
}

/// What a visitor has shown at a stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Visited {
    evidence: BTreeSet<EvidenceKind>,
    looked_millis: u64,
}

impl Session {
    /// How many entries the log of a visit may hold: far more than a visitor makes in a day, and
    /// few enough to replay at once.
    pub const MAX_ENTRIES: u32 = 20_000;

    /// A visit that begins. The seed (below 2⁵³, to survive JavaScript) comes from the server and
    /// decides which questions are drawn and in which order options stand.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            seq: 0,
            at: 0,
            room: None,
            looked_until: 0,
            stops: BTreeMap::new(),
            asked: BTreeMap::new(),
        }
    }

    /// The visit that a log tells of, as far as the log holds: from the first entry that is out of
    /// sequence or refused, the rest is ignored.
    ///
    /// A verdict takes effect right after the entry whose number it bears, and comes before the
    /// venue's own key: what was said of an answer stays, even if the key was wrong and is
    /// corrected later.
    #[must_use]
    pub fn replay(venue: &Venue, entries: &[Entry], verdicts: &[Verdict], seed: u64) -> Self {
        let mut session = Self::new(seed);
        let verdicts: BTreeMap<u32, &Verdict> = verdicts.iter().map(|it| (it.seq, it)).collect();
        for entry in entries {
            if entry.seq != session.seq + 1 {
                continue;
            }
            let verdict = verdicts.get(&entry.seq).copied();
            session.take(venue, &entry.action, entry.at, verdict);
            if let Some(verdict) = verdict {
                session.learn(venue, verdict);
            }
        }
        session
    }

    /// How many entries were accepted so far; the next one has the number after it.
    #[must_use]
    pub fn seq(&self) -> u32 {
        self.seq
    }

    /// When the last accepted action was, milliseconds since the visit began.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The room that the visitor is in.
    #[must_use]
    pub fn room<'a>(&'a self, venue: &'a Venue) -> &'a RoomId {
        self.room.as_ref().unwrap_or(&venue.start.room)
    }

    /// For how long a stop's artifact has been in view so far, milliseconds.
    #[must_use]
    pub fn looked_millis(&self, stop: &StopId) -> u64 {
        self.stops.get(stop).map_or(0, |it| it.looked_millis)
    }

    /// Takes an action at `at` milliseconds since the visit began, and tells what follows from it.
    ///
    /// A refused action changes nothing and yields [`Event::Refused`] alone. A repeat of what is
    /// known is accepted and yields nothing.
    pub fn apply(&mut self, venue: &Venue, action: &Action, at: u64) -> Vec<Event> {
        self.take(venue, action, at, None)
    }

    /// The same, with what was said of the answer before, if it is one and anything was.
    fn take(
        &mut self,
        venue: &Venue,
        action: &Action,
        at: u64,
        said: Option<&Verdict>,
    ) -> Vec<Event> {
        let before = Standing::of(self, venue);
        match self.accept(venue, action, at, said) {
            Ok(mut events) => {
                self.seq += 1;
                self.at = at;
                self.follow(venue, &before, &mut events);
                events
            }
            Err(refusal) => vec![Event::Refused(refusal)],
        }
    }

    /// Checks an action completely before it changes anything.
    fn accept(
        &mut self,
        venue: &Venue,
        action: &Action,
        at: u64,
        said: Option<&Verdict>,
    ) -> Result<Vec<Event>, Refusal> {
        if self.seq >= Self::MAX_ENTRIES {
            return Err(Refusal::TooLong);
        }
        if at < self.at {
            return Err(Refusal::ClockRanBack);
        }
        let known = |stop| venue.stop(stop).ok_or(Refusal::UnknownStop);
        match action {
            Action::Enter { room } => {
                if !venue.rooms.contains_key(room) {
                    return Err(Refusal::UnknownRoom);
                }
                Ok(self.enter(room))
            }
            Action::Arrive { stop } => Ok(self.arrive(known(stop)?)),
            Action::Look { stop, millis } => self.look(venue, known(stop)?, *millis, at),
            Action::Describe { stop } => self.describe(known(stop)?),
            Action::Story { stop } => {
                self.must_have_arrived(known(stop)?)?;
                Ok(self.gain(stop, EvidenceKind::Story))
            }
            Action::Answer { question, response } => self.answer(venue, question, response, said),
        }
    }

    fn enter(&mut self, room: &RoomId) -> Vec<Event> {
        if self.room.as_ref() == Some(room) {
            return Vec::new();
        }
        self.room = Some(room.clone());
        vec![Event::Entered { room: room.clone() }]
    }

    /// Whoever stands at a stop is in its room: the text walk has no doors.
    fn arrive(&mut self, stop: &Stop) -> Vec<Event> {
        let mut events = self.enter(&stop.room);
        let gained = self.gain(&stop.id, EvidenceKind::Arrived);
        if !gained.is_empty() {
            events.push(Event::Arrived {
                stop: stop.id.clone(),
            });
        }
        events.extend(gained);
        events
    }

    /// The span covers the `millis` before `at`; spans never overlap, so that nobody looks at two
    /// things, or for longer, than the clock allows.
    fn look(
        &mut self,
        venue: &Venue,
        stop: &Stop,
        millis: u32,
        at: u64,
    ) -> Result<Vec<Event>, Refusal> {
        let artifact = stop.artifact.as_ref().ok_or(Refusal::NoArtifact)?;
        if *self.room(venue) != stop.room {
            return Err(Refusal::NotThere);
        }
        let millis = u64::from(millis);
        let begin = at.checked_sub(millis).ok_or(Refusal::MoreThanTheClock)?;
        if begin < self.looked_until {
            return Err(Refusal::MoreThanTheClock);
        }
        self.looked_until = at;
        let visited = self.stops.entry(stop.id.clone()).or_default();
        visited.looked_millis = visited.looked_millis.saturating_add(millis);
        if visited.looked_millis < u64::from(artifact.observe_millis) {
            return Ok(Vec::new());
        }
        Ok(self.gain(&stop.id, EvidenceKind::Observed))
    }

    fn describe(&mut self, stop: &Stop) -> Result<Vec<Event>, Refusal> {
        if stop.artifact.is_none() {
            return Err(Refusal::NoArtifact);
        }
        self.must_have_arrived(stop)?;
        Ok(self.gain(&stop.id, EvidenceKind::Observed))
    }

    fn must_have_arrived(&self, stop: &Stop) -> Result<(), Refusal> {
        if self.has_arrived(&stop.id) {
            Ok(())
        } else {
            Err(Refusal::NotThere)
        }
    }

    fn gain(&mut self, stop: &StopId, kind: EvidenceKind) -> Vec<Event> {
        let visited = self.stops.entry(stop.clone()).or_default();
        if visited.evidence.insert(kind) {
            vec![Event::Evidence {
                stop: stop.clone(),
                kind,
            }]
        } else {
            Vec::new()
        }
    }

    /// Tells what the visit has come to, compared with where it stood `before`.
    fn follow(&self, venue: &Venue, before: &Standing, events: &mut Vec<Event>) {
        let after = Standing::of(self, venue);
        for (index, stop) in venue.stops.iter().enumerate() {
            if after.done[index] && !before.done[index] {
                events.push(Event::StopDone {
                    stop: stop.id.clone(),
                });
            }
        }
        if after.completion() > before.completion() {
            events.push(Event::Progressed {
                completion: after.completion(),
            });
        }
        if after.completed() && !before.completed() {
            events.push(Event::Completed);
        }
        let scaled = after.marks.scaled();
        match (before.marks.passed, after.marks.passed) {
            (None, Some(true)) => events.push(Event::Passed { scaled }),
            (None, Some(false)) => events.push(Event::Failed { scaled }),
            _ => {}
        }
    }

    pub(crate) fn has_arrived(&self, stop: &StopId) -> bool {
        self.evidence_at(stop).contains(&EvidenceKind::Arrived)
    }

    /// The evidence that is there for a stop.
    pub(crate) fn evidence_at(&self, stop: &StopId) -> &BTreeSet<EvidenceKind> {
        const NONE: &BTreeSet<EvidenceKind> = &BTreeSet::new();
        self.stops.get(stop).map_or(NONE, |it| &it.evidence)
    }

    /// Whether a stop has all the evidence that it asks for.
    pub(crate) fn is_done(&self, stop: &Stop) -> bool {
        stop.evidence.is_subset(self.evidence_at(&stop.id))
    }

    /// Whether the stops that come before this one are done.
    pub(crate) fn is_available(&self, venue: &Venue, stop: &Stop) -> bool {
        let mut first = stop.prerequisites.iter();
        first.all(|id| venue.stop(id).is_some_and(|it| self.is_done(it)))
    }

    /// What a checkpoint has asked so far, if anything was answered.
    pub(crate) fn asked(&self, checkpoint: &Checkpoint) -> Option<&Asked> {
        self.asked.get(&checkpoint.id)
    }

    /// What a checkpoint has asked so far, or will ask first.
    pub(crate) fn asked_or_drawn(&self, checkpoint: &Checkpoint) -> Asked {
        let asked = self.asked(checkpoint).cloned();
        asked.unwrap_or_else(|| Asked::draw(checkpoint, self.seed))
    }
}
