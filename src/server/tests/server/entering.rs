//! Signing in with an OpenID provider: a provider of our own, which says what a test wants it to say.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use xinghuo_server::{Config, OidcOptions, Role, StaffCommand};

use crate::{
    colleague::{Colleague, PASSWORD, ask, done, hired, pair_of, sign_in},
    place::{Answer, Place, Running},
};

/// What the provider says next.
#[derive(Clone)]
struct Says {
    claims: Value,
    /// The header of the token.
    header: Value,
    /// Whether it signs with the key that it publishes.
    signs_rightly: bool,
}

/// How what the provider says is made bad.
type Change = fn(&mut Says);

/// A provider.
pub(crate) struct Provider {
    issuer: String,
    says: Mutex<Says>,
    /// The challenge of each code that it gave out.
    codes: Mutex<BTreeMap<String, String>>,
}

/// An Ed25519 key of which the seed is one byte again and again.
fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    der.extend([seed; 32]);
    let der = base64::engine::general_purpose::STANDARD.encode(der);
    let label = "PRIVATE KEY";
    let pem = format!("-----BEGIN {label}-----\n{der}\n-----END {label}-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("k".into())))
        .expect("a key")
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("now")
        .as_secs()
}

impl Provider {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let provider = Arc::new(Self {
            says: Mutex::new(Says {
                claims: json!({
                    "iss": issuer, "sub": "person-1", "aud": "xinghuo", "iat": now(),
                    "exp": now() + 300, "preferred_username": "Chen",
                    "groups": ["students", "teachers"],
                }),
                header: json!({"alg": "EdDSA", "kid": "k"}),
                signs_rightly: true,
            }),
            codes: Mutex::default(),
            issuer,
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    /// Lets somebody in who was sent here; the address that they are sent back to.
    pub(crate) fn let_in(&self, way: &str) -> String {
        let parameters = parameters(way);
        assert_eq!(parameters["response_type"], "code");
        assert_eq!(parameters["code_challenge_method"], "S256");
        assert_eq!(parameters["scope"], "openid profile");
        assert_eq!(
            parameters["redirect_uri"],
            "https://tours.example.edu/api/v1/staff/oidc/back"
        );
        let challenge = parameters["code_challenge"].clone();
        let mut codes = self.codes.lock().expect("codes");
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), challenge);
        self.says.lock().expect("it").claims["nonce"] = json!(parameters["nonce"]);
        let state = &parameters["state"];
        format!("/api/v1/staff/oidc/back?code={code}&state={state}")
    }

    fn say(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().expect("it"));
    }
}

fn parameters(address: &str) -> BTreeMap<String, String> {
    let (_, query) = address.split_once('?').expect("parameters");
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys() -> Json<Value> {
    let public = serde_json::to_value(key(7).as_verification_key()).expect("a key");
    Json(json!({ "keys": [public] }))
}

async fn token(State(provider): State<Arc<Provider>>, body: String) -> Response {
    let given: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let verifier = given.get("code_verifier").cloned().unwrap_or_default();
    let challenge = BASE64.encode(Sha256::digest(verifier));
    let known = provider.codes.lock().expect("codes").remove(&given["code"]);
    if known != Some(challenge) {
        let refused = Json(json!({"error": "invalid_grant"}));
        return (StatusCode::BAD_REQUEST, refused).into_response();
    }
    let says = provider.says.lock().expect("it").clone();
    let part = |it: &Value| BASE64.encode(it.to_string());
    let signed = format!("{}.{}", part(&says.header), part(&says.claims));
    let key = key(if says.signs_rightly { 7 } else { 8 });
    let signature = key
        .sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes())
        .expect("a signature");
    let token = if says.header["alg"] == "none" {
        format!("{signed}.")
    } else {
        format!("{signed}.{}", BASE64.encode(signature))
    };
    Json(json!({"access_token": "a", "token_type": "Bearer", "id_token": token})).into_response()
}

