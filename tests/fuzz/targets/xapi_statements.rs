//! Any bytes as statements that others submit: refused for a reason, or kept, found, compared and
//! shown, and what is kept reads as what was sent.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xinghuo_wire::lrs::{
    Canonical, Json, Languages, Moment, Submitted, XapiVersion, attachments, ids_only,
    is_signature, is_voiding, mentions, person, same, settled,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let version = match first % 2 {
        0 => XapiVersion::Two,
        _ => XapiVersion::One,
    };
    let mut all = match Submitted::all(bytes, version) {
        Ok(all) => all,
        Err(flaw) => return assert!(!flaw.to_string().is_empty()),
    };
    for statement in &mut all {
        statement.set_timestamp(Moment::from_unix_micros(1_795_000_000_000_000));
        let json = statement.json();
        let kept = Json::read(json.to_string().as_bytes()).expect("what is printed parses");
        assert_eq!(kept, *json);
        assert!(statement.is_same_as(&kept, version));
        let again = Submitted::one(kept.to_string().as_bytes(), version).expect("it was right");
        assert_eq!(*again.json(), kept, "what is kept is in its form already");
        assert!(same(&settled(&kept, version), &kept, version));
        assert_eq!(is_voiding(&kept), is_voiding(json));
        let mut signatures = attachments(&kept).filter(|it| is_signature(it));
        assert!(signatures.all(|it| it.text_at(&["sha2"]).is_some()));
        check_shown(&kept);
    }
});

fn check_shown(kept: &Json) {
    let found = mentions(kept);
    let mut names = found.links.iter().map(|it| (it.kind, &it.name));
    let mut before = names.next();
    for name in names {
        assert!(before < Some(name), "each link once");
        before = Some(name);
    }
    let canonical = Canonical {
        languages: Languages::accepted("zh-Hans;q=0.9, en"),
        definitions: found.definitions.into_iter().collect(),
    };
    let mut shown = kept.clone();
    canonical.show(&mut shown);
    let once = shown.clone();
    canonical.show(&mut shown);
    assert_eq!(shown, once, "one language of one language is itself");
    ids_only(&mut shown);
    let once = shown.clone();
    ids_only(&mut shown);
    assert_eq!(shown, once);
    if let Some(actor) = kept.get(&["actor"]) {
        let names = found.names.into_iter().map(|(_, name)| name).collect();
        assert!(person(actor, names).members().is_some());
    }
}
