//! The harness itself: it must see what it is meant to see, or no test above it means anything.

use std::time::Duration;

use e2e::{LANDSCAPE, PHONE, PORTRAIT, Result, Tablet, id};
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
    let mut tablet = Tablet::browse(&serve(page).await?, PORTRAIT).await?;
    tablet.wait_for_screen("attract").await?;
    assert_eq!(tablet.text("screen").await?, "안녕");
    for viewport in [PORTRAIT, PHONE, LANDSCAPE] {
        tablet.resize(viewport).await?;
        let size = tablet.script("return [innerWidth, innerHeight]").await?;
        assert_eq!(size, json!([viewport.width, viewport.height]));
    }
    tablet.close().await
}

/// Each button does one thing that must not go unseen.
const FAULTY: &str = "
    <button data-testid=throw>a</button><button data-testid=reject>b</button>
    <button data-testid=log>c</button><button data-testid=load>d</button>
    <button data-testid=leave>e</button>
    <script>
    const on = (name, act) => {
      document.querySelector(`[data-testid=${name}]`).onclick = act;
    };
    on('throw', () => { throw new Error('thrown fault') });
    on('reject', () => { Promise.reject(new Error('rejected fault')) });
    on('log', () => console.error('logged fault', { code: 7 }));
    on('load', () => {
      document.body.append(Object.assign(new Image(), { src: 'data:image/png,fault' }));
    });
    on('leave', () => { console.error('last fault'); location.reload() });
    </script>";

#[tokio::test]
async fn whatever_goes_wrong_in_a_page_fails_the_test() -> Result<()> {
    let tablet = Tablet::browse(&serve(FAULTY).await?, PORTRAIT).await?;
    tablet.check_errors().await?;
    for (name, said) in [
        ("throw", "thrown fault"),
        ("reject", "rejected fault"),
        ("log", "logged fault {\"code\":7}"),
        ("load", "data:image/png,fault"),
        ("leave", "last fault"),
    ] {
        tablet.tap(name).await?;
        // A rejection and a lost picture are told a moment later, a page left behind too.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let found = tablet.check_errors().await;
        let found = found.err().map(|error| error.to_string());
        let found = found.unwrap_or_default();
        assert!(found.contains(said), "{name}: {found}");
        tablet.check_errors().await?;
    }
    tablet.tap("throw").await?;
    assert!(tablet.close().await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_page_that_is_left_may_give_up_what_it_was_loading() -> Result<()> {
    let tablet = Tablet::browse(&serve("<p>안녕</p>").await?, PORTRAIT).await?;
    tablet.hang(&["/late.css"]);
    let load = "document.head.append(Object.assign(document.createElement('link'),
        { rel: 'stylesheet', href: '/late.css' }))";
    tablet.script(load).await?;
    tablet.reload().await?;
    tablet.check_errors().await?;
    tablet.refuse(&["/late.css"]);
    tablet.script(load).await?;
    tablet
        .wait_until(
            "an error",
            Duration::from_secs(5),
            "return __told().length > 0",
        )
        .await?;
    assert!(tablet.check_errors().await.is_err());
    tablet.close().await
}

#[tokio::test]
async fn only_announced_errors_are_forgiven() -> Result<()> {
    let tablet = Tablet::browse(&serve(FAULTY).await?, PORTRAIT).await?;
    tablet.tap("log").await?;
    assert!(tablet.forgive("fault").await.is_err());
    tablet.forgive("fault").await?;
    tablet.tap("throw").await?;
    tablet.forgive_no_more().await?;
    tablet.tap("throw").await?;
    assert!(tablet.close().await.is_err());
    Ok(())
}

/// What a page hears when it asks for a path.
async fn ask(tablet: &Tablet, path: &str) -> Result<String> {
    let script = format!(
        "return Promise.race([\
           fetch('{path}').then((answer) => answer.text(), () => 'lost'),\
           new Promise((done) => setTimeout(done, 1000, 'nothing'))])"
    );
    let heard = tablet.script(&script).await?;
    Ok(heard.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_network_obeys_the_test() -> Result<()> {
    let tablet = Tablet::browse(&serve("<p>안녕</p>").await?, PORTRAIT).await?;
    let page = ask(&tablet, "/api/a").await?;
    assert!(page.contains("안녕"), "{page}");
    tablet.refuse(&["/api/a", "/api/b/*"]);
    assert_eq!(ask(&tablet, "/api/a").await?, "lost");
    assert_eq!(ask(&tablet, "/api/b/c?d=e").await?, "lost");
    assert_eq!(ask(&tablet, "/api/ab").await?, page);
    tablet.hang(&["/api/a"]);
    assert_eq!(ask(&tablet, "/api/a").await?, "nothing");
    tablet.hang(&[]);
    assert_eq!(ask(&tablet, "/api/a").await?, page);
    tablet.pull_network();
    assert_eq!(ask(&tablet, "/api/a").await?, "lost");
    tablet.plug_network();
    assert_eq!(ask(&tablet, "/api/a").await?, page);
    tablet.append("/api/a", "끝");
    assert_eq!(ask(&tablet, "/api/a").await?, format!("{page}끝"));
    assert_eq!(ask(&tablet, "/api/ab").await?, page);
    let asked = tablet.asked();
    let to_b = |asked: &&e2e::Asked| asked.method == "GET" && asked.target == "/api/b/c?d=e";
    assert_eq!(asked.iter().filter(to_b).count(), 1, "{asked:?}");
    tablet.close().await
}

#[tokio::test]
async fn a_closed_browser_comes_back_with_what_it_kept() -> Result<()> {
    let tablet = Tablet::browse(&serve("<p>안녕</p>").await?, PORTRAIT).await?;
    tablet.script("localStorage.mark = '표식'").await?;
    tablet.script("window.open_since = 1").await?;
    let tablet = tablet.reopen().await?;
    let kept = tablet.script("return localStorage.mark").await?;
    assert_eq!(kept, json!("표식"));
    let same_page = tablet.script("return window.open_since ?? null").await?;
    assert_eq!(same_page, json!(null));
    tablet.close().await
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
    let limit = Duration::from_millis(200);
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
