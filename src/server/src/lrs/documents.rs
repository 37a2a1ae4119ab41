//! Documents: State, Activity Profiles and Agent Profiles, with entity tags against lost updates.

use axum::{
    http::{
        HeaderValue, Method, StatusCode,
        header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED},
    },
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::{
    Deed,
    lrs::{Json, Merge, Moment, Parameters, XapiVersion, merged, multipart::essence},
};

use super::{
    Resource,
    access::Client,
    call::{Call, http_date},
    refusal::Refusal,
    scope::Scope,
    store::{Document, DocumentAt, Documents},
};
use crate::store::now_us;

/// Reads, writes, merges or deletes what the request names.
pub(super) async fn answer(call: &Call, client: &Client) -> Result<Response, Refusal> {
    let is_state = call.place.resource == Resource::State;
    client.needs(&[if is_state {
        Scope::State
    } else {
        Scope::Profile
    }])?;
    let (documents, name, since) = asked(call)?;
    note(call, client, &documents).await?;
    let named = name.map(|name| DocumentAt {
        documents: documents.clone(),
        name,
    });
    match (&call.method, named) {
        (&Method::GET, Some(at)) => show(call, &at).await,
        (&Method::GET, None) => list(call, &documents, since).await,
        (&Method::PUT, Some(at)) => put(call, &at).await,
        (&Method::POST, Some(at)) => post(call, &at).await,
        (&Method::DELETE, Some(at)) => delete(call, &at).await,
        (&Method::DELETE, None) if is_state => {
            call.app.store.delete_documents(&documents).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        (&(Method::PUT | Method::POST | Method::DELETE), None) => Err(Refusal::bad_request(
            format!("{} is missing from the parameters", name_of(call)),
        )),
        _ => Err(Refusal::no_method("GET, HEAD, PUT, POST, DELETE")),
    }
}

/// Notes in the access log that documents about a visit are looked at or changed, if they are.
async fn note(call: &Call, client: &Client, documents: &Documents) -> Result<(), Refusal> {
    let account = documents.agent.strip_prefix("account ");
    let name = account.and_then(|account| account.strip_prefix(&*call.app.origin));
    let Some(visit) = name.and_then(|name| Uuid::try_parse(name.trim_start()).ok()) else {
        return Ok(());
    };
    if call.app.store.visit(visit).await?.is_none() {
        return Ok(());
    }
    let what = match call.method {
        Method::GET => Deed::Read,
        _ => Deed::Correct,
    };
    let visits = [visit];
    let noted = call
        .app
        .store
        .note(client.by(), what, &visits, now_us() / 1000);
    Ok(noted.await?)
}

fn name_of(call: &Call) -> &'static str {
    match call.place.resource {
        Resource::State => "stateId",
        _ => "profileId",
    }
}

type Asked = (Documents, Option<String>, Option<Moment>);

/// Which documents a request is about, which of them, and how new they have to be.
fn asked(call: &Call) -> Result<Asked, Refusal> {
    let name = name_of(call);
    let since = if call.method == Method::GET {
        "since"
    } else {
        name
    };
    let parameters = match call.place.resource {
        Resource::State => {
            call.parameters(&["activityId", "agent", "registration", name, since])?
        }
        Resource::ActivityProfile => call.parameters(&["activityId", name, since])?,
        _ => call.parameters(&["agent", name, since])?,
    };
    let must_iri = |parameters: &Parameters, name| -> Result<String, Refusal> {
        parameters.must(name)?;
        Ok(parameters.iri(name)?.unwrap_or_default())
    };
    let must_agent = |parameters: &Parameters| -> Result<String, Refusal> {
        parameters.must("agent")?;
        Ok(parameters.agent("agent")?.unwrap_or_default())
    };
    let documents = match call.place.resource {
        Resource::State => Documents {
            kind: 0,
            activity: must_iri(&parameters, "activityId")?,
            agent: must_agent(&parameters)?,
            registration: parameters.uuid("registration")?.map(|id| id.to_string()),
        },
        Resource::ActivityProfile => Documents {
            kind: 1,
            activity: must_iri(&parameters, "activityId")?,
            ..Documents::default()
        },
        _ => Documents {
            kind: 2,
            agent: must_agent(&parameters)?,
            ..Documents::default()
        },
    };
    let since = match since {
        "since" => parameters.moment("since")?,
        _ => None,
    };
    Ok((documents, parameters.get(name).map(str::to_owned), since))
}

