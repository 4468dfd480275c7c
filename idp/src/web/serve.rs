//! The accept loop: caps on connections, timers on headers, a graceful end. `axum::serve` sets none of them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::state::Remote;
use crate::config::{Settings, Tls};

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves `router` on `listener` until `stop`, then lets running requests end within `serving.drain` seconds.
pub async fn serve(
    listener: TcpListener,
    router: axum::Router,
    settings: &Settings,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let tls = settings.tls.as_ref().map(acceptor).transpose()?;
    let server = Arc::new(server(settings));
    let graceful = Arc::new(GracefulShutdown::new());
    let permits = Arc::new(Semaphore::new(settings.serving.connections));
    let addresses = Addresses::new(settings);
    loop {
        let permit = tokio::select! {
            permit = permits.clone().acquire_owned() => permit?,
            () = stop.cancelled() => break,
        };
        let (stream, remote) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: wait for some to be given back.
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stop.cancelled() => break,
        };
        let Some(slot) = addresses.enter(remote.ip()) else {
            continue;
        };
        let connection = Connection {
            server: server.clone(),
            router: router.clone(),
            remote,
            graceful: graceful.clone(),
            _held: (permit, slot),
        };
        let tls = tls.clone();
        tokio::spawn(async move { connection.run(stream, tls).await });
    }
    drop(listener);
    let drain = Duration::from_secs(u64::from(settings.serving.drain));
    if let Some(graceful) = Arc::into_inner(graceful) {
        let _ = tokio::time::timeout(drain, graceful.shutdown()).await;
    } else {
        // A handshake is still holding on to it; what it would serve comes too late.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

fn server(settings: &Settings) -> auto::Builder<TokioExecutor> {
    let header_timeout = Duration::from_secs(u64::from(settings.serving.header_timeout));
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_headers(64)
        .max_buf_size(16 * 1024)
        .keep_alive(true);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_header_list_size(16 * 1024)
        .max_concurrent_streams(64);
    server
}

struct Connection {
    server: Arc<auto::Builder<TokioExecutor>>,
    router: axum::Router,
    remote: SocketAddr,
    graceful: Arc<GracefulShutdown>,
    _held: (OwnedSemaphorePermit, Slot),
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let _ = stream.set_nodelay(true);
        match tls {
            None => self.serve(stream).await,
            Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.serve(stream).await,
                Ok(Err(error)) => tracing::debug!(%error, "TLS handshake"),
                Err(_) => tracing::debug!("TLS handshake took too long"),
            },
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let remote = Remote(self.remote);
        let router = self.router;
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let router = router.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(remote);
                let answer: Result<_, Infallible> = router.oneshot(request).await;
                answer
            }
        });
        let connection = self
            .server
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let watched = self.graceful.watch(connection);
        drop(self.graceful);
        if let Err(error) = watched.await {
            tracing::debug!(%error, "connection");
        }
    }
}

/// How many connections each address holds, with a cap for those that are not ours.
#[derive(Clone)]
struct Addresses {
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: usize,
    exempt: Arc<[ipnet::IpNet]>,
}

/// A held place; given back when dropped.
struct Slot(Option<(Addresses, IpAddr)>);

impl Addresses {
    fn new(settings: &Settings) -> Self {
        let exempt = settings
            .district
            .school_networks
            .iter()
            .chain(&settings.serving.trusted_proxies)
            .copied()
            .collect();
        Self {
            held: Arc::default(),
            most: settings.serving.connections_per_address,
            exempt,
        }
    }

    fn enter(&self, address: IpAddr) -> Option<Slot> {
        let address = address.to_canonical();
        if address.is_loopback() || self.exempt.iter().any(|network| network.contains(&address)) {
            return Some(Slot(None));
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Slot(Some((self.clone(), address))))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some((addresses, address)) = &self.0 else {
            return;
        };
        let mut held = addresses
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                held.remove(address);
            }
        }
    }
}

fn acceptor(tls: &Tls) -> anyhow::Result<TlsAcceptor> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| {
            format!(
                "cannot read {} (`tls.certificate`)",
                tls.certificate.display()
            )
        })?;
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .with_context(|| format!("cannot read {} (`tls.key`)", tls.key.display()))?;
    let mut config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("certificate and key do not fit (`tls`)")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
