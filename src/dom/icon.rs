//! Inline icons: Lucide's drawings and the five faces of the rating.
//!
//! Owns the drawings and nothing else: size and colour come from the style
//! sheet (`svg.i` takes the text's size and colour). Every icon is decoration
//! beside words and therefore hidden from assistive technology.

use super::Element;

/// The icons the screens use, under Lucide's own names.
///
/// Each is a constant of its own, so that a drawing stands only in the part of the app that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IconName(&'static str);

impl IconName {
    /// The icon that content asks for by name; an unknown name is a speech bubble.
    #[must_use]
    pub fn from_content(name: &str) -> Self {
        match name {
            "heart-handshake" => Self::HeartHandshake,
            "landmark" => Self::Landmark,
            "file-text" => Self::FileText,
            "languages" => Self::Languages,
            "box" => Self::Box,
            "scroll-text" => Self::ScrollText,
            "headset" => Self::Headset,
            "info" => Self::Info,
            "pencil-line" => Self::PencilLine,
            "shield-check" => Self::ShieldCheck,
            "users" => Self::Users,
            _ => Self::MessageCircle,
        }
    }
}

impl IconName {
    /// What is drawn.
    #[must_use]
    pub const fn drawing(self) -> &'static str {
        self.0
    }
}

/// The drawings inside a 24 by 24 view box.
#[expect(
    non_upper_case_globals,
    reason = "they are named like the variants of an enum"
)]
impl IconName {
    pub const ArrowLeft: Self = Self(r#"<path d="m12 19-7-7 7-7"/><path d="M19 12H5"/>"#);
    pub const ArrowRight: Self = Self(r#"<path d="M5 12h14"/><path d="m12 5 7 7-7 7"/>"#);
    pub const ArrowUp: Self = Self(r#"<path d="m5 12 7-7 7 7"/><path d="M12 19V5"/>"#);
    pub const House: Self = Self(
        r#"<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"/><path d="M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>"#,
    );
    pub const ConciergeBell: Self = Self(
        r#"<path d="M3 20a1 1 0 0 1-1-1v-1a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v1a1 1 0 0 1-1 1Z"/><path d="M20 16a8 8 0 1 0-16 0"/><path d="M12 4v4"/><path d="M10 4h4"/>"#,
    );
    pub const ALargeSmall: Self = Self(
        r#"<path d="m15 16 2.536-7.328a1.02 1.02 1 0 1 1.928 0L22 16"/><path d="M15.697 14h5.606"/><path d="m2 16 4.039-9.69a.5.5 0 0 1 .923 0L11 16"/><path d="M3.304 13h6.392"/>"#,
    );
    pub const ShieldCheck: Self = Self(
        r#"<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"/><path d="m9 12 2 2 4-4"/>"#,
    );
    pub const WifiOff: Self = Self(
        r#"<path d="M12 20h.01"/><path d="M8.5 16.429a5 5 0 0 1 7 0"/><path d="M5 12.859a10 10 0 0 1 5.17-2.69"/><path d="M19 12.859a10 10 0 0 0-2.007-1.523"/><path d="M2 8.82a15 15 0 0 1 4.177-2.643"/><path d="M22 8.82a15 15 0 0 0-11.288-3.764"/><path d="m2 2 20 20"/>"#,
    );
    pub const CircleCheck: Self =
        Self(r#"<circle cx="12" cy="12" r="10"/><path d="m16 9-5.5 5.5L8 12"/>"#);
    pub const Users: Self = Self(
        r#"<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><path d="M16 3.128a4 4 0 0 1 0 7.744"/><path d="M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>"#,
    );
    pub const Headset: Self = Self(
        r#"<path d="M3 11h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-5Zm0 0a9 9 0 1 1 18 0m0 0v5a2 2 0 0 1-2 2h-1a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2h3Z"/><path d="M21 16v2a4 4 0 0 1-4 4h-5"/>"#,
    );
    pub const Moon: Self = Self(
        r#"<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>"#,
    );
    pub const MessageCircle: Self = Self(
        r#"<path d="M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719"/>"#,
    );
    pub const HeartHandshake: Self = Self(
        r#"<path d="M19.414 14.414C21 12.828 22 11.5 22 9.5a5.5 5.5 0 0 0-9.591-3.676.6.6 0 0 1-.818.001A5.5 5.5 0 0 0 2 9.5c0 2.3 1.5 4 3 5.5l5.535 5.362a2 2 0 0 0 2.879.052 2.12 2.12 0 0 0-.004-3 2.124 2.124 0 1 0 3-3 2.124 2.124 0 0 0 3.004 0 2 2 0 0 0 0-2.828l-1.881-1.882a2.41 2.41 0 0 0-3.409 0l-1.71 1.71a2 2 0 0 1-2.828 0 2 2 0 0 1 0-2.828l2.823-2.762"/>"#,
    );
    pub const Landmark: Self = Self(
        r#"<path d="M10 18v-7"/><path d="M11.119 2.205a2 2 0 0 1 1.762 0l7.84 3.846A.5.5 0 0 1 20.5 7h-17a.5.5 0 0 1-.22-.949z"/><path d="M14 18v-7"/><path d="M18 18v-7"/><path d="M3 22h18"/><path d="M6 18v-7"/>"#,
    );
    pub const FileText: Self = Self(
        r#"<path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z"/><path d="M14 2v5a1 1 0 0 0 1 1h5"/><path d="M10 9H8"/><path d="M16 13H8"/><path d="M16 17H8"/>"#,
    );
    pub const Languages: Self = Self(
        r#"<path d="m5 8 6 6"/><path d="m4 14 6-6 2-3"/><path d="M2 5h12"/><path d="M7 2h1"/><path d="m22 22-5-10-5 10"/><path d="M14 18h6"/>"#,
    );
    pub const Box: Self = Self(
        r#"<path d="M21 8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16Z"/><path d="m3.3 7 8.7 5 8.7-5"/><path d="M12 22V12"/>"#,
    );
    pub const ScrollText: Self = Self(
        r#"<path d="M15 12h-5"/><path d="M15 8h-5"/><path d="M19 17V5a2 2 0 0 0-2-2H4"/><path d="M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1-4 0V5a2 2 0 1 0-4 0v2a1 1 0 0 0 1 1h3"/>"#,
    );
    pub const ThumbsUp: Self = Self(
        r#"<path d="M15 5.88 14 10h5.83a2 2 0 0 1 1.92 2.56l-2.33 8A2 2 0 0 1 17.5 22H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.76a2 2 0 0 0 1.79-1.11L12 2a3.13 3.13 0 0 1 3 3.88Z"/><path d="M7 10v12"/>"#,
    );
    pub const ThumbsDown: Self = Self(
        r#"<path d="M9 18.12 10 14H4.17a2 2 0 0 1-1.92-2.56l2.33-8A2 2 0 0 1 6.5 2H20a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-2.76a2 2 0 0 0-1.79 1.11L12 22a3.13 3.13 0 0 1-3-3.88Z"/><path d="M17 14V2"/>"#,
    );
    pub const RefreshCw: Self = Self(
        r#"<path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8"/><path d="M21 3v5h-5"/><path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16"/><path d="M8 16H3v5"/>"#,
    );
    pub const TriangleAlert: Self = Self(
        r#"<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>"#,
    );
    pub const Check: Self = Self(r#"<path d="M20 6 9 17l-5-5"/>"#);
    pub const ChevronDown: Self = Self(r#"<path d="m6 9 6 6 6-6"/>"#);
    pub const Square: Self = Self(r#"<rect width="18" height="18" x="3" y="3" rx="2"/>"#);
    pub const PencilLine: Self = Self(
        r#"<path d="M13 21h8"/><path d="m15 5 4 4"/><path d="M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z"/>"#,
    );
    pub const HardDrive: Self = Self(
        r#"<path d="M10 16h.01"/><path d="M2.212 11.577a2 2 0 0 0-.212.896V18a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-5.527a2 2 0 0 0-.212-.896L18.55 5.11A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z"/><path d="M21.946 12.013H2.054"/><path d="M6 16h.01"/>"#,
    );
    pub const Lock: Self = Self(
        r#"<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>"#,
    );
    pub const Info: Self =
        Self(r#"<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>"#);
    pub const X: Self = Self(r#"<path d="M18 6 6 18"/><path d="m6 6 12 12"/>"#);
    pub const CircleX: Self =
        Self(r#"<circle cx="12" cy="12" r="10"/><path d="m15 9-6 6"/><path d="m9 9 6 6"/>"#);
    pub const RotateCcw: Self = Self(
        r#"<path d="M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8"/><path d="M3 3v5h5"/>"#,
    );
    pub const Bell: Self = Self(
        r#"<path d="M10.268 21a2 2 0 0 0 3.464 0"/><path d="M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"/>"#,
    );
    pub const Delete: Self = Self(
        r#"<path d="M10 5a2 2 0 0 0-1.344.519l-6.328 5.74a1 1 0 0 0 0 1.481l6.328 5.741A2 2 0 0 0 10 19h10a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2z"/><path d="m12 9 6 6"/><path d="m18 9-6 6"/>"#,
    );
    pub const Download: Self = Self(
        r#"<path d="M12 15V3"/><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/><path d="m7 10 5 5 5-5"/>"#,
    );
    pub const Power: Self = Self(r#"<path d="M12 2v10"/><path d="M18.4 6.6a9 9 0 1 1-12.77.04"/>"#);
    pub const CircleHelp: Self = Self(
        r#"<circle cx="12" cy="12" r="10"/><path d="M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3"/><path d="M12 17h.01"/>"#,
    );
    pub const Clock: Self = Self(r#"<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>"#);
    pub const Copy: Self = Self(
        r#"<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>"#,
    );
    pub const ArrowDownToLine: Self =
        Self(r#"<path d="M12 17V3"/><path d="m6 11 6 6 6-6"/><path d="M19 21H5"/>"#);
    pub const LockOpen: Self = Self(
        r#"<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/><path d="M7 11V7a5 5 0 0 1 9.9-1"/>"#,
    );
}

/// Adds an icon, as large as the letters beside it.
pub fn icon(name: IconName) -> impl FnOnce(Element) -> Element {
    move |parent| {
        parent.markup(
            &[
                r#"<svg class="i" viewBox="0 0 24 24" aria-hidden="true">"#,
                name.0,
                "</svg>",
            ]
            .concat(),
        )
    }
}

const OPEN_EYES: &str = r#"<circle cx="24" cy="24" r="20"/><ellipse class="e" cx="17.5" cy="21" rx="2" ry="2.6"/><ellipse class="e" cx="30.5" cy="21" rx="2" ry="2.6"/>"#;
const SMILING_EYES: &str = r#"<circle cx="24" cy="24" r="20"/><path d="M14.8 19.6q2.7-3.2 5.4 0M27.8 19.6q2.7-3.2 5.4 0"/>"#;

/// The eyes and the rest of the face for a rating from 1 (sad) to 5 (delighted).
const fn drawn_face(rating: u8) -> (&'static str, &'static str) {
    match rating {
        0 | 1 => (
            OPEN_EYES,
            r#"<path d="M14.2 17.6l4.6-2.2M33.8 17.6l-4.6-2.2M15.5 33.5q8.5-7.5 17 0"/>"#,
        ),
        2 => (OPEN_EYES, r#"<path d="M16.5 32.8q7.5-3.8 15 0"/>"#),
        3 => (OPEN_EYES, r#"<path d="M17 31.5h14"/>"#),
        4 => (OPEN_EYES, r#"<path d="M16.5 30q7.5 4.6 15 0"/>"#),
        _ => (SMILING_EYES, r#"<path d="M14.5 28.5q9.5 11.5 19 0"/>"#),
    }
}

/// Adds the face of a rating from 1 to 5; its words stand beside it.
pub fn face(rating: u8) -> impl FnOnce(Element) -> Element {
    let (eyes, mouth) = drawn_face(rating);
    move |parent| {
        parent.markup(
            &[
                r#"<svg viewBox="0 0 48 48" aria-hidden="true">"#,
                eyes,
                mouth,
                "</svg>",
            ]
            .concat(),
        )
    }
}

/// Adds the ring of a countdown; the parent's `--left` says which share of it is lit.
pub fn ring(parent: Element) -> Element {
    parent.markup(
        r#"<svg viewBox="0 0 120 120"><circle cx="60" cy="60" r="54"/><circle class="left" cx="60" cy="60" r="54" pathLength="1"/></svg>"#,
    )
}
