//! Random visitors: sensible ones, clumsy ones, and ones that make requests up.

use proptest::prelude::*;
use xinghuo_tour::{Action, Entry, Event, Response, Session, StopId, Venue};

use crate::given;

/// Something that a visitor may try.
#[derive(Debug, Clone)]
pub(crate) enum Move {
    /// Whatever it is, that long after the last action.
    After(u64, Action),
    /// Whatever it is, at any time at all.
    Wild(u64, Action),
    /// Answers what is asked at a stop, in one of its places.
    Answer {
        stop: usize,
        place: usize,
        right: bool,
    },
}

/// A visit and what came of it.
pub(crate) struct Played {
    pub(crate) session: Session,
    pub(crate) entries: Vec<Entry>,
    pub(crate) events: Vec<Event>,
}

impl Move {
    /// Makes the move in a session on the `known` venue; keys are looked up in the `whole` one.
    /// Gives the entry, unless it was refused, and the events.
    pub(crate) fn make(
        &self,
        whole: &Venue,
        known: &Venue,
        session: &mut Session,
    ) -> (Option<Entry>, Vec<Event>) {
        let (at, action) = match self {
            Self::After(millis, action) => (session.at().saturating_add(*millis), action.clone()),
            Self::Wild(at, action) => (*at, action.clone()),
            Self::Answer { stop, place, right } => {
                let answer = answer(whole, known, session, (*stop, *place), *right);
                (session.at().saturating_add(100), answer)
            }
        };
        let events = session.apply(known, &action, at);
        let is_refused = matches!(events[..], [Event::Refused(_)]);
        let seq = session.seq();
        let entry = (!is_refused).then_some(Entry { seq, at, action });
        (entry, events)
    }
}

fn answer(
    whole: &Venue,
    known: &Venue,
    session: &Session,
    (stop, place): (usize, usize),
    right: bool,
) -> Action {
    let stop = &whole.stops[stop % whole.stops.len()];
    let panel = session.checkpoint(known, &stop.id);
    let Some(slot) = panel.as_ref().and_then(|panel| panel.slots.get(place)) else {
        return Action::Arrive {
            stop: stop.id.clone(),
        };
    };
    let question = &slot.question.question;
    let (_, asked) = whole.question(question).expect("a question of the venue");
    let response = if right {
        asked.key.clone().expect("a key")
    } else {
        given::wrong_answer(whole, asked)
    };
    Action::Answer {
        question: question.clone(),
        response,
    }
}

pub(crate) fn play(venue: &Venue, seed: u64, moves: &[Move]) -> Played {
    let whole = given::venue();
    let mut played = Played {
        session: Session::new(seed),
        entries: Vec::new(),
        events: Vec::new(),
    };
    for it in moves {
        let (entry, events) = it.make(&whole, venue, &mut played.session);
        played.entries.extend(entry);
        played.events.extend(events);
    }
    played
}

pub(crate) fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        120 => (0..5000_u64, action()).prop_map(|(after, action)| Move::After(after, action)),
        // Seldom, because little can be tested after the end of time.
        1 => (any::<u64>(), action()).prop_map(|(at, action)| Move::Wild(at, action)),
        90 => (0..4_usize, 0..2_usize, any::<bool>())
            .prop_map(|(stop, place, right)| Move::Answer { stop, place, right }),
    ];
    prop::collection::vec(one, 0..120)
}

fn stop() -> impl Strategy<Value = StopId> {
    let ids = ["landing", "table", "bow", "door", "nowhere"];
    prop::sample::select(ids.to_vec()).prop_map(|id| id.parse().expect(id))
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        1 => prop::sample::select(&["lake", "hall", "attic"][..])
            .prop_map(|id| Action::Enter { room: id.parse().expect(id) }),
        4 => stop().prop_map(|stop| Action::Arrive { stop }),
        3 => (stop(), 0..6000_u32).prop_map(|(stop, millis)| Action::Look { stop, millis }),
        2 => stop().prop_map(|stop| Action::Describe { stop }),
        4 => stop().prop_map(|stop| Action::Story { stop }),
        1 => (question(), response())
            .prop_map(|(question, response)| Action::Answer { question, response }),
    ]
}

fn question() -> impl Strategy<Value = xinghuo_tour::QuestionId> {
    let ids = [
        "table-who",
        "table-what",
        "table-find",
        "table-where",
        "bow-order",
        "bow-match",
        "door-find",
        "never-asked",
    ];
    prop::sample::select(ids.to_vec()).prop_map(|id| id.parse().expect(id))
}

fn response() -> impl Strategy<Value = Response> {
    let ids = [
        "wang", "li", "tea", "lamp", "oar", "sail", "wood", "mast", "cabin", "stern", "x",
    ];
    let option = || {
        prop::sample::select(ids.to_vec())
            .prop_map(|id| id.parse::<xinghuo_tour::OptionId>().expect(id))
    };
    prop_oneof![
        option().prop_map(Response::Single),
        prop::collection::btree_set(option(), 0..4).prop_map(Response::Multiple),
        prop::collection::vec(option(), 0..4).prop_map(Response::Order),
        prop::collection::btree_map(option(), option(), 0..4).prop_map(Response::Match),
        prop::sample::select(&["tea-set", "scroll", "kite"][..])
            .prop_map(|id| Response::Locate(id.parse().expect(id))),
    ]
}
