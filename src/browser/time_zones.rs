//! Offsets of time zones, from the browser's own table.

use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use kiosk_core::local_time;
use wasm_bindgen::{JsCast, JsValue};

use crate::console::ports::TimeZones;

/// The parts of a civil time, in the order of [`local_time::offset_of`].
const PARTS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

pub struct IntlTimeZones;

impl TimeZones for IntlTimeZones {
    fn offset_secs(&self, zone: &str, unix_millis: i64) -> Option<i32> {
        let parts = format(zone)?.format_to_parts(&date(unix_millis));
        let mut civil = [0; 6];
        for part in parts.iter() {
            let kind = text(&part, "type")?;
            if let Some(at) = PARTS.iter().position(|name| *name == kind) {
                civil[at] = text(&part, "value")?.parse().ok()?;
            }
        }
        local_time::offset_of(civil, unix_millis)
    }
}

fn text(part: &JsValue, key: &str) -> Option<String> {
    Reflect::get(part, &key.into()).ok()?.as_string()
}

fn date(unix_millis: i64) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "exact until the year 287396")]
    let millis = unix_millis as f64;
    Date::new(&millis.into())
}

/// A format in plain digits. The constructor throws for a zone that the browser does not know.
fn format(zone: &str) -> Option<DateTimeFormat> {
    let options = Object::new();
    let set = |key: &str, value: &str| Reflect::set(&options, &key.into(), &value.into());
    set("timeZone", zone).ok()?;
    set("calendar", "iso8601").ok()?;
    set("hourCycle", "h23").ok()?;
    for part in PARTS {
        set(part, "numeric").ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?;
    let arguments = Array::of2(&"en-US".into(), &options);
    Reflect::construct(constructor.dyn_ref::<Function>()?, &arguments)
        .ok()?
        .dyn_into()
        .ok()
}
