//! One connection, opened when needed and given up when another tab or the browser wants it.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Promise};
use kiosk_core::ports::StorageError;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbVersionChangeEvent};

use super::{
    error::{from_exception, from_thrown},
    schema,
};

/// Another tab that holds an older shape, or a deletion under way, keeps an open request waiting for
/// ever, without an event in every case.
const OPEN_TIMEOUT_MILLIS: i32 = 5_000;

#[derive(Debug)]
pub(super) struct Connection {
    name: String,
    slot: Slot,
}

/// At most one connection, open or opening; whoever comes meanwhile waits for the same one.
type Slot = Rc<RefCell<Option<Opening>>>;

#[derive(Debug, Clone)]
struct Opening {
    request: IdbOpenDbRequest,
    opened: Promise,
}

impl Connection {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            slot: Slot::default(),
        }
    }

    pub(super) async fn database(&self) -> Result<IdbDatabase, StorageError> {
        let present = self.slot.borrow().clone();
        let Opening { request, opened } = match present {
            Some(opening) => opening,
            None => self.open()?,
        };
        match JsFuture::from(opened).await {
            Ok(_) => request
                .result()
                .map(JsCast::unchecked_into)
                .map_err(from_thrown),
            Err(event) => {
                forget(&self.slot, &request);
                if event.is_undefined() {
                    return Err(StorageError::Blocked);
                }
                Err(from_exception(request.error().ok().flatten()))
            }
        }
    }

    /// Gives the connection up; transactions under way still end.
    pub(super) fn close(&self) {
        let Some(opening) = self.slot.take() else {
            return;
        };
        if let Ok(database) = opening.request.result() {
            database.unchecked_into::<IdbDatabase>().close();
        }
    }

    fn open(&self) -> Result<Opening, StorageError> {
        let window = web_sys::window().ok_or(StorageError::Unsupported)?;
        let factory = window.indexed_db().map_err(from_thrown)?;
        let factory = factory.ok_or(StorageError::Unsupported)?;
        let request = factory
            .open_with_u32(&self.name, schema::VERSION)
            .map_err(from_thrown)?;
        request.set_onupgradeneeded(Some(&upgrading(&request)));
        let opened = Promise::new(&mut |resolve, reject| {
            request.set_onerror(Some(&reject));
            request.set_onsuccess(Some(&opened(&self.slot, &request, resolve)));
            // Without a timer an open request may wait for ever, which is no worse than before.
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&reject, OPEN_TIMEOUT_MILLIS)
                .ok();
        });
        let opening = Opening { request, opened };
        self.slot.replace(Some(opening.clone()));
        Ok(opening)
    }
}

fn upgrading(request: &IdbOpenDbRequest) -> Function {
    let request = request.clone();
    let upgrade = Closure::once_into_js(move |event: IdbVersionChangeEvent| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "versions are ours, and small"
        )]
        let from_version = event.old_version() as u32;
        let upgraded = request
            .result()
            .and_then(|database| schema::upgrade(&database.unchecked_into(), from_version));
        if let (Err(_), Some(transaction)) = (upgraded, request.transaction()) {
            transaction.abort().ok();
        }
    });
    upgrade.unchecked_into()
}

fn opened(slot: &Slot, request: &IdbOpenDbRequest, resolve: Function) -> Function {
    let (slot, request) = (Rc::clone(slot), request.clone());
    let opened = Closure::once_into_js(move || {
        let Ok(database) = request.result().map(JsValue::unchecked_into::<IdbDatabase>) else {
            return;
        };
        if !holds(&slot, &request) {
            // It came after the time was up; nobody would ever close it.
            database.close();
            return;
        }
        let gone = gone(&slot, &request, &database);
        database.set_onclose(Some(&gone));
        database.set_onversionchange(Some(&gone));
        resolve.call0(&JsValue::UNDEFINED).ok();
    });
    opened.unchecked_into()
}

/// The browser closed the connection, or another tab needs it closed to change the shape.
fn gone(slot: &Slot, request: &IdbOpenDbRequest, database: &IdbDatabase) -> Function {
    let (slot, request, database) = (Rc::clone(slot), request.clone(), database.clone());
    let gone = Closure::<dyn FnMut()>::new(move || {
        database.close();
        forget(&slot, &request);
    });
    gone.into_js_value().unchecked_into()
}

fn holds(slot: &Slot, request: &IdbOpenDbRequest) -> bool {
    slot.borrow()
        .as_ref()
        .is_some_and(|opening| opening.request == *request)
}

fn forget(slot: &Slot, request: &IdbOpenDbRequest) {
    if holds(slot, request) {
        slot.take();
    }
}
