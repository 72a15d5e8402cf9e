//! The command line of `cargo xtask`.
//!
//! Owns the grammar and its refusals. Invariant: what is not understood is refused with one
//! sentence, never ignored.

use std::ffi::OsString;

use crate::fuzz;
use crate::tools::Engine;

pub(crate) const USAGE: &str = "\
cargo xtask run [-- SERVER OPTIONS]   set up, build the release apps, serve them
cargo xtask build                     the same without serving
cargo xtask test                      set up, run the tests
    [--only native|web|e2e]             one layer
    [--browser chromium|firefox|webkit] one engine instead of all
    [--long]                            many more cases for each property, many more kills and cuts
cargo xtask check [--online]          format, clippy, conventions, licences, spelling;
                                      known vulnerabilities with --online
cargo xtask fuzz [SECONDS]            searches the readers of streams for bytes they cannot bear
cargo xtask bench [NAME]              figures beside those of peers
cargo xtask dist                      one server binary, stripped and checked for shipping
";

/// A command that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    Help,
    Build,
    Run { server_options: Vec<OsString> },
    Check { online: bool },
    Test(Selection),
    Bench { name: Option<String> },
    Fuzz { secs: u32 },
    Dist,
}

/// Which tests run, and how thoroughly.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) only: Option<Layer>,
    pub(crate) browser: Option<Engine>,
    pub(crate) long: bool,
}

/// A layer of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Native,
    Web,
    EndToEnd,
}