async fn show(call: &Call, at: &DocumentAt) -> Result<Response, Refusal> {
    let document = call.app.store.document(at).await?;
    let document = document.ok_or_else(|| Refusal::not_found("there is no such document"))?;
    let kind = HeaderValue::from_str(&document.content_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let etag = HeaderValue::from_str(&quoted(&document.etag))
        .map_err(|error| Refusal::internal(&error))?;
    let changed = http_date(Moment::from_unix_micros(document.updated_us));
    let headers = [(CONTENT_TYPE, kind), (ETAG, etag), (LAST_MODIFIED, changed)];
    Ok((headers, document.content).into_response())
}

async fn list(
    call: &Call,
    documents: &Documents,
    since: Option<Moment>,
) -> Result<Response, Refusal> {
    let listed = call.app.store.document_names(documents, since).await?;
    let newest = listed.iter().map(|(_, updated_us)| *updated_us).max();
    let names: Vec<_> = listed.into_iter().map(|(name, _)| name).collect();
    let mut response = axum::Json(names).into_response();
    if let Some(newest) = newest {
        let newest = http_date(Moment::from_unix_micros(newest));
        response.headers_mut().insert(LAST_MODIFIED, newest);
    }
    Ok(response)
}

async fn put(call: &Call, at: &DocumentAt) -> Result<Response, Refusal> {
    let change = |there: Option<Document>| {
        preconditions(call, there.as_ref())?;
        insist_on_precondition(call, there.is_some())?;
        Ok(Some((kind(call), call.body.to_vec())))
    };
    call.app.store.change_document(at, change).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Nobody replaces a document without saying which one; but 1.0.3 lets them where it is a State.
/// 1.0.3 also wants to hear of a profile that there is none yet.
fn insist_on_precondition(call: &Call, is_there: bool) -> Result<(), Refusal> {
    const NEXT: &str = "send the ETag of the document that is to be replaced in If-Match, or \
        If-None-Match: * to write only where there is none";
    let is_state = call.place.resource == Resource::State;
    let says_which = [IF_MATCH, IF_NONE_MATCH]
        .iter()
        .any(|name| call.headers.contains_key(name));
    match (says_which, is_there, call.version) {
        (true, _, _) | (_, false, XapiVersion::Two) => Ok(()),
        (_, _, XapiVersion::One) if is_state => Ok(()),
        (_, false, XapiVersion::One) => Err(Refusal::bad_request(NEXT)),
        (_, true, _) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format!("there is such a document already; {NEXT}"),
        )),
    }
}

async fn post(call: &Call, at: &DocumentAt) -> Result<Response, Refusal> {
    let is_json = |kind: &str| essence(kind) == "application/json";
    let change = |there: Option<Document>| {
        preconditions(call, there.as_ref())?;
        let wrong = |merge: Merge| Refusal::bad_request(merge.to_string());
        let sends_json = is_json(&kind(call));
        if sends_json && !matches!(Json::read(&call.body), Ok(Json::Object(_))) {
            return Err(wrong(Merge::NewNoObject));
        }
        match there {
            None => Ok(Some((kind(call), call.body.to_vec()))),
            Some(old) if !sends_json || !is_json(&old.content_type) => Err(wrong(Merge::NotJson)),
            Some(old) => {
                let new = merged(&old.content, &call.body).map_err(wrong)?;
                Ok(Some((old.content_type, new)))
            }
        }
    };
    call.app.store.change_document(at, change).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(call: &Call, at: &DocumentAt) -> Result<Response, Refusal> {
    let change = |there: Option<Document>| {
        preconditions(call, there.as_ref())?;
        Ok(None)
    };
    call.app.store.change_document(at, change).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn kind(call: &Call) -> String {
    match call.header(&CONTENT_TYPE) {
        "" => "application/octet-stream".to_owned(),
        kind => kind.to_owned(),
    }
}

/// Holds a change to what the client knows of the document.
fn preconditions(call: &Call, there: Option<&Document>) -> Result<(), Refusal> {
    let failed = |message: &str| Err(Refusal::new(StatusCode::PRECONDITION_FAILED, message));
    let names = |header: &str| {
        header.split(',').any(|tag| {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            there.is_some_and(|it| tag == "*" || tag.trim_matches('"') == it.etag)
        })
    };
    if call.headers.contains_key(IF_MATCH) && !names(call.header(&IF_MATCH)) {
        return failed("the document is another one than If-Match names; read it again");
    }
    if call.headers.contains_key(IF_NONE_MATCH) && names(call.header(&IF_NONE_MATCH)) {
        return failed("there is such a document already, and If-None-Match forbids it");
    }
    Ok(())
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}
