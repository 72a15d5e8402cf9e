//! A `PostgreSQL` server of the tests' own, in a folder that goes with them.
//!
//! It is started once for a test program, as an unprivileged user (`PostgreSQL` refuses root), reached by a
//! socket in its folder, and ended by the end of that program, however that comes. A test takes a database
//! of its own.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// Makes and runs a cluster in the folder `$1` with the programs in `$2`, until standard input ends.
const RUN: &str = r#"
set -e
cd "$1"
"$2/initdb" -D data -A trust -U booth -E UTF8 --locale=C.UTF-8 --no-sync >log 2>&1
"$2/postgres" -D data -k "$1" -c listen_addresses= -c fsync=off -c max_connections=200 >>log 2>&1 &
cat >/dev/null
kill -INT $!
wait
rm -rf "$1"
"#;
/// Where Debian and others put the programs, one folder a version.
const USUAL: &str = "/usr/lib/postgresql";
const PATIENCE: Duration = Duration::from_mins(1);

struct Cluster {
    folder: PathBuf,
    /// Its standard input ends with this program.
    _running: Child,
}

/// The address of an empty database.
pub(crate) fn fresh_database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let cluster = CLUSTER.get_or_init(start);
    let name = format!("booth{}", COUNT.fetch_add(1, Ordering::Relaxed));
    ask(
        &cluster.folder,
        "postgres",
        &format!("CREATE DATABASE {name}"),
    )
    .unwrap();
    address(&cluster.folder, &name)
}

/// Runs statements on a database.
pub(crate) fn ask_database(address: &str, sql: &str) -> Vec<postgres::SimpleQueryMessage> {
    let (address, sql) = (address.to_owned(), sql.to_owned());
    // The client must not be used on an async thread.
    let asked = std::thread::spawn(move || {
        postgres::Client::connect(&address, postgres::NoTls)?.simple_query(&sql)
    });
    asked.join().unwrap().unwrap()
}

fn address(folder: &Path, database: &str) -> String {
    format!("postgres://booth@/{database}?host={}", folder.display())
}

fn ask(folder: &Path, database: &str, sql: &str) -> Result<(), postgres::Error> {
    let (address, sql) = (address(folder, database), sql.to_owned());
    let asked = std::thread::spawn(move || {
        postgres::Client::connect(&address, postgres::NoTls)?.batch_execute(&sql)
    });
    asked.join().unwrap()
}

fn start() -> Cluster {
    let programs = programs();
    let folder = tempfile::Builder::new()
        .prefix("booth-postgres-")
        .tempdir()
        .unwrap()
        .keep();
    let running = as_nobody(&folder)
        .args(["sh", "-c", RUN, "sh"])
        .args([&folder, &programs])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while let Err(error) = ask(&folder, "postgres", "SELECT 1") {
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(
            start.elapsed() < PATIENCE,
            "no PostgreSQL: {error}\n{}",
            log()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    Cluster {
        folder,
        _running: running,
    }
}

/// `POSTGRES_BIN`, or the newest of the usual places.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("POSTGRES_BIN") {
        return folder.into();
    }
    let versions = std::fs::read_dir(USUAL).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| {
            Some((
                version.file_name().to_str()?.parse::<u32>().ok()?,
                version.path(),
            ))
        })
        .max();
    let (_, folder) = newest.expect(
        "PostgreSQL is needed: `apt-get install postgresql`, or its programs' folder in POSTGRES_BIN",
    );
    folder.join("bin")
}

/// A command line that follows is run by somebody who is not root, and may write into the folder.
fn as_nobody(folder: &Path) -> Command {
    use std::os::unix::fs::{MetadataExt as _, chown};
    const NOBODY: u32 = 65534;
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        return Command::new("env");
    }
    chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    command
}
