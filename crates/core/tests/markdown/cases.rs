//! Our own cases, by what they are about: what Korean models write.

use std::ops::RangeInclusive;

use proptest::prelude::*;

use crate::page::{self, Page, ROOT};
use crate::peer;
use kiosk_core::markdown::Drawing;

/// These look as in comrak.
const SAME: &[(&str, &[&str])] = &[
    (
        "particles after bold",
        &[
            "**마크다운(Markdown)**을 써요.",
            "**마크다운**을 **서울시(Seoul)**에서 **“인용”**이라고",
            "이름은**‘독자 AI’**입니다",
            "**가격(원)**은 **3,000원**이고 **50%**는 **C++**로",
            "**중요!**하지만 **정말?**이라고 **끝.**입니다",
            "*기울임(italic)*은 ***둘 다(both)***를",
            "**①**번과 **㈜회사**는 **「책」**을 **『책』**이",
            "앞**(괄호)**뒤, 앞**[대괄호]**뒤, 앞**{중괄호}**뒤",
            "**“따옴표”**와**‘작은따옴표’**와**\"곧은\"**와",
            "**5월 3일(금)~5일(일)**까지",
            "**`코드`**를 쓰고 **[링크](https://example.org)**를 봐요",
            "가**나**다 가*나*다 **가**나**다**",
            "**주의**: 콜론, **주의:** 콜론, **주의:**콜론",
            "** 아님 ** ** 아님** **아님 **",
            "**가\n나**다",
            "**A**과 **B**와 **1**은 **한글**english **漢字**の **カナ。**だ",
            "**🙂**이모지 🙂**가**🙂 **🙂!**는",
        ],
    ),
    (
        "full-width punctuation",
        &[
            "**전각（괄호）**입니다 **그래！**요 **왜？**요 **끝。**요",
            "**、**가 **・**가 **〜**가 **…**가 **—**가",
            "전각＊별＊은 강조가 아님",
            "_전각（밑줄）_은 「_밑줄_」은",
        ],
    ),
    (
        "nested emphasis",
        &[
            "***굵고 기울임*** **굵고 *기울임*** *기울고 **굵음***",
            "**가 *나 **다** 나* 가**",
            "****네 별**** *****다섯***** ******여섯******",
            "**가*나**다*라 *가**나*다**라",
            "__밑줄__ _밑_줄_ snake_case_name __init__ _a_b_",
            "**가 ~~나~~ 다** ~~가 **나** 다~~",
            "* 별 * 하나 2 * 3 * 4, 2*3*4, 5*",
            "**닫히지 않음 *이것도",
            "닫기만** 있음* ~~",
        ],
    ),
    (
        "strike",
        &[
            "~~취소선~~은 지워요",
            "~~취소(선)~~은 ~~3~5일~~은",
            "~~~~ 아님 ~~~~",
            "~~ 아님 ~~",
            "\\~~~아님~~",
        ],
    ),
    (
        "code spans",
        &[
            "`코드`는 ``a`b`` ` `` ` `a\nb` `  앞뒤  `",
            "`**아님**` `열림 **굵음**",
            "`` ` ``와 ``` `` ```",
            "`\\`는 `",
            "`a``b`c",
        ],
    ),
    (
        "links and images",
        &[
            "[여기](https://example.org)를 봐요",
            "[**굵은** `코드`](https://example.org/a_(b)_c)",
            "[https://example.org](https://example.org)",
            "<https://example.org/a_b_c>는 [빈 곳]()",
            "[제목](https://example.org \"제목\") [a](<b c> 'd') [a](b (c))",
            "![그림](https://example.org/x.png)과 ![**굵은** 그림](x.png)",
            "[![그림](a.png)](b) [가 [나](b) 다](c)",
            "[아님] (b) [아님][b] [x](a b) [x](a",
            "[가\\]나](b) \\[가](b) [가](b\\)c)",
            "*[가*](b) [가 *나](b)* **[가](b)**은",
            "[](a) [ ](b) ![](c)가",
        ],
    ),
    (
        "lists",
        &[
            "- 하나\n- 둘\n- 셋",
            "1. 하나\n2. 둘\n3) 다른 목록",
            "3. 셋부터\n4. 넷\n\n5. 다섯",
            "- 하나\n  - 안\n    - 더 안\n  - 안\n- 둘",
            "1. 하나\n   - 안\n   - 안\n2. 둘\n\n   둘째 문단\n3. 셋",
            "- 하나\n\n  문단\n\n- 둘",
            "- 하나\n이어짐\n- 둘",
            "* 별\n+ 더하기\n- 빼기",
            "-아님\n1.아님\n1234567890. 아님",
            "문단\n- 목록\n문단\n2. 아님\n1. 목록",
            "- ```rust\n  let a = 1;\n  ```\n- > 인용\n- # 제목",
            "-\n- 빈 것\n-\n\n  밖",
            "- a\n\n\n- b\n\n\n  c",
            "1. **제목**\n\n   설명\n\n2. **제목**\n\n   설명",
            "10. 열\n    이어짐\n11. 열하나",
            "- a\n    - 네 칸\n        - 여덟 칸",
            "2025. 12. 30에\n2025.12.30에",
        ],
    ),
    (
        "tables",
        &[
            "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
            "가 | 나\n--- | :-:\n1 | 2",
            "| **굵게(b)**은 | `코드` |\n|:--|--:|\n| a\\|b | [c](d) |",
            "| 가 | 나 |\n|---|---|",
            "| 가 | 나 |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |",
            "문단\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n문단",
            "| 가 | 나 |\n|---|\n| 1 | 2 |",
            "| 가 |\n|---|\n| 1 |\n> 인용",
            "| 가 | 나 |\n|---|---|\n| | 2 |\n|| 2 |",
            "- | 가 | 나 |\n  |---|---|\n  | 1 | 2 |",
            "> | 가 |\n> |---|\n> | 1 |",
            "| `a` | b |\n| --- | --- |\n| \\\\ | \\a |",
        ],
    ),
    (
        "quotes",
        &[
            "> 인용\n> 둘째 줄\n이어짐\n\n밖",
            "> - 점\n> - 점\n>\n> 문단",
            "> > 둘\n> 하나\n>> 둘",
            ">붙임\n   > 세 칸\n    > 네 칸",
            "> ```\n> 코드\n밖",
            "> # 제목\n> 글\n---",
        ],
    ),
    (
        "headings and rules",
        &[
            "# 하나\n## 둘 ##\n### 셋 #셋\n#### 넷\n##### 다섯\n###### 여섯\n####### 일곱",
            "#아님\n#\n## \n# **굵은(b)**은",
            "제목\n===\n\n제목\n둘째 줄\n---\n글",
            "---\n***\n___\n- - -\n--\n***아님",
            "글\n***\n글\n# 제목\n글",
            "    # 코드\n\n   # 제목",
        ],
    ),
    (
        "code",
        &[
            "```rust\nfn main() {\n    let a = **1**;\n\n}\n```\n글",
            "~~~\n```\n~~~\n````\n```\n````",
            "```\n열린 채",
            "``` 정보 더 많이\na\n``` 아님\n```",
            "```\n\n\n```\n```\n```",
            "    들여\n\n\n      더\n\n글\n    이어짐",
            "  ```\n  두 칸\n     다섯\n한 칸\n  ```",
            "```a`b\n글",
            "\t탭\n\n-\t탭\n\n\t탭\n\n```\n\t탭\n```",
        ],
    ),
    (
        "breaks, escapes, entities",
        &[
            "한 줄\n두 줄  \n세 줄\\\n네 줄\\",
            "  앞 빈칸\n   또\n     또  ",
            "\\*별\\* \\# \\`a\\` \\\\ \\가 \\~ \\| \\> \\_a\\_",
            "\\(그냥 \\[그냥",
            "1\\. 아님\n\\- 아님\n\\# 아님",
            "&amp; &lt;b&gt; &quot; &nbsp; &copy; &hellip; &times; &#44032; &#xAC00; &#0; &x; &amp",
            "&#1234567890; &#x; &; &#x110000; & 그냥",
            "<b>굵게</b> <br> 가<br/>나 <b",
            "줄\r\n바꿈\r\n\r\n문단",
        ],
    ),
];

