//! The outbox on `IndexedDB`: the contract of every storage, and what browsers do to connections.

use std::cell::Cell;

use js_sys::{Function, Promise};
use kiosk::browser::indexed_db::IndexedDbOutbox;
use kiosk_core::{
    outbox::Counts,
    ports::{OutboxStorage, StorageError},
    testing::{join_all, sample_entry},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

thread_local! {
    static DATABASES: Cell<u32> = const { Cell::new(0) };
}

/// A name no other test uses, in this run or an earlier one.
fn fresh_name() -> String {
    let number = DATABASES.get();
    DATABASES.set(number + 1);
    format!("test-{}-{number}", js_sys::Date::now())
}

kiosk_core::outbox_storage_contract!(browser, {
    let name = fresh_name();
    move || IndexedDbOutbox::new(&name)
});

/// Runs JavaScript with the database's name as `name`; a promise is awaited.
async fn js(code: &str, name: &str) -> JsValue {
    let run = Function::new_with_args("name", code);
    let value = run.call1(&JsValue::UNDEFINED, &JsValue::from(name));
    JsFuture::from(Promise::resolve(&value.expect("the script threw")))
        .await
        .expect("rejected")
}

/// Notes the connections of the app in `window.opened[name]`, and every transaction's durability.
const WATCH: &str = "
    window.opened ??= {};
    window.durability ??= {};
    if (!window.watched) {
        window.watched = true;
        const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
            window.opened[this.name] = this;
            const made = transaction.call(this, stores, mode, options);
            (window.durability[this.name] ??= []).push(`${made.mode} ${made.durability}`);
            return made;
        };
    }";

#[wasm_bindgen_test]
async fn every_write_is_strict() {
    let name = fresh_name();
    js(WATCH, &name).await;
    let outbox = IndexedDbOutbox::new(&name);
    outbox.append(sample_entry("a")).await.expect("saved");
    outbox
        .park("a".to_owned(), "rating".to_owned())
        .await
        .expect("parked");
    outbox.remove(vec!["a".to_owned()]).await.expect("removed");
    let seen = js("return window.durability[name].join()", &name)
        .await
        .as_string();
    assert_eq!(
        seen.as_deref(),
        Some("readwrite strict,readwrite strict,readwrite strict")
    );
}

#[wasm_bindgen_test]
async fn a_save_that_carries_the_last_number_takes_one_transaction() {
    let name = fresh_name();
    js(WATCH, &name).await;
    let outbox = IndexedDbOutbox::new(&name);
    let save = |id: &str, carried| {
        let mut entry = sample_entry(id);
        entry.seq = carried;
        outbox.append(entry)
    };
    for carried in 0..3 {
        let stored = save(&format!("id-{carried}"), carried).await;
        assert_eq!(stored.map(|entry| entry.seq), Ok(carried + 1));
    }
    let begun = js("return window.durability[name].length", &name).await;
    assert_eq!(begun.as_f64(), Some(3.0));
    // A number of another tab: undone, and saved again under the next.
    let stored = save("late", 1).await;
    assert_eq!(stored.map(|entry| entry.seq), Ok(4));
    let begun = js("return window.durability[name].length", &name).await;
    assert_eq!(begun.as_f64(), Some(5.0));
}

#[wasm_bindgen_test]
async fn a_save_resolves_after_the_transaction_is_complete() {
    let name = fresh_name();
    js(WATCH, &name).await;
    js(
        "window.completed = 0;
         const transaction = IDBDatabase.prototype.transaction;
         IDBDatabase.prototype.transaction = function (...asked) {
             const made = transaction.apply(this, asked);
             if (this.name === name) made.addEventListener('complete', () => window.completed += 1);
             return made;
         };",
        &name,
    )
    .await;
    let outbox = IndexedDbOutbox::new(&name);
    for count in 1..=3 {
        outbox
            .append(sample_entry(&count.to_string()))
            .await
            .expect("saved");
        let completed = js("return window.completed", &name).await.as_f64();
        assert_eq!(completed, Some(f64::from(count)));
    }
}

