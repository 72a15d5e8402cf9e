//! How much of the personal data in a labelled set is found, and how much else is masked with it.
//!
//! `labelled.txt` has one text a line, as a visitor might write it; personal data stands in braces with
//! what it is masked as: `{전화번호|010-1234-5678}`. All of it is made up: numbers of nobody, or of the
//! ranges kept for examples. Some of it no scanner of digits can find; it is counted all the same.

use kiosk_privacy::mask;

const SET: &str = include_str!("labelled.txt");

/// Shares that must be reached, in thousandths.
const RECALL: usize = 990;
const PRECISION: usize = 950;

/// A line as it was typed, and as it should be kept, and how often something is to be masked in it.
struct Line {
    typed: String,
    kept: String,
    labels: usize,
}

impl Line {
    /// Nothing if the braces are wrong.
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('{');
        let before = parts.next().unwrap_or_default();
        let (mut typed, mut kept, mut labels) = (before.to_owned(), before.to_owned(), 0);
        for part in parts {
            let (label, after) = part.split_once('}')?;
            let (marker, text) = label.split_once('|')?;
            typed.push_str(text);
            typed.push_str(after);
            kept.extend(["[", marker, "]", after]);
            labels += 1;
        }
        Some(Self {
            typed,
            kept,
            labels,
        })
    }
}

fn markers(text: &str) -> usize {
    [
        "[전화번호]",
        "[이메일]",
        "[주민번호]",
        "[카드번호]",
        "[여권번호]",
    ]
    .iter()
    .map(|marker| text.matches(marker).count())
    .sum()
}

#[test]
fn nearly_all_is_found_and_hardly_anything_else() {
    let lines: Vec<Line> = SET
        .lines()
        .map(|line| Line::read(line).expect(line))
        .collect();
    assert!(lines.len() >= 500, "{} lines", lines.len());
    let (mut labels, mut found, mut masked, mut wrong) = (0, 0, 0, Vec::new());
    for line in &lines {
        let kept = mask(&line.typed);
        labels += line.labels;
        // Markers that stood there already were not made.
        let made = markers(&kept) - markers(&line.typed);
        masked += made;
        if kept == line.kept {
            found += line.labels;
        } else {
            wrong.push(format!("{:?} became {kept:?}", line.typed));
        }
    }
    let recall = found * 1_000 / labels;
    let precision = found * 1_000 / masked.max(1);
    println!(
        "{} lines, {labels} labels: recall {recall}, precision {precision} of 1,000",
        lines.len()
    );
    assert!(
        recall >= RECALL && precision >= PRECISION,
        "recall {recall}, precision {precision} of 1,000: {wrong:#?}"
    );
}
