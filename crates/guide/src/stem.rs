//! Taking particles and endings off, lightly: the same on questions and on content, so that what is
//! cut wrongly is cut alike on both sides.

/// Particles and endings, longest first where one ends another.
#[rustfmt::skip]
const SUFFIXES: &[&str] = &[
    // Endings of questions and sentences.
    "이었습니까", "이었나요", "인가요", "이에요", "입니까", "입니다", "이예요", "이었어",
    "였나요", "였어요", "습니까", "습니다", "ㅂ니까", "합니까", "합니다", "됩니까", "됩니다",
    "한가요", "했나요", "했어요", "했습니까", "했습니다", "하나요", "하는지", "하는데", "하려면",
    "하려고", "하신", "하셨나요", "하세요", "할까요", "할까", "해요", "해서", "해도", "했어",
    "했던", "했다", "했니", "하니", "하냐", "하는", "하고", "하며", "하면", "하던", "하다",
    "하지", "하게", "한다", "한지", "할", "한", "해", "됐어요", "됐어", "됐나요", "되나요",
    "되는", "되어", "돼요", "돼", "되나", "되니", "될까요", "될까", "된", "는지", "은지", "을지",
    "인지", "인데", "인가", "이냐", "이니", "이야", "예요", "에요", "이죠", "이지", "지요", "죠",
    "나요", "던가요", "는가", "던가", "ㄴ가요", "까요", "을까", "까", "네요", "어요", "아요",
    "었어", "았어", "었나", "았나", "었던", "았던", "었습", "았습", "였어", "였나", "였지",
    "였죠", "였는지", "였더라", "였습니까", "일까요", "일까", "인거", "인건", "여", "더라",
    "려고", "려면", "니까", "으면", "면", "요", "야", "냐", "니",
    // Particles.
    "에서부터", "으로부터", "로부터", "에게서", "이라고는", "이라고", "이라는", "이란", "라고",
    "라는", "란", "에서는", "에서도", "에서의", "에서", "에게는", "에게", "한테서", "한테",
    "으로는", "으로도", "으로서", "으로써", "으로", "로는", "로도", "로서", "로써", "까지는",
    "까지", "부터는", "부터", "보다는", "보다", "처럼", "만큼", "마다", "이랑은", "이랑", "랑은",
    "랑", "이나", "나", "이며", "이고", "과는", "와는", "과의", "와의", "과", "와", "하고는",
    "에는", "에도", "에만", "에", "께서", "께", "들은", "들이", "들을", "들의", "들도", "들과",
    "들", "조차", "밖에", "뿐", "대로", "같은", "같이", "은요", "는요", "은", "는", "이", "가",
    "을", "를", "의", "도", "만", "로", "씩", "쯤", "님", "사들", "사",
];

/// A Hangul token without its particles and endings; two syllables at least stay.
pub(crate) fn korean(token: &str) -> String {
    let mut stem = token;
    // A plural, a particle and an ending may follow each other: 파트너사들은요.
    for _ in 0..3 {
        let longest = SUFFIXES
            .iter()
            .filter_map(|suffix| stem.strip_suffix(suffix))
            .filter(|rest| rest.chars().count() >= 2)
            .min_by_key(|rest| rest.len());
        match longest {
            Some(rest) => stem = rest,
            None => break,
        }
    }
    stem.to_owned()
}

/// Whether what follows a word is particles and endings and nothing else.
pub(crate) fn only_suffixes(rest: &str) -> bool {
    rest.is_empty()
        || SUFFIXES
            .iter()
            .filter_map(|suffix| rest.strip_prefix(suffix))
            .any(only_suffixes)
}

/// An English token without plural, `-ing` and `-ed`.
pub(crate) fn english(token: &str) -> String {
    let long = |rest: &&str| rest.len() >= 4 && rest.is_ascii();
    if let Some(rest) = token.strip_suffix("ies").filter(|rest| rest.len() >= 3) {
        return format!("{rest}y");
    }
    let bare = token.strip_suffix('s').filter(|rest| {
        rest.len() >= 3 && !rest.ends_with(['s', 'u', 'i']) && rest.chars().all(char::is_alphabetic)
    });
    let bare = bare.unwrap_or(token);
    let bare = bare
        .strip_suffix("ly")
        .filter(|rest| rest.len() >= 6)
        .unwrap_or(bare);
    let cut = bare
        .strip_suffix("ing")
        .or_else(|| bare.strip_suffix("ed"))
        .filter(long);
    let cut = cut.unwrap_or(bare);
    // planned and plan, used and use.
    let mut end = cut.chars().rev();
    match (end.next(), end.next()) {
        (Some(last), Some(same)) if cut != bare && last == same && last != 's' && last != 'l' => {
            cut[..cut.len() - last.len_utf8()].to_owned()
        }
        (Some('e'), _) if cut.len() >= 5 => cut[..cut.len() - 1].to_owned(),
        _ => cut.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_words_shed_particles_and_endings() {
        for (token, bare) in [
            ("파트너는", "파트너"),
            ("파트너가", "파트너"),
            ("파트너사들은", "파트너"),
            ("파라미터가", "파라미터"),
            ("매개변수는요", "매개변수"),
            ("협력사들이랑", "협력"),
            ("코엑스에서는", "코엑스"),
            ("래블업이에요", "래블업"),
            ("체험하려면", "체험"),
            ("계획인가요", "계획"),
            ("모델", "모델"),
            ("이름", "이름"),
            ("나", "나"),
            ("", ""),
        ] {
            assert_eq!(korean(token), bare, "{token}");
        }
    }

    #[test]
    fn what_follows_is_judged_as_a_whole() {
        for rest in ["", "은", "들은요", "이에요", "에서는"] {
            assert!(only_suffixes(rest), "{rest}");
        }
        for rest in ["장", "표", "은행"] {
            assert!(!only_suffixes(rest), "{rest}");
        }
    }

    #[test]
    fn english_words_meet_in_one_form() {
        for (one, other) in [
            ("partners", "partner"),
            ("companies", "company"),
            ("planned", "plan"),
            ("planning", "plans"),
            ("languages", "language"),
            ("licensed", "license"),
            ("hosted", "hosts"),
            ("released", "release"),
        ] {
            assert_eq!(english(one), english(other), "{one} {other}");
        }
        for word in ["this", "access", "news", "a100", "gpus"] {
            assert!(!english(word).is_empty());
        }
    }
}
