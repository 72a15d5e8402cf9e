//! The server's binary: reads the command line, starts, serves, stops.

use std::{
    collections::BTreeMap, io::Write, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc,
    time::Duration,
};

use axum::serve::ListenerExt;
use clap::{Parser, Subcommand};
use kiosk_server::{
    app::app,
    assets::Assets,
    backup, check,
    clock::{Clock, SystemClock},
    config::CommandLine,
    retention,
    routes::summary,
    startup::{self, Started},
    telemetry,
};

/// A booth runs for days on a small machine: what many answers needed at once goes back to the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long requests may go on after a signal to stop. With what follows it stays within the ten seconds
/// after which those who stop services kill them.
const GRACE: Duration = Duration::from_secs(8);
/// How long clients may then take to read that their answers were ended.
const PARTING: Duration = Duration::from_secs(1);
/// How long answers that are ended then may take to count their tokens.
const COUNTING: Duration = Duration::from_secs(2);
/// How long the database may take to close; whatever was answered is on the disk already.
const CLOSING: Duration = Duration::from_secs(3);
/// The exit code of a start, or of another task, that was refused.
const REFUSED: u8 = 2;

/// Serves the booth's app, proxies the teams' models, takes in feedback.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Configuration file; without it booth.toml is read if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port, 127.0.0.1:8080 if nothing is configured.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Folder of database and hash key, ./data if nothing is configured.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Event folder; without it the built-in content is shown.
    #[arg(long, value_name = "DIR")]
    event_dir: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

/// What is done instead of serving.
#[derive(Subcommand)]
enum Task {
    /// Copies the database into a new file, and hash.key beside it, while the server runs.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Puts such a copy back; what was there is kept under another name.
    Restore {
        /// The copy.
        file: PathBuf,
    },
    /// Asks every team's service one short question and says what is to be mended.
    Check {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Prints what this program carries and the licences of it.
    Licences,
}

fn main() -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kiosk-server: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run());
    // Dropped, it would wait for reads that do not end.
    runtime.shutdown_background();
    code
}

/// Half of the processors pass words on, which takes little of them: the other half is for what runs beside
/// it, on threads of its own (the database, passwords, downloads). Words that wake fewer threads cost less.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors.div_ceil(2))
        .enable_all()
        .build()
}

async fn run() -> ExitCode {
    let options = Options::parse();
    let command_line = CommandLine {
        config: options.config,
        listen: options.listen,
        data_dir: options.data_dir,
        event_dir: options.event_dir,
    };
    let done = match options.task {
        None => return start(&command_line).await,
        Some(Task::Licences) => return print_licences(),
        Some(Task::Check { json }) => return check(&command_line, json).await,
        Some(Task::Backup { file }) => backup::backup(&command_line, &environment(), &file),
        Some(Task::Restore { file }) => {
            backup::restore(&command_line, &environment(), &file, SystemClock.now())
        }
    };
    match done {
        Ok(lines) => {
            print(&lines);
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error),
    }
}

async fn start(command_line: &CommandLine) -> ExitCode {
    telemetry::start();
    match startup::start(command_line, &environment()).await {
        Ok(started) => serve(started).await,
        Err(error) => refuse(&error),
    }
}

async fn check(command_line: &CommandLine, json: bool) -> ExitCode {
    let report = match check::run(command_line, &environment()).await {
        Ok(report) => report,
        Err(error) => return refuse(&error),
    };
    print(&[if json {
        report.to_json()
    } else {
        report.to_string()
    }]);
    if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("kiosk-server: {error}");
    ExitCode::from(REFUSED)
}

fn print_licences() -> ExitCode {
    let assets = Assets::embedded();
    let Some(list) = assets.licences() else {
        eprintln!("kiosk-server: the list is not built in; `cargo xtask build` makes it");
        return ExitCode::FAILURE;
    };
    // Whoever closes the pipe has read enough.
    std::io::stdout().write_all(list.as_bytes()).ok();
    ExitCode::SUCCESS
}

/// Variables whose name or value is not Unicode cannot be ours.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

async fn serve(started: Started) -> ExitCode {
    let storage = started.state.storage.clone();
    let bell = Arc::clone(&started.state.bell);
    let chat = Arc::clone(&started.state.chat);
    tokio::spawn(retention::run(started.state.clone()));
    tokio::spawn(summary::keep_ready(started.state.clone()));
    let listener = match tokio::net::TcpListener::from_std(started.listener) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("kiosk-server: the listener cannot be used: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Small answers must not wait for acknowledgements that clients delay.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let service = app(started.state).into_make_service_with_connect_info::<SocketAddr>();
    // Before anything is printed: whoever reads the lines may stop the server at once.
    let signal = match stop_signal() {
        Ok(signal) => signal,
        Err(error) => {
            eprintln!("kiosk-server: signals cannot be received: {error}");
            return ExitCode::FAILURE;
        }
    };
    print(&started.lines);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut graceful = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        graceful.wait_for(|stop| *stop).await.ok();
    });
    tokio::spawn(async move {
        signal.await;
        // Streams of commands have no end of their own.
        bell.close();
        stop.send_replace(true);
    });
    let mut over = stopped;
    let mut server = std::pin::pin!(server.into_future());
    let in_time = tokio::select! {
        outcome = &mut server => Some(outcome),
        () = async { over.wait_for(|stop| *stop).await.ok(); tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some requests did not end in time");
            None
        }
    };
    // What answers have used is counted before the database closes.
    if tokio::time::timeout(COUNTING, chat.stop()).await.is_err() {
        tracing::warn!("the tokens of some answers were not counted in time");
    }
    let outcome = match in_time {
        Some(outcome) => outcome,
        // Answers have been told that they end; nothing else is waited for.
        None => tokio::time::timeout(PARTING, server)
            .await
            .unwrap_or(Ok(())),
    };
    if tokio::time::timeout(CLOSING, storage.close())
        .await
        .is_err()
    {
        tracing::warn!("the database did not close in time");
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kiosk-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A closed standard output is no reason not to serve.
fn print(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").ok();
    }
    out.flush().ok();
}

/// Listens for SIGTERM and SIGINT from now on; the future ends with the first of them.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Listens for Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}
