//! Packages from what a curator made to what a visitor opens, and what stays with the server.

use std::{fs, path::Path};

use pollster::block_on;
use proptest::prelude::*;
use xinghuo_package::{
    Directory, Fetch, FileError, Files as _, Http, Memory,
    publish::{Published, StoreError, publish, store},
    published::{self, Index, Keys, Manifest, OpenError, Sources, Texts},
    source::{self, Package},
};
use xinghuo_tests::packages::good;
use xinghuo_tour::{CheckpointId, Response};

fn good_package() -> Package {
    block_on(source::open(&good()))
        .0
        .expect("the good package is good")
}

/// A published package as the files that are served.
fn served(published: &Published) -> Memory {
    let mut files = published.files.clone();
    let manifest = serde_json::to_vec(&published.manifest).expect("a manifest prints");
    files.insert(Manifest::PATH.into(), manifest);
    Memory(files)
}

#[test]
fn no_public_file_holds_a_key_of_the_server() {
    let package = good_package();
    let published = publish(&package);
    assert_eq!(published.keys.keys, package.venue.keys());
    assert_eq!(published.keys.keys.len(), 2);
    assert_eq!(published.keys.shown_at, package.venue.shown_at());
    assert_eq!(published.keys.shown_at.len(), 2);
    let venue = String::from_utf8_lossy(&published.files[published::VENUE_PATH]);
    let public: xinghuo_tour::Venue = serde_json::from_str(&venue).expect("a venue");
    assert!(public.keys().is_empty() && public.shown_at().is_empty());
    // `grind` is an option of its question; as a value it would be the key.
    assert!(!venue.contains("\"value\":\"grind\""), "{venue}");
}

#[test]
fn what_is_said_to_an_answer_is_as_secret_as_the_key() {
    let package = good_package();
    let published = publish(&package);
    for (language, texts) in &package.texts {
        let public = &published.files[&published::text_path(language)];
        let public: Texts = serde_json::from_slice(public).expect("texts");
        for (id, here) in [
            ("desk-use", false),
            ("desk-find", false),
            ("lamp-true", true),
        ] {
            for (words, withheld) in [
                ("feedback", published.keys.feedback.get(id)),
                ("hint", published.keys.hints.get(id)),
            ] {
                let key = format!("question.{id}.{words}");
                assert_eq!(public.contains_key(&key), here, "{key}");
                assert_eq!(withheld.is_none(), here, "{key}");
                assert!(withheld.is_none_or(|words| words[language] == texts[&key]));
            }
        }
        assert_eq!(public.len(), texts.len() - 4);
    }
}

/// Whoever knows a package's public files, and so its hash, cannot tell these apart.
#[test]
fn public_files_do_not_depend_on_what_is_right() {
    let mut one = good_package();
    let mut other = one.clone();
    let desk: CheckpointId = "desk".parse().expect("an id");
    let desk = other.venue.checkpoints.get_mut(&desk).expect("the desk");
    let [asked, found] = &mut desk.questions[..] else {
        panic!("the desk has two questions");
    };
    asked.options.reverse();
    asked.key = Some(Response::Single("weigh".parse().expect("an id")));
    found.key = Some(Response::Locate("oil-lamp".parse().expect("an id")));
    for question in [asked, found] {
        assert_ne!(question.shown_at, Some("lamp".parse().expect("an id")));
        question.shown_at = Some("lamp".parse().expect("an id"));
    }
    for id in ["desk-use", "desk-find"] {
        for texts in other.texts.values_mut() {
            texts.insert(format!("question.{id}.feedback"), "Otherwise.".into());
            texts.insert(format!("question.{id}.hint"), "Look elsewhere.".into());
        }
        let cites = |package: &mut Package, cited: &[&str]| {
            let cited = cited.iter().map(|&id| id.to_owned()).collect();
            package
                .sources
                .cites
                .insert(format!("question.{id}"), cited);
        };
        cites(&mut one, &["wang-1980"]);
        cites(&mut other, &["town-page", "wang-1980"]);
    }
    let (one, other) = (publish(&one), publish(&other));
    assert_eq!(one.manifest, other.manifest);
    assert_eq!(one.index, other.index);
    assert_eq!(one.files, other.files);
    for id in ["desk-use", "desk-find"] {
        assert_ne!(one.keys.keys[id], other.keys.keys[id]);
        assert_ne!(one.keys.shown_at[id], other.keys.shown_at[id]);
        assert_ne!(one.keys.hints[id], other.keys.hints[id]);
        assert_ne!(one.keys.cites[id], other.keys.cites[id]);
    }
}

