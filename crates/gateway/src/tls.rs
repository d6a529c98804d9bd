//! TLS towards database servers, one configuration per kind, made once; and what else of the world is trusted.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::egress::Networks;
use crate::error::RunError;
use crate::settings::Settings;

/// The networks and the authorities to trust, and what was made of them.
pub(crate) struct Trust {
    networks: Networks,
    extra: Vec<CertificateDer<'static>>,
    roots: OnceLock<Vec<CertificateDer<'static>>>,
    verifying: OnceLock<Arc<ClientConfig>>,
    encrypting: OnceLock<Arc<ClientConfig>>,
}

impl Trust {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            networks: settings.networks.clone(),
            extra: settings.extra_roots.clone(),
            roots: OnceLock::new(),
            verifying: OnceLock::new(),
            encrypting: OnceLock::new(),
        }
    }

    /// Where connections may go.
    pub(crate) fn networks(&self) -> &Networks {
        &self.networks
    }

    /// The system's authorities and the configured ones. Read when first needed: an
    /// installation without TLS sources need not have any.
    pub(crate) fn roots(&self) -> &[CertificateDer<'static>] {
        self.roots.get_or_init(|| {
            let mut roots = rustls_native_certs::load_native_certs().certs;
            roots.extend(self.extra.iter().cloned());
            roots
        })
    }

    /// TLS with a checked certificate.
    pub(crate) fn verifying(&self) -> Result<Arc<ClientConfig>, RunError> {
        if let Some(config) = self.verifying.get() {
            return Ok(Arc::clone(config));
        }
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.roots().iter().cloned());
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|_| RunError::TlsFailed)?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Arc::clone(self.verifying.get_or_init(|| Arc::new(config))))
    }

    /// TLS with whatever certificate comes.
    pub(crate) fn encrypting(&self) -> Result<Arc<ClientConfig>, RunError> {
        if let Some(config) = self.encrypting.get() {
            return Ok(Arc::clone(config));
        }
        let provider = provider();
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| RunError::TlsFailed)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        Ok(Arc::clone(self.encrypting.get_or_init(|| Arc::new(config))))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Accepts every certificate, for placements whose operator chose `encrypt`.
/// The handshake's signatures are still checked.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
