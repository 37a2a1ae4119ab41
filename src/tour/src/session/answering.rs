//! Answers: who may give them, who marks them, and what marks they bring.

use crate::{
    Event, Refusal, Response, Session, Venue, Verdict,
    checkpoint::{Asked, Mark, Marked, SlotEnd},
    id::QuestionId,
    progress::Standing,
    venue::{Checkpoint, EvidenceKind, Marking},
};

impl Session {
    /// Takes the server's word on an answer that only it can mark, and tells what follows.
    ///
    /// A verdict that is not awaited changes nothing, so it may be told twice. One that overtook
    /// the verdict on an earlier answer of the same checkpoint takes effect after that one.
    pub fn learn(&mut self, venue: &Venue, verdict: &Verdict) -> Vec<Event> {
        let Some((checkpoint, _)) = venue.question(&verdict.question) else {
            return Vec::new();
        };
        let before = Standing::of(self, venue);
        let Some(asked) = self.asked.get_mut(&checkpoint.id) else {
            return Vec::new();
        };
        let marked = asked.learn(checkpoint, self.seed, venue.completion.attempts, verdict);
        let mut events = self.tell(venue, checkpoint, marked);
        self.follow(venue, &before, &mut events);
        events
    }

    pub(super) fn answer(
        &mut self,
        venue: &Venue,
        question: &QuestionId,
        response: &Response,
        said: Option<&Verdict>,
    ) -> Result<Vec<Event>, Refusal> {
        let (checkpoint, question) = venue.question(question).ok_or(Refusal::UnknownQuestion)?;
        let stop = venue.stop_asking(&checkpoint.id).ok_or(Refusal::NotAsked)?;
        self.must_have_arrived(stop)?;
        if !self.is_available(venue, stop) {
            return Err(Refusal::Locked);
        }
        let mut asked = self.asked_or_drawn(checkpoint);
        let slot = open_slot(&asked, &question.id)?;
        if !question.admits(venue, response) {
            return Err(Refusal::WrongKindOfAnswer);
        }
        let events = if let Some(key) = &question.key {
            let said = said.filter(|verdict| {
                checkpoint.marking == Marking::Server && verdict.question == question.id
            });
            let by_key = || Mark {
                right: key == response,
                shown_at: None,
            };
            let mark = said.map_or_else(by_key, Mark::from);
            let attempts = venue.completion.attempts;
            let marked = asked.mark(checkpoint, self.seed, attempts, slot, mark);
            self.asked.insert(checkpoint.id.clone(), asked);
            self.tell(venue, checkpoint, marked)
        } else {
            asked.await_verdict(self.seq + 1, slot);
            self.asked.insert(checkpoint.id.clone(), asked);
            vec![Event::Pending {
                question: question.id.clone(),
            }]
        };
        Ok(events)
    }

    /// The events of answers that were just marked.
    fn tell(
        &mut self,
        venue: &Venue,
        checkpoint: &Checkpoint,
        marked: impl IntoIterator<Item = Marked>,
    ) -> Vec<Event> {
        let attempts = venue.completion.attempts;
        let mut events: Vec<Event> = marked
            .into_iter()
            .map(|it| Event::Marked {
                checkpoint: checkpoint.id.clone(),
                question: it.question,
                right: it.right,
                attempt: it.attempt,
                score: it.points.unwrap_or(0) as f32 / attempts as f32,
                settled: it.points.is_some(),
                lead_back: it.lead_back,
                next: it.next,
            })
            .collect();
        if self.asked(checkpoint).is_some_and(Asked::is_through)
            && let Some(stop) = venue.stop_asking(&checkpoint.id)
        {
            events.extend(self.gain(&stop.id, EvidenceKind::Answered));
        }
        events
    }
}

/// The place in which a question can be answered now.
fn open_slot(asked: &Asked, question: &QuestionId) -> Result<usize, Refusal> {
    let mut places = asked.slots.iter();
    let slot = places
        .position(|slot| slot.question == *question)
        .ok_or(Refusal::NotAsked)?;
    match asked.slots[slot].end {
        Some(SlotEnd::Right | SlotEnd::Exhausted) => Err(Refusal::AlreadySettled),
        None if asked.is_awaiting(slot) => Err(Refusal::AwaitingVerdict),
        None => Ok(slot),
    }
}