pub(crate) fn config(place: &Place, provider: &Provider) -> Config {
    let role = |text: &str| text.parse().expect("a role");
    let mut config = place.config();
    config.oidc = OidcOptions {
        issuer: Some(provider.issuer.clone()),
        client_id: Some("xinghuo".into()),
        client_secret: Some("a secret".into()),
        name: Some("The university".into()),
        scopes: vec!["profile".into()],
        claim: None,
        roles: vec![role("keepers=administrator"), role("teachers=instructor")],
    };
    config.limits.sign_ins_of_peer = xinghuo_server::Allowance::new(1000, 1000);
    config
}

/// Goes to the provider: the cookie and the way.
pub(crate) async fn leave(server: &Running) -> (String, String) {
    let answer = server.get("/api/v1/staff/oidc").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    assert!(
        answer
            .header("set-cookie")
            .starts_with("__Host-xinghuo-sign-in=")
    );
    (pair_of(&answer), answer.header("location").to_owned())
}

pub(crate) async fn come_back(server: &Running, cookie: &str, back: &str) -> Answer {
    let answer = ask(
        server,
        Method::GET,
        back,
        &[("cookie", cookie)],
        &Value::Null,
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    answer
}

/// What the page is told of what went wrong.
pub(crate) fn trouble(answer: &Answer) -> &str {
    let told = answer.header("location").strip_prefix("/staff/#trouble=");
    assert!(answer.headers.get("set-cookie").is_none(), "{answer:?}");
    told.expect("trouble")
}

#[tokio::test]
async fn whoever_the_provider_vouches_for_works_as_their_group_does() {
    let (place, provider) = (Place::new(), Provider::start().await);
    let server = Running::with(config(&place, &provider)).await;
    let ways = server.get("/api/v1/staff/ways").await.json();
    assert_eq!(ways["provider"], "The university");
    hired(&place, "chen", Role::Administrator).await;
    let enter = async || {
        let (cookie, way) = leave(&server).await;
        come_back(&server, &cookie, &provider.let_in(&way)).await
    };
    let answer = enter().await;
    assert_eq!(answer.header("location"), "/staff/");
    let chen = Colleague::with(&server, pair_of(&answer)).await;
    let me = chen.get(&server, "me").await.json();
    assert_eq!(
        me["name"], "chen 2",
        "the name of another is not taken over"
    );
    assert_eq!(me["role"], "instructor");
    assert_eq!(sign_in(&server, "chen 2", PASSWORD).await.code(), "SIGN_IN");

    provider.say(|it| it.claims["groups"] = json!("keepers"));
    let chief = Colleague::with(&server, pair_of(&enter().await)).await;
    assert_eq!(
        chief.get(&server, "me").await.json()["role"],
        "administrator"
    );
    assert_eq!(
        chen.get(&server, "me").await.code(),
        "SIGN_IN",
        "another role, another session"
    );
    for groups in [
        json!([]),
        json!(["students"]),
        json!(null),
        json!({"teachers": true}),
    ] {
        provider.say(|it| it.claims["groups"] = groups.clone());
        assert_eq!(trouble(&enter().await), "no-role", "{groups}");
    }
    assert_eq!(
        chief.get(&server, "me").await.code(),
        "SIGN_IN",
        "in no group any more"
    );
    provider.say(|it| it.claims["groups"] = json!(["teachers"]));
    let records = place.records.clone();
    let disable = StaffCommand::Disable {
        records,
        name: "chen 2".into(),
    };
    done(disable).await.expect("it is disabled");
    assert_eq!(trouble(&enter().await), "no-role", "disabled here counts");
}

#[tokio::test]
async fn what_comes_back_is_good_once_and_in_the_browser_that_left() {
    let (place, provider) = (Place::new(), Provider::start().await);
    let server = Running::with(config(&place, &provider)).await;
    let (cookie, way) = leave(&server).await;
    let (others, _) = leave(&server).await;
    let back = provider.let_in(&way);
    let answer = ask(&server, Method::GET, &back, &[], &Value::Null).await;
    assert_eq!(trouble(&answer), "stale", "without the cookie");
    assert_eq!(
        trouble(&come_back(&server, &others, &back).await),
        "stale",
        "another browser's"
    );
    // Wherever somebody would rather have them sent, they come to the page.
    let elsewhere = "next=https://evil.example&redirect_uri=//evil.example&return=%0d%0aLocation:x";
    let answer = come_back(&server, &cookie, &format!("{back}&{elsewhere}")).await;
    assert_eq!(answer.header("location"), "/staff/");
    assert_eq!(
        trouble(&come_back(&server, &cookie, &back).await),
        "stale",
        "a replay"
    );

    let (cookie, way) = leave(&server).await;
    provider.let_in(&way);
    let state = parameters(&way)["state"].clone();
    let refused = format!("/api/v1/staff/oidc/back?error=access_denied&state={state}");
    assert_eq!(
        trouble(&come_back(&server, &cookie, &refused).await),
        "refused"
    );
    let (cookie, way) = leave(&server).await;
    let state = parameters(&way)["state"].clone();
    let stolen = format!("/api/v1/staff/oidc/back?code=code-0&state={state}");
    assert_eq!(
        trouble(&come_back(&server, &cookie, &stolen).await),
        "provider"
    );
    // A code that was given to another sign-in does not fit this one's verifier.
    let (_, theirs) = leave(&server).await;
    let (cookie, ours) = leave(&server).await;
    let theirs = parameters(&provider.let_in(&theirs))["code"].clone();
    let state = parameters(&ours)["state"].clone();
    let injected = format!("/api/v1/staff/oidc/back?code={theirs}&state={state}");
    assert_eq!(
        trouble(&come_back(&server, &cookie, &injected).await),
        "provider"
    );
}

#[tokio::test]
async fn a_token_that_is_not_good_signs_nobody_in() {
    let (place, provider) = (Place::new(), Provider::start().await);
    let server = Running::with(config(&place, &provider)).await;
    let good = provider.says.lock().expect("it").clone();
    let changes: [(&str, Change); 8] = [
        ("another's signature", |it| it.signs_rightly = false),
        ("no signature", |it| it.header = json!({"alg": "none"})),
        ("a signature with our secret", |it| {
            it.header = json!({"alg": "HS256"});
        }),
        ("another issuer", |it| {
            it.claims["iss"] = json!("https://evil.example");
        }),
        ("another audience", |it| it.claims["aud"] = json!("another")),
        ("too old", |it| it.claims["exp"] = json!(now() - 10)),
        ("another sign-in's", |it| {
            it.claims["nonce"] = json!("another");
        }),
        ("no subject", |it| it.claims["sub"] = Value::Null),
    ];
    for (what, change) in changes {
        let (cookie, way) = leave(&server).await;
        provider.say(|it| *it = good.clone());
        let back = provider.let_in(&way);
        provider.say(change);
        assert_eq!(
            trouble(&come_back(&server, &cookie, &back).await),
            "provider",
            "{what}"
        );
    }
    provider.say(|it| *it = good);
    let (cookie, way) = leave(&server).await;
    let answer = come_back(&server, &cookie, &provider.let_in(&way)).await;
    assert_eq!(
        answer.header("location"),
        "/staff/",
        "and the good one does"
    );
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_told_of_and_passwords_go_on() {
    let place = Place::new();
    let provider = Provider {
        issuer: "http://127.0.0.1:9".into(),
        says: Mutex::new(Says {
            claims: Value::Null,
            header: Value::Null,
            signs_rightly: true,
        }),
        codes: Mutex::default(),
    };
    let server = Running::with(config(&place, &provider)).await;
    assert_eq!(trouble(&server.get("/api/v1/staff/oidc").await), "provider");
    Colleague::hired(&place, &server, "ann", Role::Reader).await;
    let server = place.start().await;
    assert_eq!(
        trouble(&server.get("/api/v1/staff/oidc").await),
        "no-provider"
    );
    assert_eq!(
        server.get("/api/v1/staff/ways").await.json()["provider"],
        Value::Null
    );
}
