//! One connection that posts JSON with next to no work of its own: what a client takes on the same machine
//! is not the server's.

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::{Result, unexpected};

pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    path: String,
    authorization: Option<String>,
}

impl Connection {
    /// To a plain `http` address, with a bearer token if there is one.
    pub(crate) async fn open(url: &str, token: Option<&str>) -> Result<Self> {
        let uri: Uri = url
            .parse()
            .map_err(|_| unexpected(format!("no address: {url}")))?;
        let host = uri.authority().map(ToString::to_string);
        let host = host.ok_or_else(|| unexpected(format!("no host: {url}")))?;
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(broken)?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host,
            path: uri.path().to_owned(),
            authorization: token.map(|token| format!("Bearer {token}")),
        })
    }

    /// Posts a body and reads the whole answer.
    pub(crate) async fn post(&mut self, body: Vec<u8>) -> Result<Bytes> {
        let answer = self.send(body).await?.collect().await.map_err(broken)?;
        Ok(answer.to_bytes())
    }

    /// Posts a body; answers what comes back while it comes.
    pub(crate) async fn send(&mut self, body: Vec<u8>) -> Result<Incoming> {
        let mut request = Request::post(&self.path)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::from(body)).map_err(broken)?;
        self.sender.ready().await.map_err(broken)?;
        let answer = self.sender.send_request(request).await.map_err(broken)?;
        Ok(answer.into_body())
    }
}

fn broken(error: impl std::fmt::Display) -> crate::error::Error {
    unexpected(error.to_string())
}
