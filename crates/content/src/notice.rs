//! The privacy notice: its texts are content, who is responsible and for how long is configuration.
//!
//! Between [`notice`] and [`fill_notice`] a text holds `{days}`, and `{controller|…}` and `{contact|…}`
//! with the words that are said while nothing is configured.

use kiosk_wire::event::{NoticeSection, PrivacyNotice, Text};
use toml::Spanned;

use crate::check::File;
use crate::error::{ContentError, Problem};
use crate::shape::{PrivacyFile, SectionShape, TextShape};

const CONTROLLER: &str = "controller";
const CONTACT: &str = "contact";
const DAYS: &str = "days";

/// What is said while a name or an address is not configured.
struct Unset {
    controller: Text,
    contact: Text,
}

/// Reads the notice; [`fill_notice`] completes it.
pub(crate) fn notice(file: File<'_>) -> Result<PrivacyNotice, ContentError> {
    let written: PrivacyFile = file.parse()?;
    let unset = Unset {
        controller: plain(file, written.unset.controller)?,
        contact: plain(file, written.unset.contact)?,
    };
    let summary_span = written.summary.span();
    let summary = with_unset(file, written.summary, &unset)?;
    if written.sections.is_empty() {
        return Err(file.error(&summary_span, Problem::NoSection));
    }
    let section = |section: SectionShape| {
        Ok(NoticeSection {
            title: plain(file, section.title)?,
            text: with_unset(file, section.text, &unset)?,
        })
    };
    Ok(PrivacyNotice {
        summary,
        controller: String::new(),
        contact: String::new(),
        retention_days: 0,
        sections: written
            .sections
            .into_iter()
            .map(section)
            .collect::<Result<_, _>>()?,
        recipients: Vec::new(),
    })
}

/// A text in which nothing is filled in later.
fn plain(file: File<'_>, written: Spanned<TextShape>) -> Result<Text, ContentError> {
    let span = written.span();
    let text = file.text(written)?;
    let name = [&text.ko, &text.en]
        .into_iter()
        .flat_map(|text| pieces(text))
        .find_map(Piece::name);
    match name.map(str::to_owned) {
        Some(name) => Err(file.error(&span, Problem::BadPlaceholder(name))),
        None => Ok(text),
    }
}

/// A text whose names know what to say while they are not configured.
fn with_unset(
    file: File<'_>,
    written: Spanned<TextShape>,
    unset: &Unset,
) -> Result<Text, ContentError> {
    let span = written.span();
    let text = file.text(written)?;
    let marked = |text: &str, controller: &str, contact: &str| {
        pieces(text).try_fold(String::new(), |out, piece| match piece {
            Piece::Words(words) => Ok(out + words),
            Piece::Name(CONTROLLER) => Ok(format!("{out}{{{CONTROLLER}|{controller}}}")),
            Piece::Name(CONTACT) => Ok(format!("{out}{{{CONTACT}|{contact}}}")),
            Piece::Name(DAYS) => Ok(format!("{out}{{{DAYS}}}")),
            Piece::Name(other) => Err(file.error(&span, Problem::BadPlaceholder(other.to_owned()))),
        })
    };
    Ok(Text {
        ko: marked(&text.ko, &unset.controller.ko, &unset.contact.ko)?,
        en: marked(&text.en, &unset.controller.en, &unset.contact.en)?,
    })
}

/// Completes the notice with what is configured. An empty `controller` or `contact` leaves the
/// content's own words that it is not set yet.
pub fn fill_notice(notice: &mut PrivacyNotice, controller: &str, contact: &str, days: u32) {
    controller.clone_into(&mut notice.controller);
    contact.clone_into(&mut notice.contact);
    notice.retention_days = days;
    let fill = |text: &mut String| *text = filled(text, controller, contact, days);
    let sections = notice.sections.iter_mut().map(|section| &mut section.text);
    for text in std::iter::once(&mut notice.summary).chain(sections) {
        fill(&mut text.ko);
        fill(&mut text.en);
    }
}

fn filled(text: &str, controller: &str, contact: &str, days: u32) -> String {
    let configured = |name: &str, rest: Option<&str>| match name {
        CONTROLLER if !controller.is_empty() => controller.to_owned(),
        CONTACT if !contact.is_empty() => contact.to_owned(),
        DAYS => days.to_string(),
        _ => rest.unwrap_or_default().to_owned(),
    };
    pieces(text)
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Name(name) => match name.split_once('|') {
                Some((name, unset)) => configured(name, Some(unset)),
                None => configured(name, None),
            },
        })
        .collect()
}

/// A stretch of a text.
enum Piece<'a> {
    /// As it is read.
    Words(&'a str),
    /// What stood in braces.
    Name(&'a str),
}

impl<'a> Piece<'a> {
    fn name(self) -> Option<&'a str> {
        match self {
            Self::Words(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

/// Cuts a text at its braces; an opening one that is never closed is ordinary text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let open = rest.find('{').unwrap_or(rest.len());
        if open > 0 {
            let (words, after) = rest.split_at(open);
            rest = after;
            return Some(Piece::Words(words));
        }
        let Some(close) = rest.find('}') else {
            return Some(Piece::Words(std::mem::take(&mut rest)));
        };
        let name = &rest[1..close];
        rest = &rest[close + 1..];
        Some(Piece::Name(name))
    })
}
