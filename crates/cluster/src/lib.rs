//! A `PostgreSQL` server of a program's own, in a folder that goes with it.
//!
//! Owns its life: made as an unprivileged user (`PostgreSQL` refuses root), reached by a socket in its
//! folder, ended and removed when the program ends, however that comes. Must not own what is kept in it.
//! Invariant: nobody but this machine's users reaches it, and no port is taken.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Makes and runs a cluster in the folder `$1` with the programs in `$2`, until standard input ends. A
/// line there stops it with the signal of that name, or starts it again, and is answered with a line.
const RUN: &str = r#"
cd "$1" || exit
run() {
  "$2/postgres" -D data -k "$1" -c listen_addresses= -c fsync="$3" -c max_connections=200 >>log 2>&1 &
}
"$2/initdb" -D data -A trust -U booth -E UTF8 --locale=C.UTF-8 --no-sync >log 2>&1 && run "$@"
while read -r word; do
  case $word in
    start) run "$@" ;;
    *) kill -s "$word" $!; wait ;;
  esac 2>>log
  echo done
done
kill -INT $!
wait
rm -rf "$1"
"#;
/// Where Debian and others put the programs, one folder a version.
const USUAL: &str = "/usr/lib/postgresql";
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether what is committed must outlive the machine's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Commits wait for the disk.
    Disk,
    /// They do not: enough for tests in which only programs die.
    Memory,
}

/// How the server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It ends every connection, undoes what was not committed, and closes in good order.
    Fast,
    /// It drops everything at once and has to recover at the next start.
    Immediate,
}

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    databases: AtomicU32,
    /// Its standard input ends with this program.
    running: Child,
    answers: BufReader<ChildStdout>,
}

impl Cluster {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    ///
    /// Where `PostgreSQL` is not installed, or does not start; then with its log.
    pub fn start(durability: Durability) -> io::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new()
            .prefix("booth-postgres-")
            .tempdir()?
            .keep();
        let fsync = match durability {
            Durability::Disk => "on",
            Durability::Memory => "off",
        };
        let mut running = as_nobody(&folder)?
            .args(["sh", "-c", RUN, "sh"])
            .args([&folder, &programs])
            .arg(fsync)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = running.stdout.take().ok_or_else(gone)?;
        let cluster = Self {
            folder,
            programs,
            databases: AtomicU32::new(1),
            running,
            answers: BufReader::new(answers),
        };
        cluster.wait_until_it_answers()?;
        Ok(cluster)
    }

    /// Stops the server and waits for its end, which may have come already.
    ///
    /// # Errors
    ///
    /// When whoever watches over it is gone.
    pub fn stop(&mut self, how: Stop) -> io::Result<()> {
        self.tell(match how {
            Stop::Fast => "INT",
            Stop::Immediate => "QUIT",
        })
    }

    /// Starts a server that was stopped, or ended by itself, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When it does not start; then with its log.
    pub fn start_again(&mut self) -> io::Result<()> {
        self.tell("start")?;
        self.wait_until_it_answers()
    }

    fn tell(&mut self, word: &str) -> io::Result<()> {
        let to = self.running.stdin.as_mut().ok_or_else(gone)?;
        writeln!(to, "{word}")?;
        if self.answers.read_line(&mut String::new())? == 0 {
            return Err(gone());
        }
        Ok(())
    }

    fn wait_until_it_answers(&self) -> io::Result<()> {
        let start = Instant::now();
        while let Err(error) = self.ask("postgres", "SELECT 1") {
            if start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(io::Error::other(format!("no PostgreSQL: {error}\n{log}")));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Whether there is a server: after an accident it may have ended by itself.
    pub fn is_running(&self) -> bool {
        self.folder.join("data/postmaster.pid").exists()
    }

    /// The address of an empty database.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn fresh_database(&self) -> io::Result<String> {
        let name = format!("booth{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.ask("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(format!(
            "postgres://booth@/{name}?host={}",
            self.folder.display()
        ))
    }

    /// Runs a statement.
    fn ask(&self, database: &str, sql: &str) -> io::Result<()> {
        let output = Command::new(self.programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--username=booth", "--host"])
            .arg(&self.folder)
            .args(["--dbname", database, "--command", sql])
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
    }
}

fn gone() -> io::Error {
    io::Error::other("whoever watches over the cluster is gone")
}

/// `POSTGRES_BIN`, or the newest of the usual places.
fn programs() -> io::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("POSTGRES_BIN") {
        return Ok(folder.into());
    }
    let versions = std::fs::read_dir(USUAL).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| {
            let number: u32 = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .max();
    newest.map(|(_, folder)| folder).ok_or_else(|| {
        io::Error::other(
            "PostgreSQL is needed: `apt-get install postgresql`, or its programs' folder in POSTGRES_BIN",
        )
    })
}

/// A command line that follows is run by somebody who is not root, and may write into the folder.
fn as_nobody(folder: &Path) -> io::Result<Command> {
    use std::os::unix::fs::{MetadataExt as _, chown};
    const NOBODY: u32 = 65534;
    if std::fs::metadata(folder)?.uid() != 0 {
        return Ok(Command::new("env"));
    }
    chown(folder, Some(NOBODY), Some(NOBODY))?;
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    Ok(command)
}