/// A package that was published when the public venue still said where answers are shown.
#[test]
fn keys_of_old_packages_are_read_and_others_must_say_where_answers_are_shown() {
    let package = good_package();
    let published = publish(&package);
    let old = format!(
        r#"{{"keys":{},"feedback":{{}}}}"#,
        serde_json::to_string(&published.keys.keys).expect("JSON")
    );
    let old = published::keys("keys", old.as_bytes()).expect("keys of old");
    let public = package.venue.clone().without_keys();
    let old_public = public.clone().with_shown_at(&package.venue.shown_at());
    assert_eq!(old.complete(old_public).as_ref(), Ok(&package.venue));
    assert_eq!(
        old.complete(public.clone()),
        Err(published::KeysError::NoLeadBack)
    );
    assert_eq!(
        Keys::default().complete(public.clone()),
        Err(published::KeysError::NoKey)
    );
    let mut unfit = published.keys.clone();
    for key in unfit.keys.values_mut() {
        *key = Response::Single("nothing".parse().expect("an id"));
    }
    assert_eq!(
        unfit.complete(public.clone()),
        Err(published::KeysError::Unfit)
    );
    assert_eq!(published.keys.complete(public), Ok(package.venue));
}

#[test]
fn what_is_published_is_opened_again() {
    let package = good_package();
    let published = publish(&package);
    let files = served(&published);
    let opened = block_on(published::open(&files)).expect("it opens");
    let completed = published.keys.complete(opened.venue.clone());
    assert_eq!(completed.as_ref(), Ok(&package.venue));
    for language in &opened.venue.languages {
        let texts = block_on(published::texts(&files, &opened.manifest, language));
        let mut texts = texts.expect("texts");
        for (id, words) in &published.keys.feedback {
            texts.insert(format!("question.{id}.feedback"), words[language].clone());
        }
        for (id, words) in &published.keys.hints {
            texts.insert(format!("question.{id}.hint"), words[language].clone());
        }
        assert_eq!(texts, package.texts[language]);
    }
    let mut sources: Sources =
        block_on(published::sources(&files, &opened.manifest)).expect("sources");
    for (id, cited) in &published.keys.cites {
        let who = format!("question.{id}");
        assert_eq!(sources.cites.insert(who, cited.clone()), None);
    }
    assert_eq!(sources, package.sources);
}

#[test]
fn every_text_that_the_good_venue_needs_has_a_key() {
    let texts = &good_package().texts["en"];
    for key in [
        "venue.title",
        "venue.place",
        "venue.summary",
        "venue.provenance",
        "venue.posterAlt",
        "venue.review",
        "room.hall.title",
        "stop.desk.title",
        "stop.desk.lead",
        "stop.desk.story",
        "artifact.ink-stone.name",
        "artifact.ink-stone.caption",
        "artifact.ink-stone.provenance",
        "artifact.ink-stone.description",
        "question.desk-use.prompt",
        "question.desk-use.hint",
        "question.desk-use.feedback",
        "question.desk-use.option.grind",
        "question.lamp-parts.target.clay",
        "topic.writing",
        "source.wang-1980",
        "credit.0.role",
    ] {
        assert!(texts.contains_key(key), "{key}");
    }
}

/// Serves a package from memory under an address.
struct Loopback<'a>(&'a str, Memory);

impl Fetch for Loopback<'_> {
    async fn fetch(&self, address: &str, most: u64) -> Result<Vec<u8>, String> {
        let path = address.strip_prefix(self.0).ok_or("another address")?;
        let bytes = self.1.read(path).await.map_err(|cause| cause.to_string())?;
        let whole = bytes.len() as u64 <= most;
        whole.then_some(bytes).ok_or("more than announced".into())
    }
}

#[test]
fn an_altered_file_is_refused_wherever_it_comes_from() {
    let base = "/packages/good/0/";
    let mut files = served(&publish(&good_package()));
    let open = |files: &Memory| block_on(Http::open(Loopback(base, files.clone()), base));
    let http = open(&files).expect("the manifest is there");
    assert!(block_on(published::open(&http)).is_ok());
    assert!(block_on(http.read("media/hall.glb")).is_ok());

    let model = files.0.get_mut("media/hall.glb").expect("the model");
    model[40] ^= 1;
    let http = open(&files).expect("the manifest is there");
    let altered = FileError::Altered {
        path: "media/hall.glb".into(),
    };
    assert_eq!(block_on(http.read("media/hall.glb")), Err(altered));

    let venue = files.0.get_mut("venue.json").expect("the venue");
    venue[9] ^= 1;
    let opened = block_on(published::open(&files));
    assert!(matches!(
        opened,
        Err(OpenError::File(FileError::Altered { .. }))
    ));

    let manifest = files.0.get_mut(Manifest::PATH).expect("the manifest");
    let text = String::from_utf8_lossy(manifest).replace("venue.json", "venus.json");
    *manifest = text.into_bytes();
    assert!(matches!(
        block_on(published::open(&files)),
        Err(OpenError::Hash { .. })
    ));
}

