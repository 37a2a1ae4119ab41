//! What holds of every visit, whatever the visitor does.

mod moves;

use proptest::prelude::*;
use xinghuo_tour::{Action, Entry, Event, Marking, Session, Venue, Verdict};

use crate::given;
use moves::{Move, Played, moves, play};

/// The events of a server's session on these entries; none may be refused.
fn accepted(session: &mut Session, venue: &Venue, entries: &[Entry]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for entry in entries {
        for event in session.apply(venue, &entry.action, entry.at) {
            match event {
                Event::Refused(refusal) => panic!("{entry:?} was refused: {refusal}"),
                Event::Pending { question } => panic!("{question} has no key"),
                Event::Marked {
                    question,
                    right,
                    checkpoint,
                    lead_back,
                    ..
                } if venue.checkpoints[&checkpoint].marking == Marking::Server => {
                    verdicts.push(Verdict {
                        seq: entry.seq,
                        question,
                        right,
                        lead_back,
                    });
                }
                _ => {}
            }
        }
    }
    verdicts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn replay_equals_the_visit(seed in 0..1_u64 << 53, moves in moves(), part in 0.0..1.0) {
        let venue = given::venue();
        let Played { session, entries, .. } = play(&venue, seed, &moves);
        prop_assert_eq!(&Session::replay(&venue, &entries, &[], seed), &session);

        let split = (entries.len() as f64 * part) as usize;
        let mut resumed = Session::replay(&venue, &entries[..split], &[], seed);
        accepted(&mut resumed, &venue, &entries[split..]);
        prop_assert_eq!(resumed, session);
    }

    /// Whatever the keys say by now, what was said of an answer stays.
    #[test]
    fn a_corrected_key_changes_nothing_that_was_said(seed in 0..1_u64 << 53, moves in moves()) {
        let venue = given::venue();
        let Played { session, entries, .. } = play(&venue, seed, &moves);
        let verdicts = accepted(&mut Session::new(seed), &venue, &entries);
        let mut corrected = venue.clone();
        let pools = corrected.checkpoints.values_mut().filter(|it| it.marking == Marking::Server);
        for question in pools.flat_map(|checkpoint| &mut checkpoint.questions) {
            question.key = Some(given::wrong_answer(&venue, question));
        }
        prop_assert_eq!(Session::replay(&corrected, &entries, &verdicts, seed), session);
    }

    #[test]
    fn a_log_sent_twice_replays_as_if_sent_once(moves in moves()) {
        let venue = given::venue();
        let Played { session, entries, .. } = play(&venue, 1, &moves);
        let twice: Vec<Entry> = entries.iter().flat_map(|it| [it.clone(), it.clone()]).collect();
        prop_assert_eq!(Session::replay(&venue, &twice, &[], 1), session);
    }

    /// The browser has no keys, sends now and then, and learns the verdicts late, in any order and
    /// twice. Whatever it took, the server takes, and in the end they agree to the letter.
    #[test]
    fn the_browser_agrees_with_the_server(
        seed in 0..1_u64 << 53,
        legs in prop::collection::vec((moves(), any::<bool>()), 1..5),
    ) {
        let (whole, public) = (given::venue(), given::venue().without_keys());
        let mut browser = Session::new(seed);
        let mut server = Session::new(seed);
        let (mut log, mut told) = (Vec::new(), Vec::new());
        for (moves, backwards) in legs {
            let mut entries = Vec::new();
            for it in &moves {
                entries.extend(it.make(&whole, &public, &mut browser).0);
            }
            let mut verdicts = accepted(&mut server, &whole, &entries);
            log.extend(entries);
            told.extend(verdicts.clone());
            if backwards {
                verdicts.reverse();
            }
            for verdict in verdicts.iter().chain(&verdicts) {
                browser.learn(&public, verdict);
            }
            prop_assert_eq!(&browser, &server);
        }
        prop_assert_eq!(browser.progress(&public), server.progress(&whole));
        prop_assert_eq!(browser.summary(&public), server.summary(&whole));
        for stop in &whole.stops {
            let seen = browser.checkpoint(&public, &stop.id);
            prop_assert_eq!(seen, server.checkpoint(&whole, &stop.id));
        }
        prop_assert_eq!(Session::replay(&public, &log, &told, seed), server);
    }

    #[test]
    fn nothing_is_ever_taken_back(seed: u64, moves in moves(), keys: bool) {
        let whole = given::venue();
        let venue = if keys { whole.clone() } else { whole.clone().without_keys() };
        let mut session = Session::new(seed);
        let mut before = session.progress(&venue);
        let (mut completed, mut decided) = (0, 0);
        for it in &moves {
            let last = session.clone();
            let (entry, events) = it.make(&whole, &venue, &mut session);
            if entry.is_none() {
                prop_assert_eq!(&session, &last, "a refused action changes nothing");
                prop_assert_eq!(events.len(), 1);
            }
            for event in &events {
                completed += u32::from(*event == Event::Completed);
                let is_verdict = matches!(event, Event::Passed { .. } | Event::Failed { .. });
                decided += u32::from(is_verdict);
            }
            let now = session.progress(&venue);
            prop_assert!((0.0..=1.0).contains(&now.completion));
            prop_assert!((0.0..=1.0).contains(&now.mastery.scaled));
            prop_assert!(now.completion >= before.completion);
            prop_assert!(now.mastery.settled >= before.mastery.settled);
            for (now, before) in now.stops.iter().zip(&before.stops) {
                prop_assert!(now.evidence.is_superset(&before.evidence));
            }
            prop_assert!(!(now.passed && now.failed));
            before = now;
        }
        prop_assert_eq!(completed, u32::from(before.completed));
        prop_assert_eq!(decided, u32::from(before.passed || before.failed));
    }

    #[test]
    fn slow_visitors_get_the_marks_of_quick_ones(moves in moves(), slower in 1_u64..1000) {
        let venue = given::venue();
        let Played { session, entries, .. } = play(&venue, 3, &moves);
        let slower = slower.min(u64::MAX / session.at().max(1));
        let slowed: Vec<Entry> = entries
            .iter()
            .map(|it| Entry { at: it.at * slower, ..it.clone() })
            .collect();
        let slow = Session::replay(&venue, &slowed, &[], 3);
        prop_assert_eq!(slow.seq(), session.seq());
        prop_assert_eq!(slow.progress(&venue), session.progress(&venue));
        prop_assert_eq!(slow.summary(&venue), session.summary(&venue));
    }

    #[test]
    fn repeats_change_nothing(
        moves in moves(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..20),
    ) {
        let venue = given::venue();
        let Played { session, mut entries, .. } = play(&venue, 5, &moves);
        for (from, to) in places {
            if entries.is_empty() {
                break;
            }
            let from = from.index(entries.len());
            let to = match entries[from].action {
                // Where one stands is not evidence: only a repeat on the spot changes nothing.
                Action::Enter { .. } | Action::Arrive { .. } => from,
                Action::Story { .. } | Action::Describe { .. } => {
                    from + to.index(entries.len() - from)
                }
                Action::Look { .. } | Action::Answer { .. } => continue,
            };
            let at = entries[to].at;
            let action = entries[from].action.clone();
            entries.insert(to + 1, Entry { seq: 0, at, action });
        }
        for (entry, seq) in entries.iter_mut().zip(1..) {
            entry.seq = seq;
        }
        let repeated = Session::replay(&venue, &entries, &[], 5);
        prop_assert_eq!(repeated.seq() as usize, entries.len());
        prop_assert_eq!(repeated.progress(&venue), session.progress(&venue));
        prop_assert_eq!(repeated.summary(&venue), session.summary(&venue));
    }

    /// What is shown is what can be answered, and nothing is shown twice.
    #[test]
    fn panels_offer_exactly_what_can_be_answered(seed: u64, moves in moves()) {
        let venue = given::venue();
        let Played { session, .. } = play(&venue, seed, &moves);
        for stop in &venue.stops {
            let Some(panel) = session.checkpoint(&venue, &stop.id) else { continue };
            prop_assert_eq!(panel.slots.len(), venue.checkpoints[&panel.checkpoint].draw);
            let mut seen = std::collections::BTreeSet::new();
            for slot in &panel.slots {
                prop_assert!(seen.insert(&slot.question.question));
                prop_assert!((1..=slot.attempts).contains(&slot.attempt));
                let (_, question) = venue.question(&slot.question.question).unwrap();
                let mut options: Vec<_> = slot.question.options.iter().map(|it| &it.id).collect();
                let mut all: Vec<_> = question.options.iter().collect();
                options.sort();
                all.sort();
                prop_assert_eq!(options, all);
                let response = question.key.clone().unwrap();
                let answer = Action::Answer { question: question.id.clone(), response };
                let events = session.clone().apply(&venue, &answer, u64::MAX);
                let is_open = slot.status == xinghuo_tour::SlotStatus::Open;
                prop_assert_eq!(!matches!(events[0], Event::Refused(_)), is_open);
            }
        }
    }

    #[test]
    fn json_carries_a_visit_whole(seed: u64, moves in moves(), keys: bool) {
        let whole = given::venue();
        let venue = if keys { whole } else { whole.without_keys() };
        let Played { session, entries, events } = play(&venue, seed, &moves);
        crate::json::goes_through(&entries);
        crate::json::goes_through(&events);
        crate::json::goes_through(&session.progress(&venue));
        crate::json::goes_through(&session.summary(&venue));
        for stop in &venue.stops {
            crate::json::goes_through(&session.checkpoint(&venue, &stop.id));
        }
    }
}

#[test]
fn most_random_visits_get_somewhere() {
    // Guards the properties above against a generator that only ever knocks at closed doors.
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let venue = given::venue();
    let mut runner = TestRunner::deterministic();
    let (mut completed, mut decided, mut wrong) = (0, 0, 0);
    for _ in 0..200 {
        let moves: Vec<Move> = moves().new_tree(&mut runner).unwrap().current();
        let played = play(&venue, 9, &moves);
        let progress = played.session.progress(&venue);
        completed += u32::from(progress.completed);
        decided += u32::from(progress.passed || progress.failed);
        let is_wrong = |it: &&Event| matches!(it, Event::Marked { right: false, .. });
        wrong += played.events.iter().filter(is_wrong).count();
    }
    assert!(completed > 20, "{completed} of 200 completed");
    assert!(decided > 20, "{decided} of 200 decided");
    assert!(wrong > 100, "{wrong} wrong answers");
}
