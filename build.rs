//! Turns `locales/*.toml` into one struct with a field a message, so that a missing message
//! does not compile and none is looked up at run time.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

type Messages = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let read = |language: &str| -> Result<Messages, Box<dyn Error>> {
        let path = Path::new(&root)
            .join("locales")
            .join(format!("{language}.toml"));
        println!("cargo:rerun-if-changed={}", path.display());
        Ok(toml::from_str(&fs::read_to_string(path)?)?)
    };
    let (ko, en) = (read("ko")?, read("en")?);
    if let Some(key) = ko.keys().find(|key| !en.contains_key(*key)) {
        return Err(format!("locales/en.toml has no `{key}`").into());
    }
    if let Some(key) = en.keys().find(|key| !ko.contains_key(*key)) {
        return Err(format!("locales/ko.toml has no `{key}`").into());
    }
    let mut code = String::from("/// Every visible sentence of the app.\npub struct Messages {\n");
    for key in ko.keys() {
        writeln!(code, "    pub {key}: &'static str,")?;
    }
    code.push_str("}\n");
    for (name, messages) in [("KO", &ko), ("EN", &en)] {
        writeln!(code, "static {name}: Messages = Messages {{")?;
        for (key, text) in messages {
            writeln!(code, "    {key}: {text:?},")?;
        }
        code.push_str("};\n");
    }
    let target = Path::new(&env::var("OUT_DIR")?).join("messages.rs");
    fs::write(target, code)?;
    println!("cargo:rerun-if-env-changed=KIOSK_BUILD");
    Ok(())
}
