//! What went over the wire, told by the browser's own events of the network.

use std::collections::HashMap;

use serde_json::Value;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Page,
    Script,
    Wasm,
    Style,
    Font,
    /// Answers of the server's interfaces.
    Data,
    Other,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Script => "script",
            Self::Wasm => "wasm",
            Self::Style => "style",
            Self::Font => "font",
            Self::Data => "data",
            Self::Other => "other",
        }
    }

    /// Whether the first load's figure counts it.
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Page | Self::Script | Self::Wasm | Self::Style)
    }

    fn of(mime: &str) -> Self {
        match mime {
            "text/html" => Self::Page,
            "text/javascript" | "application/javascript" => Self::Script,
            "application/wasm" => Self::Wasm,
            "text/css" => Self::Style,
            _ if mime.starts_with("font/") => Self::Font,
            _ if mime.ends_with("json") || mime == "text/event-stream" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// One request and what came for it.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// As in `Content-Encoding`.
    pub(crate) encoding: String,
    pub(crate) body: f64,
    pub(crate) head: f64,
    /// Milliseconds since 1970.
    pub(crate) sent_at: f64,
}

/// The transfers from one origin, in the order they were asked for.
pub(crate) fn transfers(events: &[Value], origin: &str) -> Vec<Transfer> {
    let origin = origin.trim_end_matches('/');
    let mut order: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, Transfer> = HashMap::new();
    for event in events {
        let detail = &event["params"];
        let Some(id) = detail["requestId"].as_str() else {
            continue;
        };
        if event["method"] == "Network.requestWillBeSent" {
            let url = detail["request"]["url"].as_str().unwrap_or_default();
            if let Some(path) = url.strip_prefix(origin) {
                order.push(id);
                known.insert(id, asked(path, detail));
            }
        } else if let Some(transfer) = known.get_mut(id) {
            transfer.learn(event["method"].as_str().unwrap_or_default(), detail);
        }
    }
    order.iter().filter_map(|id| known.remove(id)).collect()
}

fn asked(path: &str, detail: &Value) -> Transfer {
    Transfer {
        path: path.to_owned(),
        kind: Kind::Other,
        encoding: String::new(),
        body: 0.0,
        head: 0.0,
        sent_at: detail["wallTime"].as_f64().unwrap_or(0.0) * 1_000.0,
    }
}

impl Transfer {
    fn learn(&mut self, event: &str, detail: &Value) {
        match event {
            "Network.responseReceived" => {
                let response = &detail["response"];
                self.kind = Kind::of(response["mimeType"].as_str().unwrap_or_default());
                self.encoding = header(response, "content-encoding");
                self.head = response["encodedDataLength"].as_f64().unwrap_or(0.0);
            }
            // All there is of a stream that its reader has left.
            "Network.dataReceived" => {
                self.body += detail["encodedDataLength"].as_f64().unwrap_or(0.0);
            }
            // The total, with what is told of the head above.
            "Network.loadingFinished" => {
                let total = detail["encodedDataLength"].as_f64().unwrap_or(0.0);
                self.body = (total - self.head).max(0.0);
            }
            _ => {}
        }
    }
}

fn header(response: &Value, name: &str) -> String {
    let headers = response["headers"].as_object();
    let found = headers
        .into_iter()
        .flatten()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found
        .and_then(|(_, value)| value.as_str())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn events() -> Vec<Value> {
        let sent = |id: &str, url: &str, at: f64| {
            json!({ "method": "Network.requestWillBeSent", "params": {
                "requestId": id, "request": { "url": url }, "wallTime": at } })
        };
        let received = |id: &str, mime: &str| {
            json!({ "method": "Network.responseReceived", "params": { "requestId": id, "response": {
                "mimeType": mime, "headers": { "Content-Encoding": "br" }, "encodedDataLength": 100 } } })
        };
        let finished = |id: &str, bytes: u32| {
            json!({ "method": "Network.loadingFinished", "params": {
                "requestId": id, "encodedDataLength": bytes } })
        };
        vec![
            sent("1", "http://a/", 1.0),
            sent("2", "http://b/", 1.5),
            sent("3", "http://a/app.wasm", 2.0),
            received("3", "application/wasm"),
            received("1", "text/html"),
            json!({ "method": "Network.dataReceived", "params": {
                "requestId": "3", "encodedDataLength": 400 } }),
            finished("3", 1_100),
            finished("1", 300),
            finished("2", 5),
            json!({ "method": "Page.loadEventFired", "params": {} }),
        ]
    }

    #[test]
    fn bodies_are_told_from_heads_and_origins_apart() {
        let all = transfers(&events(), "http://a/");
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.path.as_str(), one.kind, one.encoding.as_str()))
            .collect();
        assert_eq!(
            told,
            [("/", Kind::Page, "br"), ("/app.wasm", Kind::Wasm, "br")]
        );
        let close = |a: f64, b: f64| (a - b).abs() < f64::EPSILON;
        assert!(close(all[0].body, 200.0) && close(all[1].body, 1_000.0));
        assert!(close(all[1].sent_at, 2_000.0));
    }
}
