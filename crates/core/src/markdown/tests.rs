//! What a text costs, and what hostile ones do.

use super::{Document, Growth, work};

const SAMPLE: &str = include_str!("../../tests/markdown/sample.md");

/// Bytes looked at for one piece of eight characters, on average, while a text of a size comes.
fn work_for_a_piece(bytes: usize) -> usize {
    let mut text = SAMPLE.repeat(bytes / SAMPLE.len() + 1);
    text.truncate(text.floor_char_boundary(bytes));
    let mut document = Document::default();
    let mut pieces = 0;
    let work = work::of(|| {
        for (end, _) in text.char_indices().step_by(8) {
            document.grow(&text[..end]);
            pieces += 1;
        }
    });
    work / pieces
}

#[test]
fn a_piece_costs_the_same_in_a_long_text() {
    let short = work_for_a_piece(4 * 1024);
    let long = work_for_a_piece(40 * 1024);
    assert!(
        long * 10 <= short * 13,
        "{short} bytes a piece at 4 KB, {long} at 40 KB"
    );
}

#[test]
fn a_long_block_of_lines_costs_no_more_than_many_short_ones() {
    for (start, line) in [
        ("```\n", "let a = 1;\n"),
        ("", "- 한 항목\n"),
        ("", "> - 한 항목\n"),
        ("| 가 | 나 |\n|---|---|\n", "| 하나 | 둘 |\n"),
    ] {
        let text = start.to_owned() + &line.repeat(40 * 1024 / line.len());
        let mut document = Document::default();
        let mut most = 0;
        for (end, _) in text.char_indices().step_by(8) {
            most = most.max(work::of(|| drop(document.grow(&text[..end]))));
        }
        assert!(most < 200, "{most} bytes for one piece of {line:?}");
    }
}

const SIZE: usize = 40 * 1024;

fn filled(piece: &str) -> String {
    piece.repeat(SIZE / piece.len())
}

fn hostile() -> Vec<(&'static str, String)> {
    let mut texts = hostile_lines();
    texts.extend(hostile_words());
    texts
}

fn hostile_words() -> Vec<(&'static str, String)> {
    let halves = |open: &str, close: &str| {
        let count = SIZE / (open.len() + close.len());
        open.repeat(count) + "a" + &close.repeat(count)
    };
    vec![
        ("no space", filled("가나다")),
        ("stars", "*".repeat(20_000)),
        ("stars and letters", filled("*a")),
        ("stars that never close", filled("*a ")),
        ("stars that never open", filled("a* ")),
        ("mixed runs", filled("*a_b**c__d~~e")),
        (
            "openers and odd closers",
            filled("**x*a ") + &filled("a***"),
        ),
        ("closers of another mark", filled("*a_ ")),
        ("closers that never fit", filled("a**b c* ")),
        ("nested emphasis", halves("*a ", " b*")),
        ("nested strong", halves("**a ", " b**")),
        ("underscores", filled("_a__b")),
        ("brackets", "[".repeat(20_000)),
        ("bracket pairs", halves("[", "]")),
        ("links that never end", filled("[a](b")),
        ("links with titles that never end", filled("[a](b \"c")),
        ("links with pointed addresses", filled("[a](<b")),
        (
            "links in brackets",
            "[".repeat(SIZE / 2) + &filled("[a](b)"),
        ),
        ("parentheses", "[a]".to_owned() + &"(".repeat(SIZE)),
        ("images", filled("![a](b)")),
        ("nested images", halves("![", "](b)")),
        ("backticks", "`".repeat(20_000)),
        (
            "runs of backticks",
            (1..280).map(|n| "`".repeat(n) + " ").collect(),
        ),
        ("backticks and letters", filled("`a``b")),
        ("backslashes", "\\".repeat(SIZE)),
        ("ampersands", filled("&a")),
        ("entities", filled("&#x1F600;")),
        ("angles", filled("<a")),
        ("addresses", filled("<ab:")),
        ("dollars", filled("$a")),
        ("prices", filled("$5 ")),
        ("display formulas", filled("$$ ")),
        ("formulas that never end", filled("\\(a")),
        ("formulas that never begin", filled("\\)a")),
        (
            "nested fractions",
            "$$".to_owned() + &filled("\\frac{a") + "$$",
        ),
        ("nested groups", "$$a".to_owned() + &halves("{", "}") + "$$"),
        ("powers", "$$a".to_owned() + &filled("^") + "$$"),
        ("roots", "$$a".to_owned() + &filled("\\sqrt[") + "$$"),
        ("commands", "$$".to_owned() + &filled("\\abc") + "$$"),
        ("right to left", filled("\u{202E}**שלום**\u{200F}")),
        (
            "marks upon marks",
            "a".to_owned() + &filled("\u{301}\u{489}\u{FE01}"),
        ),
        ("selectors and stars", filled("\u{FE00}**")),
        ("nulls", "\0".repeat(SIZE)),
        ("carriage returns", filled("a\r\n\r")),
        ("tildes", filled("*~~~")),
    ]
}

