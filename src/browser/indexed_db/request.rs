//! Transactions and their requests as futures.
//!
//! The promise's own functions serve as event handlers, so a request costs no Rust closure. Handlers
//! are set before a function returns: an event that fires while another request is awaited is not missed.

use std::{future::Future, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect};
use kiosk_core::ports::StorageError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

use super::{
    error::{from_exception, from_thrown},
    schema::{BY_ID, number},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

/// A transaction; without waiting for its [`Completion`], it commits by itself and nobody knows.
pub(super) struct Transaction {
    inner: IdbTransaction,
}

/// The end of a transaction.
pub(super) struct Completion {
    inner: IdbTransaction,
    completed: JsFuture,
}

impl Completion {
    /// Resolves once everything is on disk.
    pub(super) async fn wait(self) -> Result<(), StorageError> {
        match self.completed.await {
            Ok(_) => Ok(()),
            Err(_) => Err(from_exception(self.inner.error())),
        }
    }
}

impl Transaction {
    pub(super) fn begin(
        database: &IdbDatabase,
        stores: &[&str],
        mode: Mode,
    ) -> Result<(Rc<Self>, Completion), StorageError> {
        let inner = begin(database, stores, mode).map_err(from_thrown)?;
        let completed = Promise::new(&mut |resolve, reject| {
            inner.set_oncomplete(Some(&resolve));
            inner.set_onabort(Some(&reject));
        });
        let completion = Completion {
            inner: inner.clone(),
            completed: JsFuture::from(completed),
        };
        Ok((Rc::new(Self { inner }), completion))
    }

    /// Nothing more is to come: what was asked for is not waited for before it is written.
    #[expect(
        deprecated,
        reason = "in the binding only; the standard has it, and all browsers do"
    )]
    pub(super) fn commit(&self) {
        // Fails if it has ended by itself, which is as good.
        self.inner.commit().ok();
    }

    /// Undoes everything.
    pub(super) fn abort(&self) {
        // Fails if a failed request has aborted it already, which is as good.
        self.inner.abort().ok();
    }

    pub(super) fn get(&self, store: &str, key: &str) -> Result<Answer, StorageError> {
        answer(self.store(store)?.get(&JsValue::from(key)))
    }

    pub(super) fn by_id(&self, store: &str, id: &str) -> Result<Answer, StorageError> {
        let index = self.store(store)?.index(BY_ID).map_err(from_thrown)?;
        answer(index.get(&JsValue::from(id)))
    }

    pub(super) fn key_by_id(&self, store: &str, id: &str) -> Result<Answer, StorageError> {
        let index = self.store(store)?.index(BY_ID).map_err(from_thrown)?;
        answer(index.get_key(&JsValue::from(id)))
    }

    pub(super) fn all(
        &self,
        store: &str,
        limit: u32,
    ) -> Result<impl Future<Output = Result<Array, StorageError>> + use<>, StorageError> {
        let all = self
            .store(store)?
            .get_all_with_key_and_limit(&JsValue::UNDEFINED, limit);
        let all = answer(all)?;
        Ok(async move { all.await.map(JsCast::unchecked_into) })
    }

    pub(super) fn count_above(&self, store: &str, key: u64) -> Result<Answer, StorageError> {
        let above = IdbKeyRange::lower_bound_with_open(&number(key), true).map_err(from_thrown)?;
        answer(self.store(store)?.count_with_key(&above))
    }

    // What these change is certain only once the transaction is complete, and so is their failure.

    pub(super) fn add(&self, store: &str, record: &JsValue) -> Result<(), StorageError> {
        self.store(store)?
            .add(record)
            .map(drop)
            .map_err(from_thrown)
    }

    pub(super) fn put(
        &self,
        store: &str,
        value: &JsValue,
        key: Option<&str>,
    ) -> Result<(), StorageError> {
        let store = self.store(store)?;
        let request = match key {
            Some(key) => store.put_with_key(value, &JsValue::from(key)),
            None => store.put(value),
        };
        request.map(drop).map_err(from_thrown)
    }

    pub(super) fn delete(&self, store: &str, key: &JsValue) -> Result<(), StorageError> {
        self.store(store)?
            .delete(key)
            .map(drop)
            .map_err(from_thrown)
    }

    fn store(&self, name: &str) -> Result<IdbObjectStore, StorageError> {
        self.inner.object_store(name).map_err(from_thrown)
    }
}

/// `web-sys` knows the `durability` option only behind a compiler flag, hence the call by name.
fn begin(database: &IdbDatabase, stores: &[&str], mode: Mode) -> Result<IdbTransaction, JsValue> {
    let names: Array = stores.iter().map(|name| JsValue::from(*name)).collect();
    let options = Object::new();
    let mode = match mode {
        Mode::Read => "readonly",
        Mode::Write => {
            Reflect::set(
                &options,
                &JsValue::from("durability"),
                &JsValue::from("strict"),
            )?;
            "readwrite"
        }
    };
    let begin: Function = Reflect::get(database, &JsValue::from("transaction"))?.dyn_into()?;
    begin
        .call3(database, &names, &JsValue::from(mode), &options)
        .map(JsCast::unchecked_into)
}

/// What a request will answer; `undefined` where nothing is stored.
pub(super) type Answer = std::pin::Pin<Box<dyn Future<Output = Result<JsValue, StorageError>>>>;

fn answer(request: Result<IdbRequest, JsValue>) -> Result<Answer, StorageError> {
    let request = request.map_err(from_thrown)?;
    let settled = JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }));
    Ok(Box::pin(async move {
        match settled.await {
            Ok(_) => request.result().map_err(from_thrown),
            Err(_) => Err(from_exception(request.error().ok().flatten())),
        }
    }))
}
