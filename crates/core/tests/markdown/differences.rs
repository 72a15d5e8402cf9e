//! CommonMark's own examples, and where we differ from them on purpose.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use crate::{page, peer};

const EXAMPLES: &str = include_str!("commonmark-0.31.2.txt");

/// Section, numbers of its examples that look different here, and why.
const DIFFERENCES: &[(&str, &[RangeInclusive<usize>], Why)] = &[
    ("Backslash escapes", &[21..=21], Why::MarkupIsText),
    ("Backslash escapes", &[23..=23], Why::NoDefinitions),
    (
        "Entity and numeric character references",
        &[25..=25, 32..=32, 34..=34],
        Why::FewEntities,
    ),
    (
        "Entity and numeric character references",
        &[31..=31],
        Why::MarkupIsText,
    ),
    (
        "Entity and numeric character references",
        &[33..=33],
        Why::NoDefinitions,
    ),
    (
        "HTML blocks",
        &[148..=167, 169..=186, 188..=191],
        Why::MarkupIsText,
    ),
    (
        "Link reference definitions",
        &[
            192..=196,
            198..=198,
            200..=200,
            202..=208,
            210..=210,
            214..=218,
        ],
        Why::NoDefinitions,
    ),
    ("Lists", &[308..=309], Why::MarkupIsText),
    ("Lists", &[317..=317], Why::NoDefinitions),
    ("Code spans", &[344..=344], Why::MarkupIsText),
    (
        "Emphasis and strong emphasis",
        &[475..=477],
        Why::MarkupIsText,
    ),
    ("Links", &[503..=503], Why::FewEntities),
    ("Links", &[524..=524], Why::MarkupIsText),
    (
        "Links",
        &[527..=545, 549..=550, 553..=571],
        Why::NoDefinitions,
    ),
    (
        "Images",
        &[573..=573, 576..=577, 582..=589, 591..=593],
        Why::NoDefinitions,
    ),
    ("Images", &[581..=581], Why::NothingIsNothing),
    ("Autolinks", &[604..=605], Why::NoMailAddresses),
    ("Raw HTML", &[631..=631], Why::MarkupIsText),
    ("Hard line breaks", &[642..=643], Why::MarkupIsText),
];

/// Why an example looks different on purpose.
#[derive(Debug, Clone, Copy)]
enum Why {
    /// HTML is text like any other, so emphasis, code and escapes count inside it, and it makes no
    /// blocks. A model's markup never reaches the page, and recognising it takes bytes.
    MarkupIsText,
    /// A definition would change links far above it, on a page that is already read; models write
    /// the address beside the words.
    NoDefinitions,
    /// The list of all named entities is larger than the app; those that models write are known.
    FewEntities,
    /// Pictures are their words, and one without words is nothing, so its paragraph is nothing.
    NothingIsNothing,
    /// An address of mail between angle brackets stays as it is written.
    NoMailAddresses,
}

struct Example {
    section: &'static str,
    number: usize,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut section = "";
    let mut examples: Vec<Example> = Vec::new();
    // The lines before the first section are the licence's.
    for line in EXAMPLES.lines().skip_while(|line| !line.starts_with('§')) {
        if let Some(name) = line.strip_prefix("§ ") {
            section = name;
        } else if let Some(number) = line.strip_prefix("№ ") {
            examples.push(Example {
                section,
                number: number.parse().unwrap(),
                text: String::new(),
            });
        } else if let Some(example) = examples.last_mut() {
            example.text.push_str(&line.replace('→', "\t"));
            example.text.push('\n');
        }
    }
    examples
}

#[test]
fn the_examples_of_commonmark_look_as_in_comrak_but_for_the_table() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let mut wrong = String::new();
    for Example {
        section,
        number,
        text,
    } in &examples
    {
        let listed = DIFFERENCES.iter().find(|(of, numbers, _)| {
            of == section && numbers.iter().any(|numbers| numbers.contains(number))
        });
        let (ours, theirs) = (page::html(text), peer::html(text));
        if (ours == theirs) == listed.is_some() {
            let listed = listed.map(|(_, _, why)| why);
            writeln!(wrong, "{section} {number}, listed: {listed:?}\n{text}").unwrap();
            writeln!(wrong, "  ours   {ours}\n  comrak {theirs}\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
