use proptest::prelude::*;

use super::*;
use crate::{mask, pass};

const SET: &str = include_str!("../../tests/labelled.txt");

/// The labelled texts as they were typed.
fn labelled() -> impl Iterator<Item = String> {
    SET.lines().map(|line| {
        let mut typed = String::new();
        for part in line.split('{') {
            match part.split_once('}') {
                Some((label, after)) => {
                    let (_, text) = label.split_once('|').expect(line);
                    typed.extend([text, after]);
                }
                None => typed.push_str(part),
            }
        }
        typed
    })
}

fn masked<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut mask = StreamMask::default();
    let mut all = String::new();
    for part in parts {
        all += &mask.push(part);
        assert!(mask.held.chars().count() <= MAX_HELD, "{:?}", mask.held);
    }
    all + &mask.finish()
}

fn letters(text: &str) -> Vec<&str> {
    text.split("").filter(|letter| !letter.is_empty()).collect()
}

/// Every way to cut a text in two, and into its letters.
fn splits(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let halves = text.char_indices().map(|(at, _)| {
        let (a, b) = text.split_at(at);
        vec![a, b]
    });
    halves.chain([letters(text)])
}

/// The text cut at these places, each counted in characters from the last one.
fn cut<'a>(text: &'a str, lengths: &[usize]) -> Vec<&'a str> {
    let mut rest = text;
    let mut parts = Vec::new();
    for &length in lengths {
        let at = rest
            .char_indices()
            .nth(length)
            .map_or(rest.len(), |(at, _)| at);
        let (part, after) = rest.split_at(at);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Whether a name in Hangul stands before an `@`.
fn has_hangul_address(text: &str) -> bool {
    let folded: Vec<char> = text.chars().map(fold).collect();
    folded
        .windows(2)
        .any(|pair| is_hangul(pair[0]) && pair[1] == '@')
}

/// Without the Hangul before masked addresses.
fn without_names(text: &str) -> String {
    let mut parts: Vec<&str> = text.split(crate::EMAIL).collect();
    let last = parts.pop().unwrap_or_default();
    let mut kept: String = parts
        .iter()
        .flat_map(|part| [part.trim_end_matches(is_hangul), crate::EMAIL])
        .collect();
    kept.push_str(last);
    kept
}

#[test]
fn the_labelled_set_is_masked_the_same_wherever_it_is_cut() {
    for text in labelled() {
        let whole = mask(&text);
        for parts in splits(&text) {
            let streamed = masked(parts.iter().copied());
            if has_hangul_address(&text) {
                assert_eq!(without_names(&streamed), without_names(&whole), "{parts:?}");
            } else {
                assert_eq!(streamed, whole, "{parts:?}");
            }
        }
    }
}

/// What is looked back at from behind a cut, and what reaches over one by a sign or two.
#[test]
fn what_touches_a_number_or_an_address_stays_with_it() {
    for text in [
        "A,1588-1234",
        "hong@example.com,1588-1234",
        "3/1588-1234",
        "가,1588-1234",
        "x+1 650-555-0134",
        "(+82)10-1234-5678",
        "( +82) 10-1234-5678",
        "hong- @example.com",
        "hong_@example.com",
        "hong.@example.com",
        ".hong@example.com",
        "hong@ example.com",
        "hong @ 한글.kr",
        "hong@한글나라.kr 가",
        "A-M12345678 M12345678-",
        "xO1O 1234 5678",
        "15881234원 15881234 원",
        "1588-1234-010-1234-5678",
        "공일공   1234 5678",
        "0   1012345678",
    ] {
        let whole = mask(text);
        for parts in splits(text) {
            assert_eq!(masked(parts.iter().copied()), whole, "{parts:?}");
        }
    }
}

#[test]
fn the_labelled_set_in_one_text_is_masked_the_same_in_small_pieces() {
    let lines: Vec<String> = labelled()
        .filter(|line| !has_hangul_address(line))
        .collect();
    for between in ["\n", ": ", " 그리고 "] {
        let text = lines.join(between);
        let whole = mask(&text);
        for length in [1, 2, 3, 7, 64, 1_000] {
            let parts = cut(&text, &vec![length; text.len() / length]);
            assert_eq!(masked(parts), whole, "{between:?} {length}");
        }
    }
}

#[test]
fn plain_sentences_pass_at_once() {
    let mut mask = StreamMask::default();
    for text in [
        "안녕하세요",
        ". ",
        "저는 이 부스의 안내예요, ",
        "무엇이",
        " 궁금하세요?",
        "\n\n",
        "**굵게**: ‘인용’",
        "(괄호) ",
        "漢字 かな 🙏",
        "끝이에요.",
    ] {
        assert_eq!(mask.push(text), text);
    }
    assert_eq!(mask.finish(), "");
}

#[test]
fn only_what_may_become_personal_data_is_held() {
    for (pushed, held) in [
        ("2025년 12월", ""),
        ("모두 12", "12"),
        ("모두 12, ", "12, "),
        ("모두 12 개", ""),
        ("hello world", "world"),
        ("hello ", "hello "),
        ("hello, ", ""),
        ("hello!", ""),
        ("보내세요: hong@example.co", "hong@example.co"),
        ("hong@example.com ", "hong@example.com "),
        ("hong@example.com 으", ""),
        ("성공", "공"),
        ("성공하", ""),
        ("공일공 ", "공일공 "),
        ("(", "("),
        ("가 +", "+"),
        ("12    ", ""),
    ] {
        let mut mask = StreamMask::default();
        drop(mask.push(pushed));
        assert_eq!(mask.held, held, "{pushed:?}");
    }
}

#[test]
fn a_name_that_was_let_go_leaves_its_address_masked() {
    assert_eq!(masked(["홍길동@example.com"]), "[이메일]");
    assert_eq!(masked(["홍길동", "@example.com"]), "홍길동[이메일]");
    assert_eq!(
        masked(["홍", "길동@", "example.com이에요"]),
        "홍[이메일]이에요"
    );
    assert_eq!(
        masked(["홍길동", " @example.com"]),
        mask("홍길동 @example.com")
    );
}

#[test]
fn the_longest_numbers_fit() {
    let spread = |digits: &str| {
        digits
            .chars()
            .map(String::from)
            .collect::<Vec<_>>()
            .join(" - ")
    };
    for text in [
        format!("(+{}", spread("82010123456789")),
        format!("({})", spread("008201012345678")),
        "+82 - (0)10 - 1234 - 5678".to_owned(),
        "4111 - 1111 - 1111 - 1111 - 110".to_owned(),
    ] {
        let whole = mask(&text);
        assert!(whole.contains('['), "{whole}");
        for after in ["", "이에요", " 그리고", "\n"] {
            let text = format!("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 {text}{after}");
            assert_eq!(masked(letters(&text)), mask(&text), "{text}");
        }
    }
}

#[test]
fn long_rows_are_masked_where_it_is_due_and_nowhere_else() {
    let list = (1..200)
        .map(|number| number.to_string())
        .collect::<Vec<_>>();
    let words = "abcdefghij".repeat(20);
    for text in [
        list.join(", "),
        list.join(" "),
        "3.".to_owned() + &"14159265358979323846".repeat(20),
        format!("{} 010-1234-5678 {}", list.join(" "), list.join(" ")),
        format!("{} (02) 123-4567 {}", list.join(" "), list.join(" ")),
        format!(
            "{} 010-1234-5678010-8765-4321 {}",
            list.join(" "),
            list.join(" ")
        ),
        words.clone(),
        format!("{words} hong@example.com {words}"),
    ] {
        for length in [1, 3, 50, 400] {
            let parts = cut(&text, &vec![length; text.len() / length]);
            assert_eq!(masked(parts), mask(&text), "{length}");
        }
    }
    // More than can be held: what is left of it is masked, and never its end.
    let long = format!("{words}@example.com!");
    let streamed = masked(letters(&long));
    assert!(streamed.ends_with("[이메일]!") && streamed.len() < long.len());
}

#[test]
fn a_used_mask_is_as_new() {
    let mut mask = StreamMask::default();
    drop(mask.push("홍길동"));
    drop(mask.finish());
    assert_eq!(mask.push("@example.com!"), "@example.com!");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn dense_text_is_masked_the_same_wherever_it_is_cut(
        text in "[0-9０-９ .,()@/+A-MOSlabco가은공일영원~%_:-]{0,64}",
        lengths in prop::collection::vec(0usize..9, 0..30),
    ) {
        prop_assume!(!has_hangul_address(&text));
        let whole = mask(&text);
        for parts in splits(&text).chain([cut(&text, &lengths)]) {
            prop_assert_eq!(&masked(parts.iter().copied()), &whole, "{:?}", parts);
        }
    }

    #[test]
    fn numbers_and_addresses_are_masked_the_same_wherever_they_are_cut(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "010-1234-5678", "01012345678", "(02) 123-4567", "+82 (0)10-1234-5678", "1588-1234", "공일공 1234 5678",
            "900101-1234567", "4111 1111 1111 1111", "M12345678", "hong@example.com", "a.b@c.kr", "3", "12", "2025",
            " ", " ", "-", ".", ", ", "(", "+", "@", "원", "가나", "word", ":", "\n",
        ]), 0..9),
        lengths in prop::collection::vec(0usize..9, 0..30),
    ) {
        let text: String = pieces.concat();
        prop_assume!(!has_hangul_address(&text) && pieces.iter().map(|piece| piece.len()).sum::<usize>() <= MAX_HELD);
        let whole = mask(&text);
        for parts in splits(&text).chain([cut(&text, &lengths)]) {
            prop_assert_eq!(&masked(parts.iter().copied()), &whole, "{:?}", parts);
        }
    }

    /// Beyond what can be held, what only a second look finds may stay.
    #[test]
    fn long_dense_text_is_masked_as_one_look_masks_it(
        text in "[0-9 .,()/+~:-]{0,300}",
        lengths in prop::collection::vec(0usize..40, 0..30),
    ) {
        let once = pass(&text, 0);
        prop_assume!(once.as_ref().is_none_or(|once| pass(once, 0).is_none()));
        let whole = mask(&text);
        prop_assert_eq!(&masked(letters(&text)), &whole);
        prop_assert_eq!(&masked(cut(&text, &lengths)), &whole);
    }

    #[test]
    fn an_address_with_a_name_in_hangul_is_masked_from_what_is_left_of_it(
        before in "[가-힣]{0,4}[ :,.]{0,2}",
        name in "[가-힣]{1,6}",
        host in "([a-z][a-z0-9]{0,8}\\.){1,3}(com|net|kr|io)",
        after in "[가-힣.!?]{0,6}",
        lengths in prop::collection::vec(0usize..9, 0..30),
    ) {
        let text = format!("{before}{name}@{host}{after}");
        let whole = without_names(&mask(&text));
        for parts in splits(&text).chain([cut(&text, &lengths)]) {
            prop_assert_eq!(&without_names(&masked(parts.iter().copied())), &whole, "{:?}", parts);
        }
    }

    #[test]
    fn any_text_is_held_in_bounds_and_comes_whole(
        parts in prop::collection::vec(".{0,80}|[a-z0-9@. -]{0,80}", 0..6),
    ) {
        let text = parts.concat();
        let streamed = masked(parts.iter().map(String::as_str));
        if mask(&text) == text {
            prop_assert_eq!(streamed, text);
        }
    }

    #[test]
    fn korean_passes_at_once(text in "[가-곳곶-엿옂-힣 ,.!?:;\n]{0,80}", lengths in prop::collection::vec(1usize..9, 0..30)) {
        let mut mask = StreamMask::default();
        for part in cut(&text, &lengths) {
            prop_assert_eq!(mask.push(part), part);
        }
    }
}
