//! A client of chats that does next to nothing itself, and knows which words are to come.

use std::time::Instant;

use http_body_util::BodyExt as _;

use super::frames::Frames;
use crate::connection::Connection;
use crate::error::{Result, unexpected};

/// Somebody who answers chats: the model itself, or a proxy in front of it.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) url: String,
    pub(super) token: Option<String>,
}

impl Target {
    pub(super) fn new(base: &str, token: Option<String>) -> Self {
        Self {
            url: format!("{base}/v1/chat/completions"),
            token,
        }
    }

    pub(super) async fn open(&self, words: usize) -> Result<Client> {
        let connection = Connection::open(&self.url, self.token.as_deref()).await?;
        Ok(Client { connection, words })
    }
}

/// One connection to a target.
pub(super) struct Client {
    connection: Connection,
    /// Of every answer.
    words: usize,
}

/// When the words of a stream came.
pub(super) struct Heard {
    pub(super) asked: Instant,
    pub(super) words: Vec<Instant>,
}

impl Heard {
    /// Milliseconds to the first word.
    pub(super) fn first(&self) -> f64 {
        self.words
            .first()
            .map_or(f64::MAX, |first| millis(self.asked, *first))
    }

    /// Milliseconds from each word to the next.
    pub(super) fn gaps(&self) -> impl Iterator<Item = f64> + '_ {
        let next = self.words.iter().skip(1);
        self.words.iter().zip(next).map(|(a, b)| millis(*a, *b))
    }
}

fn millis(from: Instant, to: Instant) -> f64 {
    to.duration_since(from).as_secs_f64() * 1_000.0
}

impl Client {
    /// Asks for a whole answer; fails unless every word came.
    pub(super) async fn ask(&mut self) -> Result<()> {
        let answer = self.connection.post(question(false)).await?;
        let mut frames = Frames::default();
        let came = frames.take(&answer)?;
        self.all_came(came)
    }

    /// Asks for a stream and reads it to the end; fails unless every word came, in order.
    pub(super) async fn listen(&mut self) -> Result<Heard> {
        let asked = Instant::now();
        let mut body = self.connection.send(question(true)).await?;
        let (mut frames, mut words) = (Frames::default(), Vec::new());
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| unexpected(error.to_string()))?;
            let came = frames.take(frame.data_ref().map_or(&[], |data| data))?;
            words.extend(std::iter::repeat_n(Instant::now(), came));
        }
        self.all_came(words.len())?;
        Ok(Heard { asked, words })
    }

    fn all_came(&self, came: usize) -> Result<()> {
        if came == self.words {
            return Ok(());
        }
        Err(unexpected(format!("{came} words of {} came", self.words)))
    }
}

fn question(stream: bool) -> Vec<u8> {
    serde_json::json!({
        "model": "skt", "stream": stream,
        "messages": [{"role": "user", "content": "안녕하세요? 오늘 날씨가 어때요?"}],
    })
    .to_string()
    .into_bytes()
}
