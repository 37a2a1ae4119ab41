//! A server of PostgreSQL's, gone when the tests have ended: one that crashes, on a disk that is full or
//! that loses what was not synced.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use xinghuo_server::{BucketOptions, Records};

use crate::{clocks::Clocks, place::skipped};

/// Makes a server in a folder of its own that listens on a socket there, says where, crashes and
/// starts it when told so, and ends it when its input ends, which is when the tests do, however they
/// do. PostgreSQL refuses to be run by root, for whom Debian's package made a user. `$2` says whether it
/// writes through to the disk, `$3` how large a disk of its own shall be, if it shall have one: nobody
/// else sees that, so the socket lies elsewhere.
const SCRIPT: &str = r#"
    set -e
    if [ "$(id -u)" = 0 ]; then
        if [ -n "$3" ]; then
            exec unshare -m sh -c '
                mount -t tmpfs -o "size=$4,mode=1777" none /mnt || exit 77
                export DISK=/mnt
                exec runuser -u postgres -- sh -c "$1" "$1" "$2" "$3" "$4"
            ' sh "$0" "$1" "$2" "$3"
        fi
        exec runuser -u postgres -- sh -c "$0" "$0" "$1" "$2" "$3"
    fi
    if [ -n "$3" ] && [ -z "$DISK" ]; then exit 77; fi
    folder=$(mktemp -d)
    disk=${DISK:-$folder}
    "$1/initdb" -D "$disk/data" -U xinghuo -A trust -E UTF8 --locale=C --no-sync --wal-segsize=1 >&2
    programs=$1
    lasting=$2
    start() {
        "$programs/postgres" -D "$disk/data" -c listen_addresses= \
            -c unix_socket_directories="$folder" -c min_wal_size=2MB \
            -c fsync=$lasting -c full_page_writes=$lasting -c max_connections=200 >&2 &
        server=$!
    }
    start
    echo "$folder"
    while read -r word; do
        case $word in
            crash) kill -QUIT $server; wait $server || true ;;
            kill)
                kill -KILL $server $(cat /proc/$server/task/$server/children) || true
                wait $server || true ;;
            fill)
                head -c "$(($(df --output=avail -B1 "$disk" | tail -n 1) - 2500000))" /dev/zero \
                    > "$disk/ballast" ;;
            room) rm "$disk/ballast" ;;
            start) start ;;
        esac
        echo "$word"
    done
    kill -INT $server || true
    wait || true
    rm -rf "$folder"
"#;

/// Makes one on a disk that loses what was not synced: a file system of its own, in a file in memory.
/// What the file holds at a moment is what the disk has; what the kernel still means to write is not
/// in it. So the power goes by going on with a copy of it. Nobody may write while it is copied, and it
/// is copied again if the kernel has. A file that is not synced has to be lost, or it proves nothing.
const LOSING: &str = r#"
    set -e
    programs=$1
    mount -t tmpfs none /mnt
    truncate -s 300m /mnt/disk
    mkfs.ext4 -q -F /mnt/disk >&2
    mkdir /mnt/on
    put_in() {
        mount -o loop /mnt/disk /mnt/on
        device=$(findmnt -n -o SOURCE /mnt/on)
    }
    put_in
    chown postgres /mnt/on
    as="setpriv --reuid=postgres --regid=postgres --init-groups"
    folder=$($as mktemp -d)
    $as "$programs/initdb" -D /mnt/on/data -U xinghuo -A trust -E UTF8 --locale=C --wal-segsize=1 >&2
    start() {
        $as "$programs/postgres" -D /mnt/on/data -c listen_addresses= \
            -c unix_socket_directories="$folder" -c min_wal_size=2MB >&2 &
        server=$!
    }
    written() { awk '{ print $5, $9 }' "/sys/block/${device#/dev/}/stat"; }
    lose() {
        echo lost > /mnt/on/unsynced
        all="$server $(cat /proc/$server/task/$server/children)"
        kill -STOP $all
        while
            before=$(written)
            cp /mnt/disk /mnt/copy
            [ "$(written)" != "$before" ] || [ "${before#* }" != 0 ]
        do :; done
        kill -KILL $all
        wait $server || true
        umount -l /mnt/on
        mv /mnt/copy /mnt/disk
        put_in
        if [ -e /mnt/on/unsynced ]; then word=kept; fi
    }
    start
    echo "$folder"
    while read -r word; do
        case $word in
            lose) lose ;;
            start) start ;;
        esac
        echo "$word"
    done
    kill -INT $server || true
    wait || true
    umount -l /mnt/on
    rm -rf "$folder"
"#;

/// A server of PostgreSQL's.
pub(crate) struct Cluster {
    programs: PathBuf,
    socket: String,
    script: Child,
    said: BufReader<ChildStdout>,
}