/// These look different on purpose: the text, what it looks like, and why.
const OWN: &[(&str, &str, &str)] = &[
    (
        "3~5일, 7~9일",
        "<p>3~5일, 7~9일</p>",
        "a single tilde is a range in Korean, no strike",
    ),
    (
        "안녕~반가워~요",
        "<p>안녕~반가워~요</p>",
        "or a friendly ending",
    ),
    (
        "• 하나\n• 둘",
        "<ul><li>하나</li><li>둘</li></ul>",
        "models write this bullet too",
    ),
    (
        "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n끝",
        "<table><thead><tr><th>가</th><th>나</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr>\
         </tbody></table><p>끝</p>",
        "a line without a bar right after a table is text, not a row",
    ),
    (
        "![](a.png)",
        "",
        "a picture is its words, and without words nothing",
    ),
    (
        "<BR>가< br >나<br >다",
        "<p><br>가&lt; br &gt;나<br>다</p>",
        "a line break is the one tag that is read",
    ),
    (
        "$x^2$과 $$\\frac{a}{b}$$",
        "<p><var>x²</var>과 <math>a/b</math></p>",
        "formulas are text that can be read",
    ),
    (
        "\\(a_1\\)과 \\[\\sqrt{x}\\]",
        "<p><var>a₁</var>과 <math>√(x)</math></p>",
        "an escaped parenthesis begins a formula if it ends",
    ),
    (
        "[a][b]\n\n[b]: /c",
        "<p>[a][b]</p><p>[b]: /c</p>",
        "definitions would change what is already read",
    ),
];

