//! What a model writes stays a text in its bubble, whatever it is: nothing of it runs, loads,
//! spreads or takes the page away from the visitor.

use std::time::Duration;

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{answer_text, ask, open_chat, scripted_booth, wait_for_turns};

/// More than any answer has.
const SIZE: usize = 40 * 1024;

/// Everything asks for something whose name says so.
const MARKUP: &str = r#"<script>window.hostile = 1</script><script src="/hostile.js"></script>
<img src="/hostile.png" onerror="window.hostile = 1"> <svg onload="window.hostile = 1"></svg>
<iframe src="/hostile"></iframe><link rel="stylesheet" href="/hostile.css"><base href="/hostile/">
<style>* { display: none !important }</style><form action="/hostile"><button>누르세요</button></form>
</div></main></body><h1 style="position: fixed; inset: 0">가려요</h1><!-- <![CDATA[ &lt;b&gt;

![그림](/hostile.png) ![그림](https://hostile.example/a.png "제목") [![그림](/hostile-a.png)](/hostile)

[누르세요](javascript:window.hostile=1) [자료](data:text/html,<script>window.hostile=1</script>)
<javascript:window.hostile=1> <https://hostile.example/> https://hostile.example/b [참조][x]

[x]: /hostile "제목"

```html
<img src="/hostile.png"><script>window.hostile = 1</script>
```
"#;

/// Marks that turn the direction, pile up, break nowhere, or show nothing.
fn odd_characters() -> String {
    let turned = "\u{202e}거꾸로 \u{2067}שלום עולם\u{2066} \u{200f}مرحبا\u{202b} 끝 ";
    let piled = format!("Z{} ", "\u{0301}\u{0489}\u{0334}\u{20dd}".repeat(40));
    let unseen = "\u{200b}\u{feff}\u{2060}\u{ad}\u{0}\u{7}\u{fffd}\u{e0001}";
    let stuck = "가\u{2060}나\u{a0}다\u{a0}".repeat(200);
    [
        &turned.repeat(20),
        &piled.repeat(20),
        &unseen.repeat(50),
        &stuck,
    ]
    .map(String::as_str)
    .join("\n\n")
}

/// Long words in every place that has its own idea of a width.
fn without_a_space() -> String {
    let long = |letter: &str| letter.repeat(SIZE / 8 / letter.len());
    let (word, hangul) = (long("a"), long("가"));
    format!(
        "{word}{word}{word}\n\n# {hangul}\n\n- {word}\n  - {word}\n\n> {word}\n\n`{word}`\n\n\
         **{hangul}**\n\n```\n{word}\n```\n\n$${word}$$\n\n[{word}](https://hostile.example/{word})"
    )
}

/// Three thousand cells, sixty in a row.
fn cells() -> String {
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(60));
    let cells = row("<b>칸</b>").repeat(49);
    [row("머리"), row("---"), cells, row("![x](/hostile.png)")].concat()
}

/// What a visitor needs, whatever stands in the answer.
const NEEDED: [&str; 8] = [
    "back",
    "start-over",
    "chat-input",
    "chat-send",
    "visit-end",
    "call-staff",
    "access-menu",
    "language-en",
];

async fn expect_harmless(tablet: &Tablet, what: &str) -> Result<()> {
    tablet.expect_answer_inside(what).await?;
    tablet.expect_at_hand(what, &NEEDED).await?;
    let doors = "main :is(a, img, script, iframe, object, embed, form, style, link, base)";
    assert_eq!(tablet.count(doors).await?, 0, "{what}");
    let ran = tablet.script("return window.hostile ?? null").await?;
    assert!(ran.is_null(), "{what} ran");
    let asked = tablet.asked();
    let lured = asked.iter().find(|asked| asked.target.contains("hostile"));
    assert_eq!(lured, None, "{what}");
    tablet.check_errors().await
}

#[tokio::test]
async fn a_hostile_text_stays_a_text_in_its_bubble() -> Result<()> {
    let upstream = Upstream::start(Script::default()).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    let texts = [
        ("markup", MARKUP.to_owned()),
        ("odd characters", odd_characters()),
        ("a text without a space", without_a_space()),
        ("a large table", cells()),
    ];
    for (number, (what, text)) in (1..).zip(texts) {
        upstream.say(Script::pieces(&text, 1000, Duration::from_millis(2)));
        ask(&tablet, what).await?;
        wait_for_turns(&tablet, number).await?;
        expect_harmless(&tablet, what).await?;
        if what == "markup" {
            let said = answer_text(&tablet).await?;
            assert!(
                said.contains("<script>window.hostile = 1</script>"),
                "{said}"
            );
            assert!(said.contains("<iframe src=\"/hostile\">"), "{said}");
        }
    }
    // The page goes on after all of it.
    upstream.say(Script::words(3, Duration::ZERO));
    ask(&tablet, "아직 들리나요?").await?;
    wait_for_turns(&tablet, 5).await?;
    assert!(answer_text(&tablet).await?.contains("낱말3"));
    tablet.tap("start-over").await?;
    tablet.wait_for_screen("attract").await?;
    tablet.wait_until_gone(&id("start-over-undo")).await?;
    tablet.close().await
}