/// The next `add` to the named database does this instead.
fn next_add(body: &str) -> String {
    format!(
        "const add = IDBObjectStore.prototype.add;
         IDBObjectStore.prototype.add = function (record) {{
             if (this.transaction.db.name !== name) return add.call(this, record);
             IDBObjectStore.prototype.add = add;
             {body}
         }};"
    )
}

#[wasm_bindgen_test]
async fn a_full_disk_is_told_and_uses_no_number() {
    let name = fresh_name();
    let outbox = IndexedDbOutbox::new(&name);
    js(
        &next_add("throw new DOMException('full', 'QuotaExceededError');"),
        &name,
    )
    .await;
    assert_eq!(
        outbox.append(sample_entry("a")).await,
        Err(StorageError::Full)
    );
    assert_eq!(outbox.counts().await, Ok(Counts::default()));
    assert_eq!(
        outbox
            .append(sample_entry("b"))
            .await
            .map(|entry| entry.seq),
        Ok(1)
    );
}

#[wasm_bindgen_test]
async fn a_transaction_that_was_cut_off_is_tried_again_without_a_gap() {
    let name = fresh_name();
    let outbox = IndexedDbOutbox::new(&name);
    let cut = "const request = add.call(this, record); this.transaction.abort(); return request;";
    js(&next_add(cut), &name).await;
    assert_eq!(
        outbox
            .append(sample_entry("a"))
            .await
            .map(|entry| entry.seq),
        Ok(1)
    );
    assert_eq!(
        outbox.counts().await,
        Ok(Counts {
            pending: 1,
            parked: 0,
            last_seq: 1
        })
    );
}

#[wasm_bindgen_test]
async fn a_connection_closed_under_the_app_is_opened_again() {
    let name = fresh_name();
    js(WATCH, &name).await;
    let outbox = IndexedDbOutbox::new(&name);
    outbox.append(sample_entry("a")).await.expect("saved");
    js("window.opened[name].close()", &name).await;
    assert_eq!(
        outbox
            .append(sample_entry("b"))
            .await
            .map(|entry| entry.seq),
        Ok(2)
    );
    js("window.opened[name].close()", &name).await;
    assert_eq!(outbox.pending(10).await.map(|entries| entries.len()), Ok(2));
    // The browser's own way of closing comes with an event.
    js(
        "window.opened[name].close(); window.opened[name].onclose()",
        &name,
    )
    .await;
    let saves = ["c", "d"].map(|id| outbox.append(sample_entry(id)));
    assert!(join_all(saves).await.iter().all(Result::is_ok));
    assert_eq!(
        outbox.counts().await,
        Ok(Counts {
            pending: 4,
            parked: 0,
            last_seq: 4
        })
    );
}

#[wasm_bindgen_test]
async fn another_tab_may_change_the_shape_and_is_not_kept_waiting() {
    let name = fresh_name();
    let outbox = IndexedDbOutbox::new(&name);
    outbox.append(sample_entry("a")).await.expect("saved");
    let upgraded = js(
        "return new Promise((resolve) => {
             const request = indexedDB.open(name, 99);
             request.onblocked = () => resolve('blocked');
             request.onsuccess = () => { request.result.close(); resolve('upgraded'); };
         });",
        &name,
    )
    .await;
    assert_eq!(upgraded.as_string().as_deref(), Some("upgraded"));
    assert_eq!(
        outbox.append(sample_entry("b")).await,
        Err(StorageError::Outdated)
    );
}

#[wasm_bindgen_test]
async fn a_database_held_by_another_tab_is_told_and_works_once_it_is_free() {
    let name = fresh_name();
    // One tab holds on to its connection, so the deletion waits, and so does everyone behind it.
    js(
        "return new Promise((resolve) => {
             const request = indexedDB.open(name, 1);
             request.onupgradeneeded = () => {};
             request.onsuccess = () => {
                 window.holder = request.result;
                 indexedDB.deleteDatabase(name);
                 resolve();
             };
         });",
        &name,
    )
    .await;
    let outbox = IndexedDbOutbox::new(&name);
    assert_eq!(
        outbox.append(sample_entry("a")).await,
        Err(StorageError::Blocked)
    );
    js("window.holder.close()", &name).await;
    assert_eq!(
        outbox
            .append(sample_entry("a"))
            .await
            .map(|entry| entry.seq),
        Ok(1)
    );
}
