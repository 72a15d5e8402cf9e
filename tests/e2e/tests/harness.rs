//! The harness itself: it must see what it is meant to see, or no test above it means anything.

use e2e::{Error, PORTRAIT, Result, Tablet, id};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Without it the browser asks for one and logs that there is none.
const ICON: &str = "<link rel=icon href='data:,'>";

const LEAVE_IN_DATABASE: &str = "
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open('a');
      opening.onupgradeneeded = () => {
        const store = opening.result.createObjectStore('s', { autoIncrement: true });
        store.add(new TextEncoder().encode('표식'));
      };
      opening.onsuccess = () => { opening.result.close(); resolve(true); };
      opening.onerror = reject;
    })";

/// Serves one page at every path; answers its address.
async fn serve(page: &'static str) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if stream.read(&mut request).await.is_err() {
                continue;
            }
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{ICON}{page}",
                ICON.len() + page.len()
            );
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    Ok(address)
}

#[tokio::test]
async fn a_clean_page_passes_in_the_size_asked_for() -> Result<()> {
    let page = "<p data-testid=screen data-screen=attract>안녕</p>";
    let tablet = Tablet::browse(&serve(page).await?, PORTRAIT).await?;
    tablet.wait_for_screen("attract").await?;
    assert_eq!(tablet.text("screen").await?, "안녕");
    let size = tablet.script("return [innerWidth, innerHeight]").await?;
    assert_eq!(size, json!([820, 1180]));
    tablet.close().await
}

#[tokio::test]
async fn page_and_console_errors_fail_unless_forgiven() -> Result<()> {
    let page = "<button data-testid=a>a</button><script>\
        document.querySelector('button').onclick = () => { throw new Error('first fault') };\
        </script>";
    let mut tablet = Tablet::browse(&serve(page).await?, PORTRAIT).await?;
    tablet.check_errors().await?;

    tablet.tap("a").await?;
    let found = tablet.check_errors().await;
    assert!(matches!(&found, Err(Error::PageErrors(errors)) if errors[0].contains("first fault")));

    tablet.script("console.error('second fault')").await?;
    assert!(tablet.check_errors().await.is_err());
    tablet
        .script("Promise.reject(new Error('third fault'))")
        .await?;
    assert!(tablet.forgive("fault").await.is_err());

    tablet.forgive("fault").await?;
    tablet.tap("a").await?;
    tablet.forgive_no_more().await?;
    tablet.tap("a").await?;
    assert!(tablet.close().await.is_err());
    Ok(())
}

#[tokio::test]
async fn traces_are_found_in_every_store() -> Result<()> {
    let page = "<textarea data-testid=draft></textarea>";
    let tablet = Tablet::browse(&serve(page).await?, PORTRAIT).await?;
    tablet.expect_no_trace_of("표식").await?;
    for (leave, forget) in [
        ("localStorage.mark = '표식'", "localStorage.clear()"),
        ("sessionStorage.mark = '표식'", "sessionStorage.clear()"),
        ("document.title = '표식'", "document.title = ''"),
        (LEAVE_IN_DATABASE, "indexedDB.deleteDatabase('a')"),
    ] {
        tablet.script(leave).await?;
        assert!(tablet.expect_no_trace_of("표식").await.is_err(), "{leave}");
        tablet.script(forget).await?;
        tablet.expect_no_trace_of("표식").await?;
    }
    tablet.type_into("draft", "표식").await?;
    assert!(tablet.expect_no_trace_of("표식").await.is_err());
    tablet.close().await
}

#[tokio::test]
async fn a_vain_wait_says_what_was_there() -> Result<()> {
    let page = "<p data-testid=screen data-screen=teams>다섯 팀</p>";
    let tablet = Tablet::browse(&serve(page).await?, PORTRAIT).await?;
    let limit = std::time::Duration::from_millis(200);
    let waited = tablet.wait_until("a miracle", limit, "return false").await;
    let said = waited
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(
        said.contains("a miracle") && said.contains("teams: 다섯 팀"),
        "{said}"
    );
    tablet.wait_until_gone(&id("chat-send")).await?;
    tablet.close().await
}
