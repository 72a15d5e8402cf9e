//! What a model formats stands formatted in the page, and what is finished stays as it is while
//! the rest comes.

use std::time::Duration;

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};
use serde_json::json;

use crate::visit::{SOON, answer, ask, open_chat, scripted_booth, wait_for_turns};

const SAMPLE: &str = "# 제목

**마크다운(Markdown)**을 *기울여* 쓰고 ~~지운 말~~과 `let a`도 써요.

- 하나
  - 하나 아래
- 둘

1. 첫째
2. 둘째

> 옮긴 말

| 이름 | 값 |
|------|----|
| 가 | 1 |
| 나 | 2 |

```rust
fn main() {
    println!(\"**굵지 않음**\");
}
```

넓이는 $a^2$이에요.

---

[누리집](https://example.com/hostile)에 있어요.
";

/// Where it stands in the answer, and what is read there, one line for each.
const READ: [(&str, &str); 15] = [
    ("h3", "제목"),
    ("p strong", "마크다운(Markdown)"),
    ("p em", "기울여"),
    ("p del", "지운 말"),
    ("p > code", "let a"),
    ("ul > li > ul > li", "하나 아래"),
    (":scope > ul > li:last-child", "둘"),
    ("ol > li", "첫째\n둘째"),
    ("blockquote", "옮긴 말"),
    ("thead th", "이름\n값"),
    ("tbody td", "가\n1\n나\n2"),
    (
        "pre code",
        "fn main() {\n    println!(\"**굵지 않음**\");\n}",
    ),
    (".formula", "a²"),
    (".link", "누리집"),
    (".link-url", "(https://example.com/hostile)"),
];

/// The text of all elements of a selector in the last answer.
async fn read(tablet: &Tablet, selector: &str) -> Result<String> {
    let script = "const text = [...document.querySelectorAll(\
          '[data-testid=message][data-role=assistant] [data-testid=message-text]')].at(-1);
        return [...text.querySelectorAll(arguments[0])]\
          .map((each) => each.textContent.trim()).join('\\n')";
    let found = tablet.script_with(script, vec![json!(selector)]).await?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

/// Marks the blocks that are finished: all but the last one.
const MARK: &str = "
    const text = document.querySelector(\
      '[data-testid=message][data-role=assistant] [data-testid=message-text]');
    const finished = [...text.children].slice(0, -1);
    for (const each of finished) each.wasThere = true;
    return finished.length";
/// How many of the first blocks are the very ones that were marked.
const KEPT: &str = "
    const text = document.querySelector(\
      '[data-testid=message][data-role=assistant] [data-testid=message-text]');
    const first = [...text.children].findIndex((each) => each.wasThere !== true);
    return first === -1 ? text.children.length : first";

#[tokio::test]
async fn every_block_is_drawn_and_finished_ones_are_left_alone() -> Result<()> {
    let script = Script::pieces(SAMPLE, 5, Duration::from_millis(40));
    let upstream = Upstream::start(script).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "모든 것을 보여 주세요").await?;

    let has_table = format!(
        "return document.querySelector('{} table') !== null",
        id("message-text").replace('\'', "\"")
    );
    tablet.wait_until("a table", SOON, &has_table).await?;
    let marked = tablet.script(MARK).await?;
    assert_eq!(tablet.count(&answer("streaming")).await?, 1);
    wait_for_turns(&tablet, 1).await?;
    assert!(marked.as_u64() > Some(4), "{marked}");
    assert_eq!(tablet.script(KEPT).await?, marked);

    for (selector, text) in READ {
        assert_eq!(read(&tablet, selector).await?, text, "{selector}");
    }
    let rules = format!("{} hr", id("message-text"));
    assert_eq!(tablet.count(&rules).await?, 1);
    let doors = "main :is(a, img, script, iframe, object, embed, form, style)";
    assert_eq!(tablet.count(doors).await?, 0);

    let before = tablet.text("code-copy").await?;
    tablet.tap("code-copy").await?;
    let copied = format!(
        "return document.querySelector('[data-testid=code-copy]').textContent.trim() !== '{before}'"
    );
    tablet.wait_until("it says so", SOON, &copied).await?;
    tablet.close().await
}
