//! A disk that is full: what cannot be stored is refused with a sentence, what was acknowledged is
//! there, and with room again everything goes on.

use std::{fs, path::PathBuf, process::Command, thread, time::Duration};

use serde_json::{Value, json};
use xinghuo_server::Records;
use xinghuo_tour::Action;

use crate::{
    client::{Became, Client},
    connection::ask,
    killed::{Program, begin, command},
    place::{Place, skipped},
    upkeep::verify,
    visitor::Visitor,
};

/// A disk of its own for whatever runs after it, which nobody else sees.
const SCRIPT: &str = r#"
    mv "$1" "$1-before" && mkdir "$1"
    mount -t tmpfs -o size=3m none "$1" && head -c 1500000 /dev/zero > "$1/ballast" || exit 77
    cp "$1-before"/* "$1"
    shift; exec "$@"
"#;

/// The program on a small disk in place of the data folder, with what was there.
struct OnASmallDisk {
    program: Program,
    /// The disk.
    inside: PathBuf,
}

impl OnASmallDisk {
    /// None where that may not be made.
    fn start(place: &Place) -> Option<Self> {
        let data = place.folder("data");
        let unshared = |command: &str| {
            let mut unshare = Command::new("unshare");
            unshare
                .args(["-U", "-r", "-m", "sh", "-c", command, "sh"])
                .arg(&data);
            unshare
        };
        let may = unshared("mount -t tmpfs -o size=1m none \"$1\"").status();
        if !may.is_ok_and(|status| status.success()) {
            skipped("a file system may not be mounted here");
            return None;
        }
        let plain = command(place, "127.0.0.1:0");
        let mut small = unshared(SCRIPT);
        small.arg(plain.get_program()).args(plain.get_args());
        small
            .env_remove("DATABASE_URL")
            .stderr(std::process::Stdio::piped());
        let program = Program::by(&mut small);
        let root = PathBuf::from(format!("/proc/{}/root", program.id()));
        let inside = root.join(data.strip_prefix("/").expect("an absolute path"));
        Some(Self { program, inside })
    }

    fn make_room(&self) {
        fs::remove_file(self.inside.join("ballast")).expect("the ballast");
    }

    /// Ends it; what its database held then, in the folder.
    fn stop(self, folder: PathBuf) -> Records {
        fs::create_dir(&folder).expect("a folder");
        for name in ["xinghuo.sqlite", "xinghuo.sqlite-wal"] {
            fs::copy(self.inside.join(name), folder.join(name)).expect("a file");
        }
        let log = self.program.stop();
        assert!(log.contains("the disk is full"), "{log}");
        Records::in_folder(folder)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_that_others_were_told_is_kept_is_lost() {
    let place = Place::new();
    let mut client = Client::new(&place, "system").await;
    let Some(disk) = OnASmallDisk::start(&place) else {
        return;
    };
    let address = disk.program.address;
    client.go_on(address);
    let became = client.write_until_refused(address, 5_000);
    let Became::Refused(sentence) = became else {
        panic!("{became:?}");
    };
    assert!(sentence.contains("no room"), "{sentence}");
    // It is refused as long as there is no room, and what is there can be read.
    assert!(matches!(client.write(address), Became::Refused(_)));
    client.check(address);
    disk.make_room();
    client.go_on(address);
    client.check(address);
    let records = disk.stop(place.folder("copy"));
    verify(&records).await.expect("no breach");
}

#[test]
fn on_a_full_disk_nothing_acknowledged_is_lost_and_room_heals_it() {
    let place = Place::new();
    let Some(disk) = OnASmallDisk::start(&place) else {
        return;
    };
    let program = &disk.program;
    let mut visitors = Vec::new();
    let mut refused = None;
    // Each visit writes some kilobytes; all of them together are more than there is room for.
    for _ in 0..150 {
        let asked =
            json!({"venue": "boat", "package": place.package, "language": "en", "consent": 1});
        let mut visitor = match ask(program.address, "POST /api/v1/visits", "", &asked) {
            Some((201, created)) => Visitor::of(&created),
            other => {
                refused = other;
                break;
            }
        };
        for _ in 0..40 {
            visitor.act(Action::Arrive {
                stop: "landing".parse().expect("an id"),
            });
        }
        let batch = json!({"entries": visitor.outbox});
        let head = format!("POST {}", visitor.path("/evidence"));
        match ask(program.address, &head, &visitor.token, &batch).expect("an answer") {
            (200, _) => visitors.push((visitor.visit.clone(), visitor.token.clone())),
            (429, _) => thread::sleep(Duration::from_millis(200)),
            other => {
                refused = Some(other);
                break;
            }
        }
    }
    let (status, sentence) = refused.expect("the disk is full");
    assert_eq!(status, 503, "{sentence}");
    assert_eq!(sentence["error"]["code"], "UNAVAILABLE");
    assert!(
        sentence["error"]["message"]
            .as_str()
            .expect("a sentence")
            .contains("no room"),
        "{sentence}"
    );
    assert!(!visitors.is_empty(), "it was full from the beginning");

    disk.make_room();
    for (visit, token) in &visitors {
        let (status, kept) = ask(
            program.address,
            &format!("GET /api/v1/visits/{visit}"),
            token,
            &Value::Null,
        )
        .expect("an answer");
        assert_eq!(status, 200, "{kept}");
        assert_eq!(kept["entries"].as_array().expect("entries").len(), 40);
    }
    let mut visitor = begin(&place, program.address);
    visitor.attend("landing");
    let batch = json!({"entries": visitor.outbox});
    let head = format!("POST {}", visitor.path("/evidence"));
    let (status, answer) = ask(program.address, &head, &visitor.token, &batch).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    disk.stop(place.folder("copy"));
}
