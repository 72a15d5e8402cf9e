//! What a growing text looks like on the way, and what that costs the page.

use kiosk_core::markdown::{Document, Drawing, Growth, Part, Piece};
use proptest::prelude::*;

use crate::page::{self, Page, ROOT};

const SAMPLE: &str = include_str!("sample.md");

/// The starts of a text after every `count` characters, and the whole text.
fn starts(text: &str, count: usize) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).step_by(count).skip(1);
    ends.chain([text.len()]).map(|end| &text[..end])
}

/// A page after a text came in pieces of `count` characters.
fn drawn(text: &str, count: usize) -> Page {
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    for start in starts(text, count) {
        drawing.draw(&mut page, &ROOT, start);
    }
    drawing.finish(&mut page, &ROOT, text);
    page
}

fn count_of(operation: &str, page: &Page) -> usize {
    page.operations
        .iter()
        .filter(|done| **done == operation)
        .count()
}

#[test]
fn a_sample_looks_the_same_in_pieces_of_any_length() {
    let whole = page::html(SAMPLE);
    for count in 1..40 {
        assert_eq!(drawn(SAMPLE, count).html(), whole);
    }
}

#[test]
fn a_piece_of_eight_characters_takes_three_operations_at_most_on_average() {
    let text = SAMPLE.repeat(16 * 1024 / SAMPLE.len() + 1);
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    let (mut pieces, mut smooth) = (0, 0);
    for start in starts(&text, 8) {
        let before = page.operations.len();
        drawing.draw(&mut page, &ROOT, start);
        pieces += 1;
        smooth += usize::from(page.operations[before..] == ["append_text"]);
    }
    let operations = page.operations.len();
    assert!(operations <= pieces * 3, "{operations} for {pieces}");
    assert!(
        smooth * 5 > pieces * 2,
        "{smooth} of {pieces} with one operation"
    );
}

#[test]
fn a_piece_of_running_text_takes_one_operation() {
    let text = "새 글자는 이미 있는 글의 끝에 붙어요, 그리고 nothing else happens. ".repeat(99);
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    for start in starts(&text, 8) {
        page.operations.clear();
        drawing.draw(&mut page, &ROOT, start);
        if start.len() > 40 {
            assert_eq!(page.operations, ["append_text"]);
        }
    }
}

/// Nothing of these is ever taken away again.
const SMOOTH: &[&str] = &[
    "가나다라 마바사, **아자차(카)**타 파하.\n\n**굵게** 시작해요.",
    "# 제목\n\n글\n\n## 둘째 제목\n글이 이어지고\n또 이어져요.\n",
    "글\n\n- 하나\n- 둘\n  - 안쪽 `코드`\n  - 안쪽 **굵게**\n- 셋\n\n글\n",
    "글:\n- 하나\n- 둘\n\n1. 하나\n2. 둘\n10. 열\n\n- 떨어진\n\n- 항목\n",
    "```rust\nfn main() {\n    let a = 1 * 2;\n}\n```\n\n글 `코드`와 ``a`b``를 써요.\n",
    "| 가 | 나 |\n|---|---|\n| 하나 | **둘** |\n| 3 | 4 |\n\n글",
    "> 인용\n> 둘째 줄\n\n---\n\n글 ~~취소~~은",
    "평균은 $\\bar{x} = \\frac{1}{n}$이고 $5와 $10이에요.\n",
    "넓이는 \\(a_1 \\times b_1\\)이고\n\n$$\n\\frac{a}{b}\n$$\n\n\\[\na = b\n\\]\n",
];

#[test]
fn what_models_write_does_not_flicker() {
    for text in SMOOTH {
        for count in [1, 2, 3, 5] {
            let page = drawn(text, count);
            assert_eq!(page.html(), page::html(text));
            assert_eq!(
                count_of("remove", &page),
                0,
                "{text:?} in pieces of {count}"
            );
        }
    }
}

#[test]
fn what_is_half_written_waits_or_shows_what_it_will_be() {
    let cases = [
        ("글 **굵", "<p>글 <strong>굵</strong></p>"),
        ("글 **굵게*", "<p>글 <strong>굵게</strong></p>"),
        ("글 `코", "<p>글 <code>코</code></p>"),
        ("글 2**3", "<p>글 2**3</p>"),
        (
            "글 [여기](https://ex",
            "<p>글 <a>여기</a><small> (https://ex</small></p>",
        ),
        ("```ru", ""),
        ("```rust\nlet", "<pre lang=rust>let</pre>"),
        ("```rust\nlet\n``", "<pre lang=rust>let</pre>"),
        ("글\n-", "<p>글</p>"),
        ("글\n---", "<p>글</p>"),
        ("- 하나\n2", "<ul><li>하나</li></ul>"),
        ("| 가 | 나", ""),
        ("글\n| 가 | 나 |\n|--", "<p>글</p>"),
        ("식은 $$a_1 +", "<p>식은 </p>"),
        ("값은 $5", "<p>값은 $5</p>"),
    ];
    for (text, html) in cases {
        let mut page = Page::new();
        Drawing::default().draw(&mut page, &ROOT, text);
        assert_eq!(page.html(), html, "{text:?}");
    }
}