#[test]
fn what_korean_models_write_looks_as_in_comrak() {
    for (about, cases) in SAME {
        for case in *cases {
            assert_eq!(page::html(case), peer::html(case), "{about}: {case:?}");
        }
    }
}

#[test]
fn what_looks_different_does_so_on_purpose() {
    for (case, html, why) in OWN {
        assert_eq!(page::html(case), *html, "{case:?}: {why}");
        assert_ne!(
            page::html(case),
            peer::html(case),
            "{case:?} is no difference"
        );
    }
}

/// Their marks count as letters: nobody writes them here, and the list would be long.
const OTHER_SCRIPTS: &[RangeInclusive<char>] = &[
    '\u{370}'..='\u{10FF}',
    '\u{1200}'..='\u{1FFF}',
    '\u{2C00}'..='\u{2DFF}',
    '\u{FB00}'..='\u{FDFF}',
    // Their marks differ beside underscores only.
    '\u{3190}'..='\u{319F}',
    '\u{31C0}'..='\u{31EF}',
];

#[test]
fn a_mark_beside_any_character_means_the_same_as_in_comrak() {
    let wide = ('\u{3400}'..='\u{D7FF}').step_by(61);
    let rare = ('\u{16FE0}'..='\u{1B2FF}').step_by(17);
    let supplement = ('\u{20000}'..='\u{3FFFD}').step_by(4001);
    let characters = ('\u{20}'..='\u{33FF}')
        .chain('\u{F900}'..='\u{FFFF}')
        .chain('\u{1F000}'..='\u{1FAFF}')
        .chain('\u{E0100}'..='\u{E01EF}')
        .chain(wide.chain(rare).chain(supplement))
        .filter(|c| !matches!(c, '$' | '~'))
        .filter(|c| !OTHER_SCRIPTS.iter().any(|script| script.contains(c)));
    for c in characters {
        // Code points that are not given out are plain in comrak, and whatever is short in ours.
        let is_wide = peer::html(&format!("a**(b)**{c}")).contains("strong");
        let is_mark = !peer::html(&format!("a**{c}b**")).contains("strong");
        if c >= '\u{2000}' && !(is_wide || is_mark || c.is_alphanumeric()) {
            continue;
        }
        let case = format!("가**{c}a{c}**나 a**{c}b{c}**c a{c}**(b)**{c}c _{c}b{c}_c {c}_b_{c}");
        assert_eq!(page::html(&case), peer::html(&case), "U+{:X}", u32::from(c));
    }
}

#[test]
fn cells_name_their_columns() {
    let mut page = Page::new();
    let long = "가".repeat(99);
    let text = format!("| **요일** | `저녁` | {long} |\n|---|---|---|\n| 월 | 국 | 밥 |\n| 화 |");
    Drawing::default().finish(&mut page, &ROOT, &text);
    assert_eq!(page.columns(), ["요일", "저녁", &"가".repeat(60), "요일"]);
}

proptest! {
    #[test]
    fn any_text_of_marks_looks_as_in_comrak(
        text in "([*_`()\\[\\] 가a1.!“”（。]|\\*\\*|~~|\\]\\(a\\)|\n){0,40}",
    ) {
        let theirs = peer::html(&text);
        prop_assume!(!has_link_in_link(&theirs) && !theirs.contains("<p></p>"));
        prop_assert_eq!(page::html(&text), theirs, "{:?}", text);
    }

    #[test]
    fn any_lines_look_as_in_comrak(
        lines in prop::collection::vec("( {0,5})(|-|-  |\\* |1\\. |2\\) |> |>|# |## |```|~~~|---|===|\\*\\*|가|가 나|a  )(가|- b|> c|)", 0..12),
    ) {
        let text = lines.join("\n");
        prop_assert_eq!(squeezed(&page::html(&text)), squeezed(&peer::html(&text)), "{:?}", text);
    }
}

/// Without spaces: comrak keeps those before a line that goes on a quoted paragraph without its
/// mark, which only shows in code.
fn squeezed(html: &str) -> String {
    html.replace(' ', "")
}

/// CommonMark has no links in links; comrak makes some if empty brackets stand between.
fn has_link_in_link(html: &str) -> bool {
    html.split("<a>").skip(1).any(|link| !link.contains("</a>"))
}
