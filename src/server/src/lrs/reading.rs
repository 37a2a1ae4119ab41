//! Statements that go out: one by its id, or page by page.

use std::collections::BTreeSet;

use axum::{
    http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, LAST_MODIFIED},
    response::{IntoResponse, Response},
};
use uuid::Uuid;
use xinghuo_wire::{
    Deed,
    lrs::{Canonical, Format, Json, Kind, Languages, Moment, StatementQuery, ids_only, mentions},
};

use super::{
    access::Client,
    attachments,
    call::{Call, http_date},
    find::{Found, Page},
    refusal::Refusal,
    scope::Scope,
};
use crate::store::now_us;

/// Answers a query.
pub(super) async fn read(call: &Call, client: &Client) -> Result<Response, Refusal> {
    client.needs(&[Scope::StatementsRead, Scope::StatementsReadMine])?;
    let mine = (!client.allows(Scope::StatementsRead)).then_some(client.identity.as_str());
    let parameters = call.parameters(StatementQuery::PARAMETERS)?;
    let query = StatementQuery::read(&parameters)?;
    let Some((id, voided)) = query.one else {
        let page = call.app.store.find(&query.filter, mine).await?;
        note(call, client, &page.found).await?;
        let more = next_page(call, &page);
        return show(call, &query, &page.found, Some(&more)).await;
    };
    let found = call.app.store.statement(id, voided, mine).await?;
    let found = found.ok_or_else(|| {
        let kind = if voided {
            "voided statement"
        } else {
            "statement"
        };
        Refusal::not_found(format!("there is no {kind} with the id {id}"))
    })?;
    let found = [found];
    note(call, client, &found).await?;
    show(call, &query, &found, None).await
}

/// Notes in the access log whose records these are, whoever stored them: an entry for each visit,
/// however many of its statements were found.
async fn note(call: &Call, client: &Client, found: &[Found]) -> Result<(), Refusal> {
    let store = &call.app.store;
    let visits = found.iter().filter_map(|it| it.visit.as_deref());
    let mut visits: BTreeSet<Uuid> = visits.filter_map(|visit| visit.parse().ok()).collect();
    let of_others = found.iter().filter(|it| it.visit.is_none());
    let of_others: Vec<_> = of_others.map(|it| it.position).collect();
    if !of_others.is_empty() {
        visits.extend(store.concerned(&of_others).await?);
    }
    let visits: Vec<_> = visits.into_iter().collect();
    let noted = store.note(client.by(), Deed::Query, &visits, now_us() / 1000);
    Ok(noted.await?)
}

/// The address of the page after this one; empty if there is none.
fn next_page(call: &Call, page: &Page) -> String {
    let Some(cursor) = page.next else {
        return String::new();
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Ok(parameters) = call.parameters(StatementQuery::PARAMETERS) {
        for (name, value) in parameters.iter().filter(|(name, _)| name != "cursor") {
            query.append_pair(name, value);
        }
    }
    query.append_pair("cursor", &cursor.to_string());
    format!("{}/statements?{}", call.place.prefix, query.finish())
}

/// Shows one statement, or a list of them with the address of its next page.
async fn show(
    call: &Call,
    query: &StatementQuery,
    found: &[Found],
    more: Option<&str>,
) -> Result<Response, Refusal> {
    let exact: Vec<_> = found.iter().map(Found::exact).collect();
    let mut parsed = Vec::new();
    if query.format != Format::Exact || query.attachments {
        for text in &exact {
            let json = Json::read(text.as_bytes());
            parsed.push(json.map_err(|error| Refusal::internal(&error))?);
        }
    }
    let shown = match query.format {
        Format::Exact => exact,
        Format::Ids => {
            parsed.iter_mut().for_each(ids_only);
            parsed.iter().map(Json::to_string).collect()
        }
        Format::Canonical => {
            let canonical = canonical(call, &parsed).await?;
            for json in &mut parsed {
                canonical.show(json);
            }
            parsed.iter().map(Json::to_string).collect()
        }
    };
    let body = match more {
        None => shown.concat(),
        Some(more) => format!(
            "{{\"statements\":[{}],\"more\":{}}}",
            shown.join(","),
            Json::text(more)
        ),
    };
    let mut response = if query.attachments {
        attachments::mixed(call, &body, &parsed).await?
    } else {
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    let newest = found.iter().map(|found| found.stored_us).max();
    if let Some(newest) = newest {
        let newest = http_date(Moment::from_unix_micros(newest));
        response.headers_mut().insert(LAST_MODIFIED, newest);
    }
    Ok(response)
}

/// What is known of the statements' activities, for whoever asks.
async fn canonical(call: &Call, statements: &[Json]) -> Result<Canonical, Refusal> {
    let mut activities = Vec::new();
    for statement in statements {
        let links = mentions(statement).links.into_iter();
        let of_activities = links.filter(|link| link.kind == Kind::Activity);
        activities.extend(of_activities.map(|link| link.name));
    }
    activities.sort_unstable();
    activities.dedup();
    Ok(Canonical {
        languages: Languages::accepted(call.header(&ACCEPT_LANGUAGE)),
        definitions: call.app.store.definitions(&activities).await?,
    })
}
