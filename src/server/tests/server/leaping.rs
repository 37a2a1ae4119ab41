//! The program while its clocks do what they like: the one on the wall leaps ahead and back, and time
//! passes by days in a moment.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use xinghuo_server::Role;
use xinghuo_tour::Action;
use xinghuo_wire::lrs::Moment;

use crate::{
    client::Client,
    clocks::{Clocks, DAY, HOUR},
    colleague::{Colleague, ORIGIN},
    connection::{Told, ask, tell},
    killed::{Program, begin},
    place::Place,
    recorder::{Recorder, by, ids, statement},
    records::count,
    upkeep::verify,
    visitor::Visitor,
};

/// Lets hours pass until it is so.
async fn until(clocks: &mut Clocks, program: &Program, what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..20 {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(1) {
            if is_so().await {
                return;
            }
            look(program);
        }
        clocks.pass(HOUR);
    }
    panic!("not {what}");
}

/// Being asked something makes the program look at its clocks.
fn look(program: &Program) {
    ask(program.address, "GET /health", "", &Value::Null).expect("an answer");
    thread::sleep(Duration::from_millis(20));
}

fn send(program: &Program, visitor: &mut Visitor) {
    let head = format!("POST {}", visitor.path("/evidence"));
    let batch = json!({"entries": std::mem::take(&mut visitor.outbox)});
    let (status, answer) = ask(program.address, &head, &visitor.token, &batch).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["acceptedThrough"], visitor.session.seq());
}

/// What is kept of a visit.
fn kept(program: &Program, visitor: &Visitor) -> (u16, Value) {
    let head = format!("GET {}", visitor.path(""));
    ask(program.address, &head, &visitor.token, &Value::Null).expect("an answer")
}

fn entries(program: &Program, visitor: &Visitor) -> usize {
    let (status, kept) = kept(program, visitor);
    assert_eq!(status, 200, "{kept}");
    kept["entries"].as_array().expect("entries").len()
}

