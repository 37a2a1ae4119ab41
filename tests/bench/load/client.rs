//! The clients: each asks, waits for the whole answer, and asks again.

use std::{
    cell::{Cell, RefCell},
    error::Error,
    rc::Rc,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::LocalSet};

use crate::{
    outcome::{Outcome, Tally},
    plan::{Plan, Work},
    statements::{Statements, mixed},
};

/// What all clients share.
struct Shared {
    plan: Plan,
    statements: Statements,
    /// The number of the next statement to store, or of the next question.
    next: Cell<u64>,
    tally: RefCell<Tally>,
    /// Between when and when answers are counted.
    from: Instant,
    until: Instant,
}

type Sender = SendRequest<Full<Bytes>>;

/// What is sent, and how many statements the answer is to stand for.
struct Asked {
    request: Request<Full<Bytes>>,
    writes: Option<u64>,
}

/// Does what the plan says.
pub(crate) async fn everybody(plan: Plan) -> Result<Outcome, Box<dyn Error>> {
    let statements = Statements::like(&plan.statements, plan.seed)?;
    let began = Instant::now();
    let from = began + Duration::from_millis(plan.warm_millis);
    let next = match &plan.work {
        Work::Write { from, .. } => *from,
        Work::Read { .. } => 0,
    };
    let shared = Rc::new(Shared {
        next: Cell::new(next),
        tally: RefCell::default(),
        from,
        until: from + Duration::from_millis(plan.millis),
        statements,
        plan,
    });
    let own_before = own_time();
    let local = LocalSet::new();
    let clients: Vec<_> = (0..shared.plan.clients)
        .map(|_| local.spawn_local(one(shared.clone())))
        .collect();
    local.await;
    for client in clients {
        client.await??;
    }
    // Where all is warming up, or all was done sooner, what was counted took that long.
    let took = shared.from.elapsed();
    let own = own_time().saturating_sub(own_before);
    let own = own.mul_f64(took.as_secs_f64() / began.elapsed().as_secs_f64());
    let shared = Rc::into_inner(shared).ok_or("a client is still at it")?;
    Ok(shared.tally.into_inner().outcome(took, own))
}

/// One client, from its first request to its last.
async fn one(shared: Rc<Shared>) -> Result<(), String> {
    let mut sender = None;
    while let Some(asked) = shared.asked()? {
        let mut connected: Sender = match sender.take() {
            Some(connected) => connected,
            None => connect(&shared.plan.address).await?,
        };
        let sent = Instant::now();
        let answered = async {
            let response = connected.send_request(asked.request).await?;
            let status = response.status();
            let body = response.into_body().collect().await?.to_bytes();
            Ok::<_, hyper::Error>((status, body))
        };
        let answered = answered.await;
        let took = sent.elapsed();
        // What takes longer than all the time there is has an answer as well.
        let is_counted = Instant::now() >= shared.from;
        match answered {
            Ok((status, body)) => {
                let is_right = status.is_success();
                let brought = is_right.then(|| shared.brought(asked.writes, &body));
                let mut tally = shared.tally.borrow_mut();
                match brought.flatten() {
                    Some(statements) if is_counted => tally.right(took, statements),
                    Some(_) => {}
                    None => tally.wrong(status.as_str(), &String::from_utf8_lossy(&body)),
                }
            }
            Err(error) => {
                let mut tally = shared.tally.borrow_mut();
                tally.wrong("connection", &error.to_string());
                continue;
            }
        }
        // Some servers close a connection after so many requests.
        if connected.ready().await.is_ok() {
            sender = Some(connected);
        }
    }
    Ok(())
}

impl Shared {
    /// What to ask next; `None` once time is over or everything is stored.
    fn asked(&self) -> Result<Option<Asked>, String> {
        let number = self.next.get();
        let is_over = Instant::now() >= self.until;
        let mut request = Request::builder().header(HOST, &self.plan.address);
        for (name, value) in &self.plan.headers {
            request = request.header(name, value);
        }
        let wrong = |error: hyper::http::Error| error.to_string();
        let path = &self.plan.path;
        match &self.plan.work {
            Work::Write { batch, until, .. } => {
                if until.map_or(is_over, |until| number >= until) {
                    return Ok(None);
                }
                let count = until.map_or(*batch, |until| (*batch).min(until - number));
                self.next.set(number + count);
                let body = self.statements.batch(number, count);
                let request = request.method("POST").uri(path);
                let request = request.header(CONTENT_TYPE, "application/json");
                let request = request.body(Full::from(body)).map_err(wrong)?;
                let writes = Some(count);
                Ok(Some(Asked { request, writes }))
            }
            Work::Read { query, of, .. } => {
                if is_over {
                    return Ok(None);
                }
                self.next.set(number + 1);
                let about = mixed(self.plan.seed ^ mixed(number)) % of;
                let query = self.statements.query(query, about);
                let request = request.uri(format!("{path}{query}"));
                let request = request.body(Full::default()).map_err(wrong)?;
                let writes = None;
                Ok(Some(Asked { request, writes }))
            }
        }
    }

    /// How many statements an answer stands for; `None` if it holds fewer than it should.
    fn brought(&self, writes: Option<u64>, body: &[u8]) -> Option<u64> {
        let Work::Read { least, .. } = &self.plan.work else {
            return writes;
        };
        // Every statement has one verb, and what is quoted in a text has its quotes escaped.
        let held = body.windows(7).filter(|it| it == b"\"verb\":").count();
        (held >= *least).then_some(held as u64)
    }
}

async fn connect(address: &str) -> Result<Sender, String> {
    let wrong = |error: &dyn Error| format!("{address} cannot be connected to: {error}");
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| wrong(&error))?;
    stream.set_nodelay(true).map_err(|error| wrong(&error))?;
    let made = handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| wrong(&error))?;
    // It ends with the sender, or when the other side closes it.
    tokio::task::spawn_local(connection);
    Ok(sender)
}

/// The processor time of this process so far, where the system tells it.
fn own_time() -> Duration {
    let nanos = std::fs::read_to_string("/proc/self/schedstat");
    let nanos = nanos
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
