//! The crates of a binary, as cargo resolves them.
//!
//! Owns the question to `cargo metadata` and the walk over its answer. Must not judge licences.
//! Invariant: only what `Cargo.lock` names and the registry's cache holds is asked for, never the
//! network.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::process;
use crate::project::Project;
use crate::tools::Tools;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error("`cargo metadata` answered something unreadable: {0}")]
    Json(#[from] serde_json::Error),
    #[error("`cargo metadata` knows no package `{0}`")]
    NoPackage(String),
}

/// A crate from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// As in its manifest: `MIT OR Apache-2.0`.
    pub(crate) licence: String,
    pub(crate) authors: Vec<String>,
    pub(crate) folder: PathBuf,
}

/// What `cargo metadata` says for these platforms, as it says it.
pub(crate) fn metadata(
    project: &Project,
    tools: &Tools,
    platforms: &[&str],
) -> Result<String, Error> {
    let mut command = tools.command("cargo");
    command
        .current_dir(project.root())
        .args(["metadata", "--offline", "--format-version", "1"]);
    for platform in platforms {
        command.args(["--filter-platform", platform]);
    }
    Ok(process::capture(&mut command)?)
}

/// The platform this program runs on.
pub(crate) fn host() -> Result<String, process::Error> {
    let said = process::capture(Command::new("rustc").args(["--print", "host-tuple"]))?;
    Ok(said.trim().to_owned())
}

/// Every crate from outside that is linked into the binary of package `root`: build scripts and
/// procedural macros, which run while it is built, are left out.
pub(crate) fn linked(metadata: &str, root: &str) -> Result<Vec<Package>, Error> {
    let metadata: Value = serde_json::from_str(metadata)?;
    let packages: BTreeMap<&str, &Value> = by_id(&metadata["packages"]);
    let nodes: BTreeMap<&str, &Value> = by_id(&metadata["resolve"]["nodes"]);
    let start = packages
        .iter()
        .find(|(_, package)| package["name"] == root)
        .ok_or_else(|| Error::NoPackage(root.to_owned()))?;
    let mut waiting = vec![*start.0];
    let mut seen = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        let Some(package) = packages.get(id) else {
            continue;
        };
        if runs_in_the_compiler(package) || seen.insert(id, *package).is_some() {
            continue;
        }
        let node = nodes.get(id).copied().unwrap_or(&Value::Null);
        waiting.extend(
            items(&node["deps"])
                .filter(|dependency| is_normal(dependency))
                .map(|dependency| text(&dependency["pkg"])),
        );
    }
    let mut linked: Vec<Package> = seen
        .into_values()
        .filter(|package| package["source"].is_string())
        .map(read)
        .collect();
    linked.sort();
    Ok(linked)
}

fn by_id(list: &Value) -> BTreeMap<&str, &Value> {
    items(list).map(|item| (text(&item["id"]), item)).collect()
}

fn runs_in_the_compiler(package: &Value) -> bool {
    items(&package["targets"]).any(|target| items(&target["kind"]).any(|kind| kind == "proc-macro"))
}

/// Whether an edge is one of the code itself, not of its tests or its build script.
fn is_normal(dependency: &Value) -> bool {
    items(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
}

fn read(package: &Value) -> Package {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    Package {
        name: text(&package["name"]).to_owned(),
        version: text(&package["version"]).to_owned(),
        licence: text(&package["license"]).to_owned(),
        authors: items(&package["authors"])
            .map(|author| text(author).to_owned())
            .collect(),
        folder: manifest.parent().map(PathBuf::from).unwrap_or_default(),
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, kind: &str, source: Option<&str>) -> Value {
        json!({
            "id": name, "name": name, "version": "1.0.0", "license": "MIT", "authors": ["A <a@b>"],
            "source": source, "manifest_path": format!("/r/{name}/Cargo.toml"),
            "targets": [{ "kind": [kind] }],
        })
    }

    fn edge(to: &str, kind: Option<&str>) -> Value {
        json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] })
    }

    fn names(root: &str) -> Vec<String> {
        let metadata = json!({
            "packages": [
                package("server", "bin", None),
                package("wire", "lib", None),
                package("serde", "lib", Some("registry")),
                package("derive", "proc-macro", Some("registry")),
                package("syn", "lib", Some("registry")),
                package("cc", "lib", Some("registry")),
                package("proptest", "lib", Some("registry")),
            ],
            "resolve": { "nodes": [
                { "id": "server", "deps": [
                    edge("wire", None), edge("derive", None), edge("cc", Some("build")),
                    edge("proptest", Some("dev")),
                ] },
                { "id": "wire", "deps": [edge("serde", None)] },
                { "id": "derive", "deps": [edge("syn", None)] },
            ] },
        });
        let linked = linked(&metadata.to_string(), root).unwrap();
        linked.into_iter().map(|package| package.name).collect()
    }

    #[test]
    fn only_what_is_linked_is_listed() {
        assert_eq!(names("server"), ["serde"]);
    }

    #[test]
    fn an_unknown_package_is_named() {
        let error = linked(r#"{"packages":[]}"#, "nobody").unwrap_err();
        assert!(error.to_string().contains("`nobody`"));
    }
}
