//! Another system that writes into the record store in every way that there is: it sends again what
//! was not acknowledged, as clients do, and knows what has to be there.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};
use xinghuo_package::sha256_hex;
use xinghuo_wire::lrs::multipart;

use crate::{
    attaching::multipart_of,
    connection::{Told, ask_as, exchange, header, tell},
    place::Place,
    recorder::{Recorder, by, id, ids, statement},
};

/// How long it may take until everything goes on: a PostgreSQL may have to start again by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// The ways to write, which take turns.
pub(crate) const WAYS: usize = 7;

/// The one of them that sends an attachment along.
const ATTACHING: usize = 6;

/// What is attached to the statement of a request: two in a row, and those of others, have the same.
fn content(number: usize) -> String {
    format!("a drawing of the boat, {}", number / WAYS / 2)
}

/// What became of something that was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// It is acknowledged.
    Kept,
    /// It is to be sent again later; what was said of it.
    Refused(String),
    /// Nobody knows: the connection broke.
    Unknown,
}

/// Another system.
pub(crate) struct Client {
    basic: String,
    who: String,
    /// The statements of each request, in the order in which they were first sent.
    sent: Vec<Vec<Value>>,
    /// When each of these was acknowledged. The last one may not be yet.
    acknowledged: Vec<SystemTime>,
    /// Whether the last one may be there although it was not acknowledged.
    is_in_doubt: bool,
}

impl Client {
    /// One with a new credential.
    pub(crate) async fn new(place: &Place, who: &str) -> Self {
        Self {
            basic: Recorder::new(place, &["all"]).await.basic,
            who: who.to_owned(),
            sent: Vec::new(),
            acknowledged: Vec::new(),
            is_in_doubt: false,
        }
    }

    /// How many of its requests were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// The statements that it has sent, in their order.
    pub(crate) fn ids(&self) -> Vec<String> {
        (0..self.sent.len())
            .flat_map(|number| self.ids_of(number))
            .collect()
    }

    /// Sends the next request, or the last one again if it was not acknowledged.
    pub(crate) fn write(&mut self, address: SocketAddr) -> Became {
        let number = self.acknowledged.len();
        if number == self.sent.len() {
            let many = [10, 1, 0, 0, 0, 0, 1][number % WAYS];
            let mut new: Vec<_> = (0..many).map(|_| statement(&self.who, "boat")).collect();
            if number % WAYS == ATTACHING {
                let content = content(number);
                new[0]["attachments"] = json!([{
                    "usageType": "http://example.org/photo", "display": {"en": "photo"},
                    "contentType": "text/plain", "length": content.len(),
                    "sha2": sha256_hex(content.as_bytes()),
                }]);
            }
            self.sent.push(new);
        }
        let Some(told) = self.send(address, number) else {
            self.is_in_doubt = true;
            return Became::Unknown;
        };
        match told.status {
            200 => assert_eq!(told.body, json!(self.ids_of(number)), "the ids"),
            204 => {}
            // What was to be written only where there is nothing is there by the request before.
            412 if self.is_in_doubt => {}
            503 => {
                let wait = told.header("retry-after").unwrap_or_default();
                assert!(wait.parse().is_ok_and(|secs: u32| secs > 0), "{told:?}");
                let said = told.body["error"]["message"].as_str();
                let said = said.expect("a sentence").to_owned();
                self.is_in_doubt |= !said.contains("nothing of this was stored");
                return Became::Refused(said);
            }
            _ => panic!("{number}: {told:?}"),
        }
        self.is_in_doubt = false;
        self.acknowledged.push(SystemTime::now());
        Became::Kept
    }