fn hostile_lines() -> Vec<(&'static str, String)> {
    let columns = |row: &str| filled(row)[..SIZE / 4].to_owned();
    vec![
        ("quotes", ">".repeat(SIZE)),
        ("quotes line by line", filled("> > > > > > a\n")),
        ("deep lists on a line", filled("- ")),
        (
            "deep lists",
            (0..280).map(|n| " ".repeat(n) + "- a\n").collect(),
        ),
        ("numbers", filled("1. ")),
        ("empty items", filled("-\n")),
        ("blank lines", "\n".repeat(SIZE)),
        ("items after blank lines", filled("- a\n\n")),
        ("spaces", " ".repeat(SIZE)),
        ("tabs", "\t".repeat(SIZE)),
        ("marks and tabs", filled("-\t")),
        ("fences", filled("```\n")),
        ("one long fence", "`".repeat(3) + &filled("\na")),
        ("headings", filled("# a\n")),
        ("hashes", "#".repeat(SIZE)),
        ("underlines", filled("a\n=\n")),
        ("rules", filled("- - -\n")),
        ("one long rule", filled("- ")),
        (
            "table cells",
            "| a ".repeat(5_000) + "\n" + &"|---".repeat(5_000) + "\n" + &"| b ".repeat(5_000),
        ),
        (
            "wide and long",
            columns("|a") + "\n" + &columns("|-") + "\n" + &filled("|\n"),
        ),
        ("heads that never rule", filled("| a |\n")),
        ("rules that never fit", filled("|-|\n|-|-|\n")),
        (
            "long column name",
            "|".to_owned() + &columns("a") + "|\n|-|\n" + &filled("|a\n"),
        ),
    ]
}

fn deepest(growth: &Growth) -> usize {
    let pieces = growth.settled.iter().chain(&growth.open);
    pieces.map(|piece| piece.depth).max().unwrap_or(0)
}

#[test]
fn hostile_texts_cost_what_their_length_says() {
    for (name, text) in hostile() {
        let mut growth = Growth::default();
        let work = work::of(|| growth = Document::default().finish(&text));
        assert!(
            work <= text.len() * 100,
            "{name}: {work} for {}",
            text.len()
        );
        assert!(deepest(&growth) <= 40, "{name}: {} deep", deepest(&growth));
        let pieces = growth.settled.len() + growth.open.len();
        assert!(pieces <= text.len() + 8, "{name}: {pieces} pieces");
    }
}

#[test]
fn hostile_texts_may_come_in_pieces() {
    for (name, text) in hostile() {
        let mut document = Document::default();
        for end in (0..text.len()).step_by(7919) {
            let growth = document.grow(&text[..text.floor_char_boundary(end)]);
            assert!(deepest(&growth) <= 40, "{name}");
        }
    }
}