#[test]
fn the_last_line_shows_all_when_the_text_is_whole() {
    let cases = [
        ("42", "<p>42</p>"),
        ("5*", "<p>5*</p>"),
        ("글 **굵", "<p>글 **굵</p>"),
        ("글 `코", "<p>글 `코</p>"),
        ("글\n-", "<h2>글</h2>"),
        ("| 가 | 나", "<p>| 가 | 나</p>"),
        ("```", "<pre lang=></pre>"),
        ("식은 $$a_1 +", "<p>식은 $$a_1 +</p>"),
        ("글 [여기](https://ex", "<p>글 [여기](https://ex</p>"),
    ];
    for (text, html) in cases {
        let mut page = Page::new();
        let mut drawing = Drawing::default();
        drawing.draw(&mut page, &ROOT, text);
        drawing.finish(&mut page, &ROOT, text);
        assert_eq!(page.html(), html, "{text:?}");
        drawing.finish(&mut page, &ROOT, text);
        assert_eq!(page.html(), html, "{text:?} once more");
    }
}

#[test]
fn a_paragraph_that_turns_out_to_be_more_is_replaced() {
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    for (text, html) in [
        ("가 | 나", "<p>가 | 나</p>"),
        (
            "가 | 나\n--- | ---\n",
            "<table><thead><tr><th>가</th><th>나</th></tr></thead></table>",
        ),
        (
            "가 | 나\n--- | ---\n\n제목",
            "<table><thead><tr><th>가</th><th>나</th></tr></thead></table><p>제목</p>",
        ),
        (
            "가 | 나\n--- | ---\n\n제목\n===\n",
            "<table><thead><tr><th>가</th><th>나</th></tr></thead></table><h1>제목</h1>",
        ),
    ] {
        drawing.draw(&mut page, &ROOT, text);
        assert_eq!(page.html(), html);
    }
    assert_eq!(count_of("remove", &page), 2);
}

#[test]
fn another_text_begins_anew() {
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    for text in [
        "# 가\n\n나",
        "# 가\n\n나다",
        "# 다\n\n나다라",
        "# 다",
        "",
        "가\n\n나",
    ] {
        drawing.draw(&mut page, &ROOT, text);
        assert_eq!(page.html(), page::html(text));
    }
    assert_eq!(count_of("clear", &page), 3);
}

#[test]
fn a_text_may_grow_after_its_end() {
    let mut page = Page::new();
    let mut drawing = Drawing::default();
    drawing.finish(&mut page, &ROOT, "- 하나\n- **둘");
    drawing.draw(&mut page, &ROOT, "- 하나\n- **둘** 셋\n");
    assert_eq!(
        page.html(),
        "<ul><li>하나</li><li><strong>둘</strong> 셋</li></ul>"
    );
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "(|- |  - |\t|    |> |1\\. |# )(가 나|\\*\\*가\\*\\*나|`a|\\*|\\$x\\$|\\[a\\]\\(b\\)|)",
        "(```|```rust|\\| a \\| b \\||\\|---\\|---\\||---|===|\\$\\$|\\\\\\[|\\\\\\]|)",
        "[*_~`$\\[\\]()|> 가a1\\-]{0,12}",
    ];
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}

fn parts_of(mut growth: Growth) -> Vec<Piece> {
    growth.settled.append(&mut growth.open);
    growth.settled
}

proptest! {
    #[test]
    fn any_split_looks_as_the_whole(text in lines(), count in 1_usize..9) {
        prop_assert_eq!(drawn(&text, count).html(), page::html(&text));
    }

    #[test]
    fn a_text_on_the_way_depends_on_nothing_but_itself(text in lines(), count in 1_usize..9) {
        let mut page = Page::new();
        let mut drawing = Drawing::default();
        for start in starts(&text, count) {
            drawing.draw(&mut page, &ROOT, start);
            let mut other = Page::new();
            Drawing::default().draw(&mut other, &ROOT, start);
            prop_assert_eq!(page.html(), other.html(), "{:?}", start);
        }
    }

    #[test]
    fn what_is_settled_is_never_touched_again(text in lines(), count in 1_usize..9) {
        let whole = parts_of(Document::default().finish(&text));
        let mut document = Document::default();
        let mut page = Page::new();
        let mut drawing = Drawing::default();
        let mut settled: Vec<Piece> = Vec::new();
        let mut places = Vec::new();
        for start in starts(&text, count) {
            drawing.draw(&mut page, &ROOT, start);
            let reached = page.places();
            prop_assert_eq!(&reached[..places.len()], &places[..]);
            settled.extend(document.grow(start).settled);
            prop_assert_eq!(&settled[..], &whole[..settled.len()]);
            places = reached[..=settled.len()].to_vec();
            let texts = settled.iter().filter_map(|piece| match &piece.part {
                Part::Text(text) => Some(&**text),
                Part::Element(_) => None,
            });
            prop_assert!(page.texts().starts_with(&texts.collect::<String>()));
        }
    }
}
