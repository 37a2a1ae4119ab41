//! Secure lines, where no proxy keeps them: TLS by rustls with a certificate from a file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{sync::watch, time::sleep};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring::default_provider},
};

use crate::StartError;

/// How often it is looked whether the certificate was renewed.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The certificate that a server shows, if it keeps secure lines itself.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TlsOptions {
    /// Answer over TLS with this certificate and those that vouch for it: a PEM file
    #[arg(
        id = "tls_cert",
        long = "tls-cert",
        value_name = "FILE",
        requires = "tls_key"
    )]
    pub cert: Option<PathBuf>,
    /// The certificate's private key: a PEM file that nobody else can read
    #[arg(
        id = "tls_key",
        long = "tls-key",
        value_name = "FILE",
        requires = "tls_cert"
    )]
    pub key: Option<PathBuf>,
}

impl TlsOptions {
    /// Whether the server keeps secure lines itself.
    pub(crate) fn is_on(&self) -> bool {
        self.cert.is_some()
    }

    /// When the files were last changed.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.cert, &self.key].map(|file| {
            let file = file.as_ref()?;
            std::fs::metadata(file).ok()?.modified().ok()
        })
    }

    /// What keeps secure lines, if the server is to.
    pub(crate) fn acceptor(&self) -> Result<Option<TlsAcceptor>, StartError> {
        let (Some(cert), Some(key)) = (&self.cert, &self.key) else {
            return Ok(None);
        };
        let certificates = CertificateDer::pem_file_iter(cert)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|cause| unusable("tls-cert", cert, &cause))?;
        if certificates.is_empty() {
            return Err(unusable("tls-cert", cert, &"it holds no certificate"));
        }
        let private =
            PrivateKeyDer::from_pem_file(key).map_err(|cause| unusable("tls-key", key, &cause))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|cause| unusable("tls-cert", cert, &cause))?
            .with_no_client_auth()
            .with_single_cert(certificates, private)
            .map_err(|cause| unusable("tls-key", key, &cause))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(TlsAcceptor::from(Arc::new(config))))
    }
}

/// Watches the files of the certificate, and keeps new lines by a new one as soon as it is whole. Lines that
/// are open stay as they are.
pub(crate) async fn renew(options: TlsOptions, current: watch::Sender<TlsAcceptor>) {
    let mut seen = options.changed();
    loop {
        sleep(LOOK_EVERY).await;
        let now = options.changed();
        if now == seen {
            continue;
        }
        // A certificate without its key yet is looked at again when the key has come.
        seen = now;
        match options.acceptor() {
            Ok(Some(acceptor)) => {
                tracing::info!("the certificate was renewed");
                current.send_replace(acceptor);
            }
            Ok(None) => {}
            Err(problem) => {
                tracing::error!(%problem, "the certificate of before is kept");
            }
        }
    }
}

fn unusable(option: &'static str, path: &Path, cause: &dyn std::fmt::Display) -> StartError {
    StartError::Tls {
        option,
        cause: cause.to_string(),
        path: path.to_owned(),
    }
}
