//! The OpenID provider: what it says of itself, where it is asked, and what it says of somebody.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
    reqwest,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::{options::OidcOptions, options::RoleOfGroup, role::Role, store::Entering};

/// How long the provider may take over an answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// After so long the provider is asked again about itself, its keys included.
const KNOWN_FOR: Duration = Duration::from_mins(10);

/// Signatures that need the provider's private key. One that needs our secret, or none, is refused.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The OpenID provider that staff signs in with.
pub(super) struct Provider {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    name: String,
    scopes: Vec<String>,
    claim: String,
    roles: Vec<RoleOfGroup>,
    back: String,
    known: Mutex<Option<(Instant, Arc<Known>)>>,
}

/// What is known of the provider, and how it is asked.
struct Known {
    client: OidcClient,
    http: reqwest::Client,
}

/// Somebody, as the provider knows them.
pub(super) struct Identity {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// What they are called, where it says so.
    pub(super) name: Option<String>,
    /// What they work as, if anything.
    pub(super) role: Option<Role>,
}

/// Why somebody could not be signed in with the provider. For the log, where nobody is named.
#[derive(Debug, thiserror::Error)]
pub(super) enum OidcError {
    /// An address is none.
    #[error("--oidc-issuer or --origin is no address: {0}")]
    Address(#[from] openidconnect::url::ParseError),
    /// No program can ask it.
    #[error("cannot ask the provider: {0}")]
    Http(#[from] reqwest::Error),
    /// It does not say of itself what it should.
    #[error("--oidc-issuer does not answer as a provider does ({cause}); correct it: {issuer}")]
    Discovery {
        /// Which provider.
        issuer: String,
        /// What it did.
        cause: String,
    },
    /// It gives no token for the code.
    #[error("the provider gave no token: {0}")]
    Exchange(String),
    /// The token is not good.
    #[error("the provider's token is not good: {0}")]
    Token(String),
}

/// Claims that are nobody's standard, such as the groups.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Others(Map<String, Value>);

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type OidcClient = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// The provider that the options name, if they name one.
    pub(super) fn new(options: &OidcOptions, origin: &str) -> Option<Self> {
        let issuer = options.issuer.clone()?;
        let host = issuer.split("://").nth(1).unwrap_or(&issuer);
        let host = host.split('/').next().unwrap_or(host).to_owned();
        Some(Self {
            client_id: options.client_id.clone().unwrap_or_default(),
            client_secret: options.client_secret.clone(),
            name: options.name.clone().unwrap_or(host),
            scopes: options.scopes.clone(),
            claim: options.claim.clone().unwrap_or_else(|| "groups".into()),
            roles: options.roles.clone(),
            back: format!("{origin}/api/v1/staff/oidc/back"),
            known: Mutex::new(None),
            issuer,
        })
    }

    /// What the page calls it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where to send somebody who wants to sign in, and what to keep until they come back.
    pub(super) async fn way(&self) -> Result<(String, Entering), OidcError> {
        let known = self.known().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = known.client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in &self.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (address, state, nonce) = request.set_pkce_challenge(challenge).url();
        let entering = Entering {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok((address.into(), entering))
    }

    /// Whom the provider sent back with this code.
    pub(super) async fn whom(
        &self,
        entering: Entering,
        code: String,
    ) -> Result<Identity, OidcError> {
        let known = self.known().await?;
        let Known { client, http } = &*known;
        let asked = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| OidcError::Exchange(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(entering.verifier))
            .request_async(http);
        // What the provider says may name somebody, so the log is told the kind of error alone.
        let tokens = asked
            .await
            .map_err(|error| OidcError::Exchange(kind_of(&error)))?;
        let wrong = |error: &dyn std::fmt::Display| OidcError::Token(error.to_string());
        let token = tokens.id_token().ok_or_else(|| wrong(&"there is none"))?;
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES);
        let nonce = Nonce::new(entering.nonce);
        let claims = token
            .claims(&verifier, &nonce)
            .map_err(|error| wrong(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| wrong(&error))?;
            let key = token
                .signing_key(&verifier)
                .map_err(|error| wrong(&error))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if actual.map_err(|error| wrong(&error))? != *expected {
                return Err(wrong(&"the access token is another's"));
            }
        }
        let mut groups = claims.additional_claims().0.get(&self.claim).cloned();
        let mut name = claims.preferred_username().map(|it| it.to_string());
        if (groups.is_none() || name.is_none())
            && let Ok(request) = client.user_info(
                tokens.access_token().clone(),
                Some(claims.subject().clone()),
            )
        {
            let told: Result<UserInfoClaims<Others, CoreGenderClaim>, _> =
                request.request_async(http).await;
            let told = told.map_err(|_| OidcError::Token("nothing is told of its user".into()))?;
            groups = groups.or_else(|| told.additional_claims().0.get(&self.claim).cloned());
            name = name.or_else(|| told.preferred_username().map(|it| it.to_string()));
        }
        Ok(Identity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            name,
            role: self.role_of(groups.as_ref()),
        })
    }

    /// What somebody in these groups works as. Providers give a list, or one group as a text.
    fn role_of(&self, groups: Option<&Value>) -> Option<Role> {
        let groups: Vec<_> = match groups? {
            Value::String(one) => vec![one.as_str()],
            Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut fitting = self.roles.iter();
        let first = fitting.find(|it| groups.contains(&it.group.as_str()));
        first.map(|it| it.role)
    }

    async fn known(&self) -> Result<Arc<Known>, OidcError> {
        let mut known = self.known.lock().await;
        if let Some((since, it)) = &*known
            && since.elapsed() < KNOWN_FOR
        {
            return Ok(it.clone());
        }
        let it = Arc::new(self.discover().await?);
        *known = Some((Instant::now(), it.clone()));
        Ok(it)
    }

    async fn discover(&self) -> Result<Known, OidcError> {
        // A redirect could lead anywhere, into this network as well.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let issuer = IssuerUrl::new(self.issuer.clone())?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await;
        let metadata = metadata.map_err(|error| OidcError::Discovery {
            issuer: self.issuer.clone(),
            cause: error.to_string(),
        })?;
        let secret = self.client_secret.clone().map(ClientSecret::new);
        let client_id = ClientId::new(self.client_id.clone());
        let client = OidcClient::from_provider_metadata(metadata, client_id, secret)
            .set_redirect_uri(RedirectUrl::new(self.back.clone())?);
        Ok(Known { client, http })
    }

    /// Asks the provider about itself, for `--check-config`.
    pub(super) async fn check(&self) -> Result<(), OidcError> {
        self.known().await.map(|_| ())
    }
}

fn kind_of<E: std::error::Error, T: openidconnect::ErrorResponse>(
    error: &openidconnect::RequestTokenError<E, T>,
) -> String {
    use openidconnect::RequestTokenError::{Other, Parse, Request, ServerResponse};
    match error {
        ServerResponse(_) => "it refused the code".into(),
        Request(cause) => format!("it cannot be reached ({cause})"),
        Parse(..) => "its answer cannot be read".into(),
        Other(cause) => cause.clone(),
    }
}
