//! The guide on the tablet: a worker of its own, which lives as long as one answer.
//!
//! So nothing of a question is left anywhere, and a tablet that reaches its server never loads it.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, JsString, Promise};
use kiosk_core::ports::{LocalFuture, Preferences, Timer};
use kiosk_core::race::{First, first};
use kiosk_core::remote::{GuideQuestion, TabletGuide};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Worker, WorkerOptions, WorkerType};

use super::clock::BrowserTimer;
use super::dynamic::get;

/// A worker that has not answered by then will not.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct GuideWorker {
    script: String,
    preferences: Rc<dyn Preferences>,
    event_key: &'static str,
}

impl GuideWorker {
    /// The worker that belongs to this build of the app; it reads the event that is kept under a key.
    #[must_use]
    pub fn new(build: &str, preferences: Rc<dyn Preferences>, event_key: &'static str) -> Self {
        Self {
            script: format!("/guide/{build}/worker.js"),
            preferences,
            event_key,
        }
    }
}

impl TabletGuide for GuideWorker {
    fn answer(&self, question: GuideQuestion) -> LocalFuture<'static, Option<Vec<String>>> {
        let event = self.preferences.get(self.event_key);
        let worker = event.and_then(|event| Some((Running::start(&self.script)?, event)));
        Box::pin(async move {
            let (worker, event) = worker?;
            let parts = [
                event.as_str(),
                &question.key.team,
                &question.key.demo,
                question.language.code(),
                &question.text,
            ];
            let message: Array = parts.into_iter().map(JsValue::from).collect();
            let answer = Box::pin(worker.ask(message));
            match first(answer, BrowserTimer.sleep(PATIENCE)).await {
                First::Left(answer) => answer,
                First::Right(()) => None,
            }
        })
    }
}

/// Ends with whoever waits for it.
struct Running(Worker);

impl Running {
    fn start(script: &str) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(script, &options).ok().map(Self)
    }

    /// It says first that it is there, and then what the guide says.
    async fn ask(&self, message: Array) -> Option<Vec<String>> {
        self.next().await?;
        self.0.post_message(&message).ok()?;
        let pieces = self.next().await?.dyn_into::<Array>().ok()?;
        let text = |piece: JsValue| piece.dyn_into::<JsString>().ok().map(String::from);
        pieces.iter().map(text).collect()
    }

    /// The next message; `None` if the worker failed.
    async fn next(&self) -> Option<JsValue> {
        let promise = Promise::new(&mut |resolve, reject| {
            self.0.set_onmessage(Some(&resolve));
            self.0.set_onerror(Some(&reject));
        });
        let message = JsFuture::from(promise).await;
        self.0.set_onerror(None);
        get(&message.ok()?, "data")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
