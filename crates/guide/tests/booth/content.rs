//! The content of this repository, as the guide of a booth reads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use kiosk_guide::Guide;
use kiosk_wire::event::Event;

/// The event in `content/`.
pub(crate) fn event() -> &'static Event {
    static EVENT: OnceLock<Event> = OnceLock::new();
    EVENT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
        let mut files = BTreeMap::new();
        read(&root, &root, &mut files);
        kiosk_content::load(&files)
            .expect("the content is in order")
            .event
    })
}

/// Its guide.
pub(crate) fn guide() -> &'static Guide {
    static GUIDE: OnceLock<Guide> = OnceLock::new();
    GUIDE.get_or_init(|| Guide::new(event()))
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the content folder is there") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path.strip_prefix(root).expect("it lies inside");
            let name = name.to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).expect("it is text"));
        }
    }
}