/// Which moment a header names up to which all that was stored is seen.
fn consistent_through(told: &Told) -> Moment {
    let through = told.header("x-experience-api-consistent-through");
    Moment::read(through.expect("the header")).expect("a time")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_leaps_while_the_server_runs_disturbs_nobody() {
    let place = Place::new();
    let Some(mut clocks) = Clocks::of(&place) else {
        return;
    };
    let mut client = Client::new(&place, "system").await;
    let reader = Recorder::for_days(&place, &["all"], Some(2)).await;
    let colleague = {
        let server = place.start().await;
        Colleague::hired(&place, &server, "mei", Role::Auditor).await
    };
    let program = clocks.start(&place, &["--origin", ORIGIN]);
    let mut visitor = begin(&place, program.address);
    let me = |program: &Program| {
        let headers = [("cookie", colleague.cookie.as_str()), ("origin", ORIGIN)];
        let me = tell(
            program.address,
            "GET /api/v1/staff/me",
            &headers,
            &Value::Null,
        );
        me.expect("an answer").status
    };
    let query = format!("GET /xapi/statements?ascending=true&{}", by("system"));
    let read = |program: &Program| {
        let headers = [("authorization", reader.basic.as_str())];
        tell(program.address, &query, &headers, &Value::Null).expect("an answer")
    };
    let mut through = consistent_through(&read(&program));
    for leap in [0, HOUR, -30 * DAY, 30 * DAY, -HOUR] {
        clocks.leap(leap);
        visitor.act(Action::Arrive {
            stop: "landing".parse().expect("an id"),
        });
        send(&program, &mut visitor);
        client.go_on(program.address);
        client.check(program.address);
        assert_eq!(me(&program), 200, "she is signed in");
        let told = read(&program);
        assert_eq!(told.status, 200, "{told:?}");
        let now = consistent_through(&told);
        assert!(through <= now, "it went back by a leap of {leap}");
        through = now;
        let statements = told.body["statements"].as_array().expect("statements");
        let stored = statements.iter().map(|it| it["stored"].as_str());
        let stored: Vec<_> = stored
            .map(|it| Moment::read(it.expect("a text")).expect("a time"))
            .collect();
        assert!(stored.is_sorted_by(|a, b| a < b), "{stored:?}");
        assert!(stored.last() <= Some(&through), "{stored:?}");
        let found = ids(&told.body);
        assert_eq!(found, client.ids(), "in the order in which they came");
    }
    assert_eq!(entries(&program, &visitor), 5);
    // What ends when its time has passed still does.
    clocks.pass(3 * HOUR);
    assert_eq!(me(&program), 401, "two hours without a word");
    assert_eq!(read(&program).status, 200);
    clocks.pass(2 * DAY);
    assert_eq!(read(&program).status, 401, "its two days are over");
    client.go_on(program.address);
    visitor.act(Action::Arrive {
        stop: "bow".parse().expect("an id"),
    });
    send(&program, &mut visitor);
    program.stop();
    verify(&place.records).await.expect("no breach");
}

/// Up to when a program says that everything is there, and when each statement was stored.
fn read_all(program: &Program, recorder: &Recorder) -> (Moment, Vec<Moment>) {
    let headers = [("authorization", recorder.basic.as_str())];
    let query = "GET /xapi/statements?ascending=true";
    let told = tell(program.address, query, &headers, &Value::Null).expect("an answer");
    assert_eq!(told.status, 200, "{told:?}");
    let statements = told.body["statements"].as_array().expect("statements");
    let stored = statements.iter().map(|it| it["stored"].as_str());
    let stored = stored.map(|it| Moment::read(it.expect("a text")).expect("a time"));
    (consistent_through(&told), stored.collect())
}

/// When what is stored next is said to be stored.
fn store_next(program: &Program, recorder: &Recorder) -> Moment {
    let headers = [("authorization", recorder.basic.as_str())];
    let next = statement("ann", "boat");
    let told = tell(program.address, "POST /xapi/statements", &headers, &next);
    let told = told.expect("an answer");
    assert_eq!(told.status, 200, "{told:?}");
    *read_all(program, recorder).1.last().expect("it is there")
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.expect("it is after 1970").as_micros();
    Moment::from_unix_micros(micros.try_into().expect("a number"))
}

/// What was told to be complete stays so when the server is started again with a clock that was set
/// back, and when what was stored last is erased.
pub(crate) async fn check_restarts(place: &Place, mut clocks: Clocks) {
    let recorder = Recorder::new(place, &["all"]).await;
    let program = clocks.start(place, &[]);
    let (begun, mut told) = (Instant::now(), BTreeSet::new());
    for _ in 0..20 {
        told.insert(read_all(&program, &recorder).0);
        thread::sleep(Duration::from_millis(20));
    }
    let most = begun.elapsed().as_secs() + 2;
    assert!(told.len() as u64 <= most, "not at each reading: {told:?}");
    for _ in 0..3 {
        let before = now();
        let stored = store_next(&program, &recorder);
        assert!(before <= stored && stored <= now(), "now is {before:?}");
    }
    clocks.leap(HOUR);
    let (through, _) = read_all(&program, &recorder);
    program.stop();
    clocks.leap(-2 * HOUR);

    let program = clocks.start(place, &[]);
    let stored = store_next(&program, &recorder);
    assert!(through < stored, "{stored:?} was told: {through:?}");
    let visitor = begin(place, program.address);
    let (through, _) = read_all(&program, &recorder);
    let erase = format!("DELETE {}", visitor.path(""));
    let erased = ask(program.address, &erase, &visitor.token, &Value::Null);
    assert_eq!(erased.expect("an answer").0, 204);
    let stored = store_next(&program, &recorder);
    assert!(through < stored, "{stored:?} was told: {through:?}");
    program.stop();
    verify(&place.records).await.expect("no breach");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_stored_before_what_was_told_when_the_server_was_another() {
    let place = Place::new();
    if let Some(clocks) = Clocks::of(&place) {
        check_restarts(&place, clocks).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_because_the_clock_leapt_ahead() {
    let place = Place::new();
    let Some(mut clocks) = Clocks::of(&place) else {
        return;
    };
    let mut client = Client::new(&place, "system").await;
    let options = ["--keep-others", "30"];
    let program = clocks.start(&place, &options);
    let mut visitor = begin(&place, program.address);
    visitor.attend("landing");
    send(&program, &mut visitor);
    client.go_on(program.address);
    let all = count(&place.records, "statements").await;
    clocks.leap(4 * 365 * DAY);
    for _ in 0..3 {
        clocks.pass(2 * HOUR);
        for _ in 0..20 {
            look(&program);
        }
    }
    assert_eq!(count(&place.records, "statements").await, all);
    assert_eq!(entries(&program, &visitor), 3);
    client.check(program.address);
    let log = program.stop();
    assert!(log.contains("the clock has jumped ahead"), "{log}");
    assert!(!log.contains("xinghuo_server: deleted"), "{log}");

    let program = Program::start(&place);
    assert_eq!(entries(&program, &visitor), 3);
    client.check(program.address);
    program.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_by_itself_while_the_server_runs() {
    let place = Place::new();
    let Some(mut clocks) = Clocks::of(&place) else {
        return;
    };
    let mut client = Client::new(&place, "system").await;
    let program = clocks.start(&place, &["--keep-others", "30"]);
    let mut visitor = begin(&place, program.address);
    visitor.attend("landing");
    send(&program, &mut visitor);
    let of_visit = count(&place.records, "statements").await;
    client.go_on(program.address);
    let (_, before) = kept(&program, &visitor);

    clocks.pass(29 * DAY);
    client.check(program.address);
    clocks.pass(2 * DAY);
    let records = &place.records;
    until(
        &mut clocks,
        &program,
        "gone what others stored",
        async || count(records, "statements").await == of_visit,
    )
    .await;
    assert_eq!(entries(&program, &visitor), 3);
    clocks.pass(150 * DAY);
    until(&mut clocks, &program, "gone its evidence", async || {
        entries(&program, &visitor) == 0
    })
    .await;
    let (_, after) = kept(&program, &visitor);
    assert_eq!(after["record"], before["record"]);
    clocks.pass(915 * DAY);
    until(&mut clocks, &program, "gone the visit", async || {
        kept(&program, &visitor).0 == 404
    })
    .await;
    program.stop();
    verify(&place.records).await.expect("no breach");
}