    fn send(&self, address: SocketAddr, number: usize) -> Option<Told> {
        let new = ("if-none-match", "*");
        let (head, precondition, body) = match number % WAYS {
            0 => (
                "POST /xapi/statements".to_owned(),
                None,
                json!(self.sent[number]),
            ),
            1 => {
                let one = &self.sent[number][0];
                let head = format!("PUT /xapi/statements?statementId={}", id(one));
                (head, None, one.clone())
            }
            2 => {
                let precondition = if number < WAYS {
                    new
                } else {
                    ("if-match", "*")
                };
                let head = format!("PUT {}&stateId=place", self.state());
                (head, Some(precondition), json!({ "request": number }))
            }
            3 => {
                let head = format!("POST {}&stateId=notes", self.state());
                (head, None, json!({ number.to_string(): "noted" }))
            }
            4 => {
                let head = format!("PUT {}&profileId={number}", self.profiles());
                (head, Some(new), json!({ "request": number }))
            }
            5 => {
                let head = format!("POST {}&profileId=marks", self.person());
                (head, None, json!({ number.to_string(): "marked" }))
            }
            _ => return self.attach(address, number),
        };
        let mut headers = vec![("authorization", self.basic.as_str())];
        headers.extend(precondition);
        tell(address, &head, &headers, &body)
    }

    /// Sends a statement and its attachment as one.
    fn attach(&self, address: SocketAddr, number: usize) -> Option<Told> {
        let (said, content) = (&self.sent[number][0], content(number));
        let sum = sha256_hex(content.as_bytes());
        let headers = [
            ("authorization", self.basic.as_str()),
            ("content-type", "multipart/mixed; boundary=b"),
        ];
        let body = multipart_of(said, (&sum, content.as_bytes()));
        let (head, body) = exchange(address, "POST /xapi/statements", &headers, &body)?;
        Told::of(head, &body)
    }

    /// Sends until something is not acknowledged, and says what became of that.
    pub(crate) fn write_until_refused(&mut self, address: SocketAddr, most: usize) -> Became {
        for _ in 0..most {
            let became = self.write(address);
            if became != Became::Kept {
                return became;
            }
        }
        panic!("{most} requests were acknowledged, and none refused");
    }

    /// Sends until each way to write has gone on.
    pub(crate) fn go_on(&mut self, address: SocketAddr) {
        let begun = Instant::now();
        let all = self.acknowledged.len() + WAYS;
        while self.acknowledged.len() < all {
            if self.write(address) != Became::Kept {
                assert!(begun.elapsed() < PATIENCE, "it does not go on");
                thread::sleep(Duration::from_millis(200));
            }
        }
    }

    /// Everything that was acknowledged is there, once, and nothing that was never sent.
    pub(crate) fn check(&self, address: SocketAddr) {
        self.check_before(address, SystemTime::now());
    }

    /// The same of what was acknowledged before that.
    pub(crate) fn check_before(&self, address: SocketAddr, moment: SystemTime) {
        let acknowledged = self.acknowledged.iter().filter(|at| **at < moment).count();
        let numbers = |way: usize, end| (way..end).step_by(WAYS);
        let ids = |end| (0..end).flat_map(|number| self.ids_of(number)).collect();
        let found = self.statements(address);
        self.hold_against(
            "statements",
            found,
            ids(acknowledged),
            &ids(self.sent.len()),
        );
        for (way, what, names) in [
            (
                3,
                "notes",
                self.keys(address, &format!("{}&stateId=notes", self.state())),
            ),
            (4, "profiles", self.names(address)),
            (
                5,
                "marks",
                self.keys(address, &format!("{}&profileId=marks", self.person())),
            ),
        ] {
            let named = |end| numbers(way, end).map(|number| number.to_string()).collect();
            self.hold_against(what, names, named(acknowledged), &named(self.sent.len()));
        }
        let attached = |end| {
            let sums = numbers(ATTACHING, end);
            sums.map(|number| sha256_hex(content(number).as_bytes()))
                .collect()
        };
        self.hold_against(
            "attachments",
            self.attachments(address),
            attached(acknowledged),
            &attached(self.sent.len()),
        );
        let place = self.get(address, &format!("{}&stateId=place", self.state()));
        let place = place.map(|place| place["request"].as_u64().expect("a number") as usize);
        let least = numbers(2, acknowledged).next_back();
        assert!(
            place >= least,
            "{}: {place:?}, and {least:?} was acknowledged",
            self.who
        );
        assert!(
            place <= numbers(2, self.sent.len()).next_back(),
            "nobody has sent {place:?}"
        );
    }

