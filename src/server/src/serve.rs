//! Connections: taking them, bounding them, and ending them in order.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::limits::Peer;

/// How many connections are open at one time; more wait to be taken.
const CONNECTIONS: usize = 1_000;

/// How long a client may take over the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// How long answers in hand may take once the server was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Serves `app` on `listener`, over `tls` if there is any, until `stop` comes, then finishes what is
/// in hand.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<watch::Receiver<TlsAcceptor>>,
    app: Router,
    stop: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(64 * 1024);
    loop {
        let next = async { (room.clone().acquire_owned().await, listener.accept().await) };
        let (seat, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely out of file descriptors: those in use come free in time.
                tracing::warn!(%error, "cannot take a connection");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (app, peer) = (app.clone(), Peer(peer.ip()));
        let answer = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            app.clone().oneshot(request)
        });
        let tls = tls.as_ref().map(|tls| tls.borrow().clone());
        let Some(tls) = tls else {
            let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
            tokio::spawn(async move {
                // A client that went away, or spoke something else than HTTP, is nothing to log.
                let _ = connection.await;
                drop(seat);
            });
            continue;
        };
        let (http, watcher) = (http.clone(), open.watcher());
        tokio::spawn(async move {
            // Neither is one that shook no hands, or took too long to.
            if let Ok(Ok(stream)) = timeout(HEAD_PATIENCE, tls.accept(stream)).await {
                let connection = http.serve_connection(TokioIo::new(stream), answer);
                let _ = watcher.watch(connection).await;
            }
            drop(seat);
        });
    }
    drop(listener);
    tokio::select! {
        () = open.shutdown() => {}
        () = sleep(LAST_ANSWERS) => tracing::warn!("stopped before every answer was sent"),
    }
}
