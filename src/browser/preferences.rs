//! Small settings in `localStorage`. It may be switched off or full: then nothing is kept.

use kiosk_core::ports::Preferences;
use web_sys::Storage;

/// Settings under a prefix, so that the kiosk and the console never meet.
pub struct LocalPreferences(pub &'static str);

impl LocalPreferences {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.0)
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

impl Preferences for LocalPreferences {
    fn get(&self, key: &str) -> Option<String> {
        storage()?.get_item(&self.key(key)).ok().flatten()
    }

    fn set(&self, key: &str, value: Option<&str>) {
        let Some(storage) = storage() else {
            return;
        };
        match value {
            Some(value) => storage.set_item(&self.key(key), value).ok(),
            None => storage.remove_item(&self.key(key)).ok(),
        };
    }
}
