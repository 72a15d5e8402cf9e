//! The command line of `cargo xtask`.
//!
//! Owns the grammar and its refusals. Invariant: what is not understood is refused with one
//! sentence, never ignored; what the README promises for later is refused as "not yet".

use std::ffi::OsString;

pub(crate) const USAGE: &str = "\
cargo xtask run  [-- SERVER OPTIONS]             set up, build the release app, serve it
cargo xtask build                                the same without serving
cargo xtask test [--only native|web|e2e] [--browser chromium]   set up, run the tests
cargo xtask check                                format, clippy, conventions, translations
";

/// A command that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    Help,
    Build,
    Run { server_options: Vec<OsString> },
    Check,
    Test { only: Option<Layer> },
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
    #[error("`{0}` does not exist yet in this version.")]
    NotYet(String),
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
                Err(Error::NotYet("check --online".to_owned()))
            }
            Some(argument) => Err(unknown(&command, &argument)),
            None => Ok(Invocation::Check),
        },
        "test" => parse_test(arguments),
        "bench" | "dist" => Err(Error::NotYet(command)),
        _ => Err(Error::UnknownCommand(command)),
    }
}

fn parse_test(mut arguments: impl Iterator<Item = OsString>) -> Result<Invocation, Error> {
    let mut only = None;
    while let Some(argument) = arguments.next() {
        match argument.to_string_lossy().as_ref() {
            "--only" => only = Some(layer(&value(&argument, arguments.next())?)?),
            "--browser" => accept_browser(&value(&argument, arguments.next())?)?,
            "--long" => return Err(Error::NotYet("test --long".to_owned())),
            _ => return Err(unknown("test", &argument)),
        }
    }
    Ok(Invocation::Test { only })
}

fn layer(value: &str) -> Result<Layer, Error> {
    Layer::ALL
        .into_iter()
        .find(|layer| layer.name() == value)
        .ok_or_else(|| Error::BadValue {
            option: "--only".to_owned(),
            value: value.to_owned(),
            expected: "native, web or e2e",
        })
}

fn accept_browser(value: &str) -> Result<(), Error> {
    match value {
        "chromium" => Ok(()),
        "firefox" | "webkit" => Err(Error::NotYet(format!("test --browser {value}"))),
        _ => Err(Error::BadValue {
            option: "--browser".to_owned(),
            value: value.to_owned(),
            expected: "chromium",
        }),
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
    fn a_layer_can_be_chosen() {
        assert_eq!(
            parsed("test --only e2e --browser chromium"),
            Ok(Invocation::Test {
                only: Some(Layer::EndToEnd)
            })
        );
        assert_eq!(parsed("test"), Ok(Invocation::Test { only: None }));
    }

    #[test]
    fn what_comes_later_says_so() {
        for line in [
            "test --browser firefox",
            "test --browser webkit",
            "test --long",
            "check --online",
            "bench",
            "dist",
        ] {
            assert!(matches!(parsed(line), Err(Error::NotYet(_))), "{line}");
        }
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
            parsed("check --fast"),
            Err(Error::UnknownArgument { .. })
        ));
        assert!(matches!(
            parsed("build -- x"),
            Err(Error::UnknownArgument { .. })
        ));
    }
}
