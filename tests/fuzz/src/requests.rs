//! What clients and learning systems send, as the inputs that fuzzing begins with.

use serde_json::{Value, json};

/// A target, the name of an input, and the input.
type Seed = (&'static str, &'static str, String);

/// Inputs of the targets about requests.
pub(crate) fn seeds() -> Vec<Seed> {
    let actor = json!({"objectType": "Agent", "account": {"homePage": "https://lms.example.edu", "name": "7"}});
    let asked = json!({
        "venue": "red-boat", "language": "zh-Hans", "endpoint": "https://lms.example.edu/xapi/",
        "fetch": "https://lms.example.edu/fetch?token=1", "actor": actor.to_string(),
        "registration": "7d1e9619-8b86-4d01-b42d-00cf4fc964ff", "activityId": "https://lms.example.edu/units/7",
    });
    let data = json!({
        "contextTemplate": {
            "extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "session-7"},
            "contextActivities": {"grouping": [{"id": "https://lms.example.edu/course"}], "category": []},
        },
        "launchMode": "Normal", "masteryScore": 0.5, "moveOn": "CompletedAndPassed",
        "returnURL": "https://lms.example.edu/course",
    });
    let preferences = json!({"languagePreference": "zh-CN,en", "audioPreference": "on"});
    let launch = json!({"asked": asked, "data": data, "preferences": preferences});
    let visit =
        json!({"venue": "red-boat", "package": "0".repeat(32), "language": "en", "consent": 1});
    let own = json!({"visit": "7d1e9619-8b86-4d01-b42d-00cf4fc964ff", "token": "t"});
    let messages = [
        ("launch", asked.to_string()),
        ("visit", visit.to_string()),
        ("consent", json!({"version": 1}).to_string()),
        ("language", json!({"language": "zh-Hans"}).to_string()),
        ("objection", json!({"text": "That is not so."}).to_string()),
        (
            "lab",
            json!({"venue": "red-boat", "doorOpen": true}).to_string(),
        ),
        ("door", json!({"open": true}).to_string()),
        ("code", json!({"code": "123456"}).to_string()),
        (
            "address",
            json!({"address": "http://10.0.0.7:8080"}).to_string(),
        ),
        ("own", own.to_string()),
        ("moment", "2026-11-22T06:00:00.000Z".to_owned()),
        ("span", "PT1H2M3.45S".to_owned()),
    ];
    let messages = messages.map(|(name, text)| ("messages", name, text));
    let requests = [
        ("multipart", "\0multipart/mixed; boundary=\"b\"\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nX-Experience-API-Hash: 0\r\n\r\nx\r\n--b--\r\n".to_owned()),
        ("signature", format!("\u{1}{}\neyJhbGciOiJSUzI1NiJ9.e30.AA", json!({"contentType": "application/octet-stream"}))),
        ("documents", "\u{2}{\"a\":1,\"name\":{\"en\":\"x\"}}\n{\"b\":[2],\"name\":{\"zh\":\"y\"}}".to_owned()),
        ("query", format!("\u{3}agent={actor}&verb=http://example.org/v&since=2026-11-22T06:00:00Z&limit=5&related_agents=true&format=ids\n")),
        ("languages", "\u{4}zh-Hans-CN, en;q=0.5\n{\"en\":\"a\",\"zh-Hans\":\"b\"}".to_owned()),
        ("moment", "\u{5}2026-11-22T14:00:00.123456+08:00\n".to_owned()),
    ];
    let requests = requests.map(|(name, text)| ("xapi_request", name, text));
    let cookie = format!(
        "a=b; __Host-xinghuo-staff={0}\nxinghuo-staff={0}",
        "A".repeat(43)
    );
    let form = "Authorization=Basic+a2V5OnM%3D&X-Experience-API-Version=1.0.3&Content-Type=application%2Fjson&statementId=7&content=%7B%7D";
    let texts = [
        ("basic", "\0Basic a2V5OnNlY3JldA==".to_owned()),
        ("scopes", "\u{1}statements/read/mine profile".to_owned()),
        ("group", "\u{1}cn=teachers,dc=edu=instructor".to_owned()),
        ("cookies", format!("\u{2}{cookie}")),
        ("form", format!("\u{3}method=PUT\n{form}")),
        (
            "sign-in",
            format!("\u{4}{}", json!({"name": "ann", "password": "p"})),
        ),
        (
            "password",
            format!("\u{4}{}", json!({"link": "l", "password": "p"})),
        ),
        (
            "account",
            format!("\u{4}{}", json!({"name": "ann", "role": "reader"})),
        ),
        (
            "credential",
            format!(
                "\u{4}{}",
                json!({"label": "l", "scopes": ["all"], "days": 7})
            ),
        ),
        ("class", format!("\u{4}{}", json!({"name": "7b"}))),
        ("code", format!("\u{4}{}", json!({"code": "ABCD-EFGH"}))),
        (
            "refused",
            "\u{5}\u{1}\u{2c}\n{\"message\":\"no\"}".to_owned(),
        ),
        ("waits", "\u{5}\u{1}\u{49}120\n".to_owned()),
        (
            "date",
            "\u{5}\u{1}\u{49}Sun, 29 Nov 2026 08:00:00 GMT\n".to_owned(),
        ),
        ("token", "\u{6}d\n{\"auth-token\":\"dG9rZW4=\"}".to_owned()),
        (
            "no-token",
            "\u{6}d\n{\"error-code\":\"1\",\"error-text\":\"used\"}".to_owned(),
        ),
        (
            "origin",
            "\u{7}https://LMS.example.edu:8443/launch?a=b".to_owned(),
        ),
    ];
    let texts = texts.map(|(name, text)| ("server_texts", name, text));
    let settings = include_str!("../../../src/server/deploy/server.toml").to_owned();
    let settings = ("server_settings", "deployed", settings);
    let launch = ("cmi5_launch", "launch", launch.to_string());
    messages
        .into_iter()
        .chain(requests)
        .chain(texts)
        .chain([launch, settings])
        .collect()
}