/// The number of the next database.
static NEXT: AtomicUsize = AtomicUsize::new(1);

impl Cluster {
    pub(crate) fn start() -> Self {
        Self::with("off", "").expect("PostgreSQL could not be set up")
    }

    /// One that writes through to the disk before it says that it has.
    pub(crate) fn lasting() -> Self {
        Self::with("on", "").expect("PostgreSQL could not be set up")
    }

    /// One on a small disk of its own; none where that may not be made.
    pub(crate) fn on_a_small_disk() -> Option<Self> {
        Self::or_skipped(Self::with("on", "90m"))
    }

    /// One that has the time from these clocks.
    pub(crate) fn with_clocks(clocks: &Clocks) -> Self {
        let mut shell = Command::new("sh");
        clocks.tell(shell.args(["-c", SCRIPT, SCRIPT]));
        Self::by(shell, &["off", ""]).expect("PostgreSQL could not be set up")
    }

    fn with(lasting: &str, disk: &str) -> Option<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, SCRIPT]);
        Self::by(shell, &[lasting, disk])
    }

    /// One on a disk that can lose what was not synced; none where that may not be made.
    pub(crate) fn on_a_losing_disk() -> Option<Self> {
        let mut shell = Command::new("unshare");
        shell.args(["-m", "sh", "-c", LOSING, "sh"]);
        Self::or_skipped(Self::by(shell, &[]))
    }

    fn or_skipped(made: Option<Self>) -> Option<Self> {
        if made.is_none() {
            skipped("a file system may not be mounted here");
        }
        made
    }

    fn by(mut shell: Command, how: &[&str]) -> Option<Self> {
        let programs = programs().expect("PostgreSQL is needed: install Debian's `postgresql`");
        let mut script = shell
            .arg(&programs)
            .args(how)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let mut socket = String::new();
        let mut said = BufReader::new(script.stdout.take().expect("an output"));
        let line = said.read_line(&mut socket);
        if line.expect("a line") == 0 {
            let _ = script.wait();
            return None;
        }
        let cluster = Self {
            programs,
            socket: socket.trim().to_owned(),
            script,
            said,
        };
        cluster.wait();
        Some(cluster)
    }

    /// Ends all of it at once, as a machine ends that loses its power: nothing is told to stop.
    pub(crate) fn kill(&mut self) {
        self.tell("kill");
    }

    /// Ends all of it at once, and with it goes what was written and not synced.
    pub(crate) fn lose_power(&mut self) {
        self.tell("lose");
    }

    /// Leaves two megabytes and a half of its disk free.
    pub(crate) fn fill(&mut self) {
        self.tell("fill");
    }

    /// Makes room on its disk.
    pub(crate) fn make_room(&mut self) {
        self.tell("room");
    }

    /// Waits until it takes connections.
    fn wait(&self) {
        let begun = Instant::now();
        while !self.ask("pg_isready", &["-q"]).0 {
            assert!(begun.elapsed() < Duration::from_mins(2), "it starts");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it without a word, in the middle of whatever it does.
    pub(crate) fn crash(&mut self) {
        self.tell("crash");
    }

    /// Starts it again.
    pub(crate) fn start_again(&mut self) {
        self.tell("start");
        self.wait();
    }

    fn tell(&mut self, word: &str) {
        let input = self.script.stdin.as_mut().expect("an input");
        writeln!(input, "{word}").expect("it is heard");
        let mut answer = String::new();
        self.said.read_line(&mut answer).expect("it is done");
        assert_eq!(answer.trim(), word);
    }

    /// A new database.
    pub(crate) fn empty(&self) -> Records {
        let name = format!("records{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (made, _) = self.ask("createdb", &["-T", "template0", &name]);
        assert!(made, "no database {name}");
        let socket = self.socket.replace('/', "%2F");
        Records {
            data: None,
            database_url: Some(format!("postgres://xinghuo@{socket}/{name}")),
            bucket: BucketOptions::default(),
        }
    }

    /// Runs one of PostgreSQL's programs: whether it succeeded, and what it said.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> (bool, Vec<u8>) {
        let output = Command::new(self.programs.join(program))
            .args(["-h", &self.socket, "-U", "xinghuo"])
            .args(arguments)
            .output()
            .expect("it runs");
        (output.status.success(), output.stdout)
    }
}

/// Where PostgreSQL's programs are: Debian keeps them out of the path, by version.
fn programs() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let versions = debian.read_dir().into_iter().flatten().flatten();
    let versions = versions.map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = versions.chain(env::split_paths(&path)).collect();
    folders.retain(|folder| folder.join("initdb").is_file());
    folders.into_iter().next()
}
