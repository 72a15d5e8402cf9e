//! What holds for any text.

use std::borrow::Cow;

use kiosk_privacy::mask;
use proptest::prelude::*;

fn prefix() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["010", "011", "016", "017", "018", "019"])
            .prop_map(str::to_owned),
        prop::sample::select(vec!["+82 10", "+82-10", "82-10", "+8210", "8210"])
            .prop_map(str::to_owned),
        prop::sample::select(vec!["02", "031", "042", "053", "064", "070", "080", "0505"])
            .prop_map(str::to_owned),
    ]
}

fn separator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "-", " ", ".", " - ", "", ")", ") ", "–", "－", "\u{3000}",
    ])
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
    text.chars()
        .map(|c| if c.is_ascii_digit() { wide(c) } else { c })
        .collect()
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn masking_twice_is_masking_once(text in ".{0,80}") {
        let once = mask(&text).into_owned();
        prop_assert_eq!(mask(&once).into_owned(), once.clone());
    }

    #[test]
    fn masking_dense_numbers_twice_is_masking_once(text in "[0-9０-９ .,()@/+A-Ma가은공일~-]{0,60}") {
        let once = mask(&text).into_owned();
        prop_assert_eq!(mask(&once).into_owned(), once.clone());
    }

    #[test]
    fn text_without_digits_and_sign_is_borrowed(text in "[^0-9０-９@＠]{0,80}") {
        prop_assert!(matches!(mask(&text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn a_phone_number_is_gone_whatever_stands_around_it(
        before in "[가-힣]{0,6}[ :,(]{0,2}",
        prefix in prefix(),
        first in separator(),
        middle in "[1-9][0-9]{3}",
        second in separator(),
        last in "[0-9]{4}",
        after in "[가-힣.!?]{0,6}",
        wide: bool,
    ) {
        let number = format!("{prefix}{first}{middle}{second}{last}");
        let number = if wide { full_width(&number) } else { number };
        let masked = mask(&format!("{before}{number}{after}")).into_owned();
        prop_assert!(masked.contains(kiosk_privacy::PHONE), "{} -> {}", number, masked);
        prop_assert_eq!(digits_of(&masked), "");
    }

    #[test]
    fn an_address_is_gone_whatever_stands_around_it(
        before in "[가-힣]{0,6}[ :,(]{0,2}",
        local in "[a-z][a-z0-9._%+-]{0,12}",
        host in "([a-z][a-z0-9]{0,8}\\.){1,3}(com|net|kr|io|museum)",
        after in "[가-힣.!?]{0,6}",
    ) {
        let masked = mask(&format!("{before}{local}@{host}{after}")).into_owned();
        prop_assert_eq!(masked, format!("{before}[이메일]{after}"));
    }

    #[test]
    fn digits_only_ever_go_away(text in "[0-9 .,가-힣@a-z-]{0,60}") {
        let masked = mask(&text);
        prop_assert!(digits_of(&masked).len() <= digits_of(&text).len());
    }
}