/// Statements of our own and of a launch, each in both versions.
pub(crate) fn statements() -> impl Iterator<Item = Vec<u8>> {
    let ours = include_str!("../../../src/wire/tests/data/statements.json");
    let launched = include_str!("../../../src/wire/tests/data/launched.json");
    let all = [ours, launched].into_iter().flat_map(|text| {
        let all: Vec<Value> = serde_json::from_str(text).expect("statements");
        all
    });
    let rich = json!([{
        "actor": {"objectType": "Group", "member": [{"mbox": "mailto:a@example.org"}]},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": "c2f5a1f0-8a3e-4a0c-9a55-2d3a3f7f0003"},
        "context": {"team": {"objectType": "Group", "mbox": "mailto:t@example.org"}},
        "timestamp": "2026-11-22T08:00:00+08:00",
    }, {
        "actor": {"mbox_sha1sum": "0".repeat(40)},
        "verb": {"id": "http://example.org/did", "display": {"en": "did", "zh": "做了"}},
        "object": {
            "objectType": "SubStatement", "actor": {"openid": "http://example.org/me"},
            "verb": {"id": "http://example.org/will"}, "object": {"objectType": "Agent", "mbox": "mailto:b@example.org"},
        },
        "result": {"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "duration": "PT1H0.123S", "extensions": {"http://example.org/e": null}},
        "attachments": [{
            "usageType": "http://adlnet.gov/expapi/attachments/signature", "display": {"en": "s"},
            "contentType": "application/octet-stream", "length": 3, "sha2": "0".repeat(64),
        }],
    }]);
    let all = all.chain([rich]);
    all.flat_map(|it| [0, 1].map(|first: u8| [&[first], it.to_string().as_bytes()].concat()))
}