fn index(packages: &Path) -> Index {
    let bytes = fs::read(packages.join(Index::PATH)).expect("there is an index");
    serde_json::from_slice(&bytes).expect("the index parses")
}

#[test]
fn storing_twice_changes_nothing_and_storing_another_version_keeps_the_first() {
    let home = tempfile::tempdir().expect("a folder");
    let (packages, keys) = (home.path().join("packages"), home.path().join("keys"));
    let package = good_package();
    let first = store(&publish(&package), &packages, &keys, true).expect("stored");
    assert!(!first.known);
    let directory = Directory::new(&first.folder);
    let opened = block_on(published::open(&directory)).expect("it opens");
    assert_eq!(opened.venue, package.venue.clone().without_keys());
    assert!(first.folder.join("venue.json.br").is_file());
    let hash = &opened.manifest.hash;
    let withheld = fs::read(keys.join(format!("good/{hash}.json"))).expect("keys");
    assert_eq!(
        published::keys("keys", &withheld).expect("keys"),
        publish(&package).keys
    );
    let again = store(&publish(&package), &packages, &keys, true).expect("stored");
    assert!(again.known);

    let mut other = package;
    other.venue.draft = true;
    let second = store(&publish(&other), &packages, &keys, false).expect("stored");
    assert_ne!(first.folder, second.folder);
    assert!(first.folder.is_dir() && second.folder.is_dir());
    let venues = index(&packages).venues;
    assert_eq!(venues.len(), 1);
    assert!(venues[0].draft);
    let beside = fs::read_dir(packages.join("good")).expect("listed").count();
    assert_eq!(beside, 2, "nothing temporary is left");
}

#[test]
fn the_index_keeps_other_venues_and_a_broken_one_is_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let (packages, keys) = (home.path().join("packages"), home.path().join("keys"));
    let package = good_package();
    let mut elsewhere = package.clone();
    elsewhere.venue.id = "another".parse().expect("an id");
    for package in [&package, &elsewhere] {
        store(&publish(package), &packages, &keys, false).expect("stored");
    }
    let ids: Vec<_> = index(&packages)
        .venues
        .into_iter()
        .map(|venue| venue.id.to_string())
        .collect();
    assert_eq!(ids, ["another", "good"]);
    fs::write(packages.join(Index::PATH), "{").expect("written");
    let refused = store(&publish(&package), &packages, &keys, false);
    assert!(matches!(refused, Err(StoreError::Index { .. })));
}

#[test]
fn keys_are_never_stored_where_packages_are_served() {
    let home = tempfile::tempdir().expect("a folder");
    let keys = home.path().join("keys");
    let refused = store(&publish(&good_package()), home.path(), &keys, false);
    assert!(matches!(refused, Err(StoreError::KeysAreServed { .. })));
    assert_eq!(fs::read_dir(keys).expect("listed").count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn publishing_and_opening_is_the_identity_on_the_venue(
        mastery in 1_u32..=100,
        attempts in 1_u32..=9,
        draw in 1_usize..=2,
        eye_height_m in 0.3_f32..3.0,
        observe_within_m in 0.1_f32..1000.0,
        observe_millis in 500_u32..60_000,
        draft in any::<bool>(),
    ) {
        let mut package = good_package();
        let venue = &mut package.venue;
        venue.completion.mastery = mastery as f32 / 100.0;
        venue.completion.attempts = attempts;
        venue.draft = draft;
        for room in venue.rooms.values_mut() {
            room.eye_height_m = eye_height_m;
        }
        for checkpoint in venue.checkpoints.values_mut() {
            checkpoint.draw = draw;
        }
        for artifact in venue.stops.iter_mut().filter_map(|stop| stop.artifact.as_mut()) {
            artifact.observe_millis = observe_millis;
            artifact.observe_within_m = observe_within_m;
        }
        let published = publish(&package);
        let opened = block_on(published::open(&served(&published)));
        let opened = opened.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&opened.venue, &package.venue.clone().without_keys());
        prop_assert_eq!(published.keys.complete(opened.venue), Ok(package.venue));
    }
}