impl Layer {
    pub(crate) const ALL: [Self; 3] = [Self::Native, Self::Web, Self::EndToEnd];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Web => "web",
            Self::EndToEnd => "e2e",
        }
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{0}` is not a command.\n\n{USAGE}")]
    UnknownCommand(String),
    #[error("`{command}` does not take `{argument}`.\n\n{USAGE}")]
    UnknownArgument { command: String, argument: String },
    #[error("`{0}` needs a value.\n\n{USAGE}")]
    MissingValue(String),
    #[error("`{option}` cannot be `{value}`; it is {expected}.")]
    BadValue {
        option: String,
        value: String,
        expected: &'static str,
    },
    #[error(
        "the web layer cannot run in WebKit, whose driver its runner does not know: choose chromium or firefox."
    )]
    NoWebLayer,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Invocation, Error> {
    let mut arguments = arguments.peekable();
    let Some(command) = arguments.next() else {
        return Ok(Invocation::Help);
    };
    let command = command.to_string_lossy().into_owned();
    match command.as_str() {
        "help" | "-h" | "--help" => Ok(Invocation::Help),
        "run" => {
            if let Some(first) = arguments.next_if(|argument| argument != "--") {
                return Err(unknown(&command, &first));
            }
            Ok(Invocation::Run {
                server_options: arguments.skip(1).collect(),
            })
        }
        "build" => no_more(&command, arguments, Invocation::Build),
        "check" => match arguments.next() {
            Some(argument) if argument == "--online" => {
                no_more(&command, arguments, Invocation::Check { online: true })
            }
            Some(argument) => Err(unknown(&command, &argument)),
            None => Ok(Invocation::Check { online: false }),
        },
        "test" => parse_test(arguments),
        "fuzz" => {
            let secs = arguments.next().map_or(Ok(fuzz::SECS), |given| {
                let given = given.to_string_lossy();
                let read = given.parse().ok().filter(|secs| *secs > 0);
                read.ok_or_else(|| bad_value("fuzz", &given, "a number of seconds"))
            })?;
            no_more(&command, arguments, Invocation::Fuzz { secs })
        }
        "dist" => no_more(&command, arguments, Invocation::Dist),
        "bench" => {
            let name = arguments.next();
            let name = name.map(|name| name.to_string_lossy().into_owned());
            no_more(&command, arguments, Invocation::Bench { name })
        }
        _ => Err(Error::UnknownCommand(command)),
    }
}

fn parse_test(mut arguments: impl Iterator<Item = OsString>) -> Result<Invocation, Error> {
    let mut selection = Selection::default();
    while let Some(argument) = arguments.next() {
        match argument.to_string_lossy().as_ref() {
            "--only" => selection.only = Some(layer(&value(&argument, arguments.next())?)?),
            "--browser" => selection.browser = Some(engine(&value(&argument, arguments.next())?)?),
            "--long" => selection.long = true,
            _ => return Err(unknown("test", &argument)),
        }
    }
    if selection.only == Some(Layer::Web) && selection.browser == Some(Engine::WebKit) {
        return Err(Error::NoWebLayer);
    }
    Ok(Invocation::Test(selection))
}

fn layer(value: &str) -> Result<Layer, Error> {
    Layer::ALL
        .into_iter()
        .find(|layer| layer.name() == value)
        .ok_or_else(|| bad_value("--only", value, "native, web or e2e"))
}

fn engine(value: &str) -> Result<Engine, Error> {
    Engine::ALL
        .into_iter()
        .find(|engine| engine.name() == value)
        .ok_or_else(|| bad_value("--browser", value, "chromium, firefox or webkit"))
}

fn bad_value(option: &str, value: &str, expected: &'static str) -> Error {
    Error::BadValue {
        option: option.to_owned(),
        value: value.to_owned(),
        expected,
    }
}

fn value(option: &OsString, value: Option<OsString>) -> Result<String, Error> {
    let value = value.ok_or_else(|| Error::MissingValue(option.to_string_lossy().into_owned()))?;
    Ok(value.to_string_lossy().into_owned())
}

fn no_more(
    command: &str,
    mut arguments: impl Iterator<Item = OsString>,
    invocation: Invocation,
) -> Result<Invocation, Error> {
    match arguments.next() {
        Some(argument) => Err(unknown(command, &argument)),
        None => Ok(invocation),
    }
}

fn unknown(command: &str, argument: &OsString) -> Error {
    Error::UnknownArgument {
        command: command.to_owned(),
        argument: argument.to_string_lossy().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Invocation, Error> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn server_options_follow_two_dashes() {
        assert_eq!(
            parsed("run -- --listen 127.0.0.1:9000"),
            Ok(Invocation::Run {
                server_options: vec!["--listen".into(), "127.0.0.1:9000".into()]
            })
        );
        assert_eq!(
            parsed("run"),
            Ok(Invocation::Run {
                server_options: Vec::new()
            })
        );
    }

    #[test]
    fn server_options_without_dashes_are_refused() {
        assert!(matches!(
            parsed("run --listen 127.0.0.1:9000"),
            Err(Error::UnknownArgument { .. })
        ));
    }

    #[test]
    fn tests_can_be_chosen() {
        assert_eq!(
            parsed("test --only e2e --browser firefox --long"),
            Ok(Invocation::Test(Selection {
                only: Some(Layer::EndToEnd),
                browser: Some(Engine::Firefox),
                long: true,
            }))
        );
        assert_eq!(
            parsed("test"),
            Ok(Invocation::Test(Selection {
                only: None,
                browser: None,
                long: false,
            }))
        );
    }

    #[test]
    fn a_layer_that_an_engine_lacks_is_refused() {
        assert_eq!(
            parsed("test --browser webkit --only web"),
            Err(Error::NoWebLayer)
        );
        assert!(parsed("test --browser webkit").is_ok());
    }

    #[test]
    fn advisories_need_the_network_and_a_word() {
        assert_eq!(parsed("check"), Ok(Invocation::Check { online: false }));
        assert_eq!(
            parsed("check --online"),
            Ok(Invocation::Check { online: true })
        );
    }

    #[test]
    fn a_bench_may_be_named() {
        assert_eq!(parsed("bench"), Ok(Invocation::Bench { name: None }));
        let name = Some("ingest".to_owned());
        assert_eq!(parsed("bench ingest"), Ok(Invocation::Bench { name }));
        assert!(matches!(
            parsed("bench ingest proxy"),
            Err(Error::UnknownArgument { .. })
        ));
    }

    #[test]
    fn a_search_may_be_given_its_time() {
        assert_eq!(parsed("fuzz"), Ok(Invocation::Fuzz { secs: fuzz::SECS }));
        assert_eq!(parsed("fuzz 600"), Ok(Invocation::Fuzz { secs: 600 }));
        assert!(matches!(parsed("fuzz 0"), Err(Error::BadValue { .. })));
        assert!(matches!(parsed("fuzz all"), Err(Error::BadValue { .. })));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(parsed("fly"), Err(Error::UnknownCommand(_))));
        assert!(matches!(parsed("test --only"), Err(Error::MissingValue(_))));
        assert!(matches!(
            parsed("test --only unit"),
            Err(Error::BadValue { .. })
        ));
        assert!(matches!(
            parsed("test --browser opera"),
            Err(Error::BadValue { .. })
        ));
        assert!(matches!(
            parsed("check --fast"),
            Err(Error::UnknownArgument { .. })
        ));
        assert!(matches!(
            parsed("build -- x"),
            Err(Error::UnknownArgument { .. })
        ));
        assert!(matches!(
            parsed("check --online now"),
            Err(Error::UnknownArgument { .. })
        ));
    }
}