    fn hold_against(
        &self,
        what: &str,
        found: Vec<String>,
        acknowledged: BTreeSet<String>,
        sent: &BTreeSet<String>,
    ) {
        let once: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(
            once.len(),
            found.len(),
            "{}: {what}: one is there twice",
            self.who
        );
        let lost: Vec<_> = acknowledged.difference(&once).collect();
        assert!(
            lost.is_empty(),
            "{}: {what}: acknowledged and lost: {lost:?}",
            self.who
        );
        assert!(
            once.is_subset(sent),
            "{}: {what}: nobody has sent one",
            self.who
        );
    }

    fn ids_of(&self, number: usize) -> Vec<String> {
        self.sent[number]
            .iter()
            .map(|it| id(it).to_owned())
            .collect()
    }

    fn statements(&self, address: SocketAddr) -> Vec<String> {
        let mut next = format!("/xapi/statements?{}", by(&self.who));
        let mut found = Vec::new();
        while !next.is_empty() {
            let page = self.get(address, &next).expect("a page");
            found.extend(ids(&page));
            page["more"]
                .as_str()
                .expect("an address")
                .clone_into(&mut next);
        }
        found
    }

    /// The sums of the attachments that come with the statements, each held against its bytes.
    fn attachments(&self, address: SocketAddr) -> Vec<String> {
        let mut next = format!("/xapi/statements?attachments=true&{}", by(&self.who));
        let mut found = BTreeSet::new();
        while !next.is_empty() {
            let headers = [("authorization", self.basic.as_str())];
            let answer = exchange(address, &format!("GET {next}"), &headers, b"");
            let (head, body) = answer.expect("an answer");
            let kind = header(&head, "content-type").expect("a type");
            let boundary = multipart::boundary(kind).expect("a boundary");
            let parts = multipart::read(&body, &boundary).expect("parts");
            let (page, attached) = parts.split_first().expect("statements");
            // One that belongs to statements of two pages comes with both.
            for part in attached {
                let sum = sha256_hex(part.body);
                assert_eq!(part.header("x-experience-api-hash"), Some(&*sum));
                found.insert(sum);
            }
            let page: Value = serde_json::from_slice(page.body).expect("JSON");
            page["more"]
                .as_str()
                .expect("an address")
                .clone_into(&mut next);
        }
        found.into_iter().collect()
    }

    /// The keys of a document.
    fn keys(&self, address: SocketAddr, path: &str) -> Vec<String> {
        let document = self.get(address, path);
        let keys = document.as_ref().and_then(Value::as_object).into_iter();
        keys.flatten().map(|(key, _)| key.clone()).collect()
    }

    fn names(&self, address: SocketAddr) -> Vec<String> {
        let names = self.get(address, &self.profiles()).expect("a list");
        serde_json::from_value(names).expect("names")
    }

    /// What is there; none if nothing is.
    fn get(&self, address: SocketAddr, path: &str) -> Option<Value> {
        let head = format!("GET {path}");
        let (status, told) = ask_as(address, &head, &self.basic, &Value::Null).expect("an answer");
        assert!(matches!(status, 200 | 404), "{path}: {status} {told}");
        (status == 200).then_some(told)
    }

    fn state(&self) -> String {
        let activity = "activityId=http://example.org/things/boat";
        format!("/xapi/activities/state?{activity}&{}", by(&self.who))
    }

    fn profiles(&self) -> String {
        format!(
            "/xapi/activities/profile?activityId=http://example.org/things/{}",
            self.who
        )
    }

    fn person(&self) -> String {
        format!("/xapi/agents/profile?{}", by(&self.who))
    }
}

/// What becomes of what they send at one moment.
#[allow(dead_code, reason = "a database that is gone is one suite's alone")]
pub(crate) fn all_write(clients: &mut [Client], address: SocketAddr) -> Vec<Became> {
    thread::scope(|scope| {
        let writing = clients.iter_mut();
        let writing: Vec<_> = writing
            .map(|client| scope.spawn(|| client.write(address)))
            .collect();
        let became = writing.into_iter().map(|it| it.join().expect("it ends"));
        became.collect()
    })
}
