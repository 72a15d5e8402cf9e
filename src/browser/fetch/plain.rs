//! Requests of people who are signed in: the browser sends the cookie by itself.

use gloo_net::http::RequestBuilder;
use kiosk_core::ports::LocalFuture;
use kiosk_core::remote::{HttpTransport, Method, RemoteError, Reply};

use super::{Request, send, with_json};

/// The kiosk server over fetch.
pub struct FetchHttp;

impl HttpTransport for FetchHttp {
    fn send(
        &self,
        method: Method,
        path: String,
        body: Option<String>,
    ) -> LocalFuture<'_, Result<Reply, RemoteError>> {
        let start: fn(&str) -> RequestBuilder = match method {
            Method::Get => Request::get,
            Method::Post => Request::post,
            Method::Delete => Request::delete,
        };
        let request = match body {
            Some(body) => with_json(start(&path), Ok(body)),
            None => start(&path).build().ok(),
        };
        Box::pin(async move {
            let reply = send(request).await.ok_or(RemoteError::Unreachable)?;
            Ok(Reply {
                status: reply.status,
                retry_after: reply.retry_after.and_then(|secs| secs.trim().parse().ok()),
                body: reply.body,
            })
        })
    }
}
