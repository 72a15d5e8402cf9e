//! Turns `locales/*.toml` into one struct with a field a message, so that a missing message
//! does not compile and none is looked up at run time.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

type Messages = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=KIOSK_BUILD");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What taking the app apart reads: which function and constant each address stands for.
        println!("cargo:rustc-link-arg-bin=kiosk=--emit-relocs");
    }
    generate("first.", "FirstMessages", "first_messages.rs")?;
    generate("", "Messages", "messages.rs")?;
    generate("console.", "ConsoleMessages", "console_messages.rs")
}

/// One struct and its two values, from `locales/{prefix}ko.toml` and `locales/{prefix}en.toml`.
fn generate(prefix: &str, name: &str, file: &str) -> Result<(), Box<dyn Error>> {
    let (ko, en) = (read(prefix, "ko")?, read(prefix, "en")?);
    if let Some(key) = ko.keys().find(|key| !en.contains_key(*key)) {
        return Err(format!("locales/{prefix}en.toml has no `{key}`").into());
    }
    if let Some(key) = en.keys().find(|key| !ko.contains_key(*key)) {
        return Err(format!("locales/{prefix}ko.toml has no `{key}`").into());
    }
    let mut code = format!("/// Every visible sentence.\npub struct {name} {{\n");
    for key in ko.keys() {
        writeln!(code, "    pub {key}: &'static str,")?;
    }
    code.push_str("}\n");
    for (language, messages) in [("KO", &ko), ("EN", &en)] {
        writeln!(code, "static {language}: {name} = {name} {{")?;
        for (key, text) in messages {
            writeln!(code, "    {key}: {text:?},")?;
        }
        code.push_str("};\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join(file), code)?;
    Ok(())
}

fn read(prefix: &str, language: &str) -> Result<Messages, Box<dyn Error>> {
    let path = Path::new(&env::var("CARGO_MANIFEST_DIR")?)
        .join("locales")
        .join(format!("{prefix}{language}.toml"));
    println!("cargo:rerun-if-changed={}", path.display());
    Ok(toml::from_str(&fs::read_to_string(path)?)?)
}
