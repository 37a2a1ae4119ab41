//! Visits of any actions in any order: nothing that was shown is taken back, what is refused
//! changes nothing, a log replays to the visit it came from, and the browser agrees with the
//! server.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use xinghuo_tour::{Action, Entry, Event, Response, Session, Venue, Verdict};

static WHOLE: LazyLock<Venue> = LazyLock::new(xinghuo_fuzz::venue);
static PUBLIC: LazyLock<Venue> = LazyLock::new(|| WHOLE.clone().without_keys());

/// Something that a visitor may try; numbers choose among what there is.
#[derive(Debug, Arbitrary)]
enum Move {
    Enter(bool),
    Arrive(u8),
    Look(u8, u32),
    Describe(u8),
    Story(u8),
    /// The right answer, or one of the options, to what is asked in a place at a stop.
    Answer(u8, u8, bool, u8),
}

#[derive(Debug, Arbitrary)]
struct Step {
    after: u16,
    /// The clock is set to this instead, seldom.
    wild: Option<(u8, u64)>,
    action: Move,
}

/// The action that a move is, if there is one like it.
fn action(session: &Session, it: &Move) -> Option<Action> {
    let stop = |n: u8| WHOLE.stops[usize::from(n) % WHOLE.stops.len()].id.clone();
    Some(match *it {
        Move::Enter(first) => {
            let room = if first {
                WHOLE.rooms.keys().next()
            } else {
                WHOLE.rooms.keys().last()
            };
            Action::Enter {
                room: room?.clone(),
            }
        }
        Move::Arrive(n) => Action::Arrive { stop: stop(n) },
        Move::Look(n, millis) => Action::Look {
            stop: stop(n),
            millis,
        },
        Move::Describe(n) => Action::Describe { stop: stop(n) },
        Move::Story(n) => Action::Story { stop: stop(n) },
        Move::Answer(n, place, right, option) => {
            let panel = session.checkpoint(&WHOLE, &stop(n))?;
            let slot = panel
                .slots
                .get(usize::from(place) % panel.slots.len().max(1))?;
            let (_, question) = WHOLE.question(&slot.question.question)?;
            let response = if right {
                question.key.clone()?
            } else {
                let options = &question.options;
                let option = options.get(usize::from(option) % options.len().max(1))?;
                Response::Single(option.clone())
            };
            Action::Answer {
                question: question.id.clone(),
                response,
            }
        }
    })
}

fuzz_target!(|visit: (u64, Vec<Step>)| {
    let (seed, steps) = visit;
    let (mut server, mut browser) = (Session::new(seed), Session::new(seed));
    let (mut log, mut told) = (Vec::new(), Vec::new());
    let mut before = server.progress(&WHOLE);
    for step in &steps {
        let Some(action) = action(&server, &step.action) else {
            continue;
        };
        let at = match step.wild {
            Some((0, at)) => at,
            _ => server.at().saturating_add(step.after.into()),
        };
        let last = server.clone();
        let events = server.apply(&WHOLE, &action, at);
        let seen = browser.apply(&PUBLIC, &action, at);
        let refused = matches!(events[..], [Event::Refused(_)]);
        assert_eq!(refused, matches!(seen[..], [Event::Refused(_)]));
        if refused {
            assert_eq!(server, last, "what is refused changes nothing");
            continue;
        }
        let seq = server.seq();
        log.push(Entry { seq, at, action });
        for event in events {
            if let Event::Marked {
                question,
                right,
                lead_back,
                ..
            } = event
            {
                let verdict = Verdict {
                    seq,
                    question,
                    right,
                    lead_back,
                };
                browser.learn(&PUBLIC, &verdict);
                told.push(verdict);
            }
        }
        let now = server.progress(&WHOLE);
        assert!((0.0..=1.0).contains(&now.completion) && now.completion >= before.completion);
        assert!((0.0..=1.0).contains(&now.mastery.scaled));
        assert!(!(now.passed && now.failed));
        assert!(now.completed >= before.completed);
        for (now, before) in now.stops.iter().zip(&before.stops) {
            assert!(now.evidence.is_superset(&before.evidence));
        }
        before = now;
    }
    assert_eq!(Session::replay(&WHOLE, &log, &[], seed), server);
    assert_eq!(browser.progress(&PUBLIC), before);
    assert_eq!(browser.summary(&PUBLIC), server.summary(&WHOLE));
});
