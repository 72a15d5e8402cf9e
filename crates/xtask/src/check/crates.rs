//! Which crate may depend on which.
//!
//! Owns the table of allowed edges between the workspace's crates and the crates only one of
//! them may use. Invariant: a crate that is not in the table is a finding, so that a new one
//! gets its place.

use serde_json::Value;

use super::Finding;

/// A crate, what of ours it may depend on, and what more its tests may.
struct Rule {
    name: &'static str,
    dependencies: &'static [&'static str],
    for_tests: &'static [&'static str],
}

const RULES: [Rule; 11] = [
    rule("kiosk-wire", &[], &[]),
    rule("kiosk-privacy", &[], &[]),
    rule("kiosk-core", &["kiosk-privacy", "kiosk-wire"], &[]),
    rule("kiosk-content", &["kiosk-wire"], &[]),
    rule("kiosk-guide", &["kiosk-wire"], &["kiosk-content"]),
    rule(
        "kiosk-server",
        &[
            "kiosk-content",
            "kiosk-guide",
            "kiosk-privacy",
            "kiosk-wire",
        ],
        &["cluster"],
    ),
    rule(
        "kiosk",
        &["kiosk-core", "kiosk-guide", "kiosk-privacy", "kiosk-wire"],
        &["kiosk-content"],
    ),
    rule("e2e", &["kiosk-wire"], &["kiosk-wire"]),
    rule("bench", &["cluster", "kiosk-wire"], &[]),
    rule("cluster", &[], &[]),
    rule("xtask", &[], &[]),
];

/// Crates from outside that belong to one of ours alone, by the start of their name.
const EXCLUSIVE: [(&str, &str); 4] = [
    ("leptos", "kiosk"),
    ("axum", "kiosk-server"),
    ("postgres", "kiosk-server"),
    ("rusqlite", "kiosk-server"),
];

const fn rule(
    name: &'static str,
    dependencies: &'static [&'static str],
    for_tests: &'static [&'static str],
) -> Rule {
    Rule {
        name,
        dependencies,
        for_tests,
    }
}

/// Checks the answer of `cargo metadata --no-deps`.
pub(super) fn check(metadata: &Value) -> Vec<Finding> {
    let packages = list(metadata, "packages");
    let ours: Vec<&str> = packages
        .iter()
        .map(|package| text(package, "name"))
        .collect();
    let root = text(metadata, "workspace_root");
    let mut findings = Vec::new();
    for package in packages {
        let manifest = text(package, "manifest_path");
        let manifest = manifest.strip_prefix(root).unwrap_or(manifest);
        let manifest = manifest.trim_start_matches('/');
        for advice in check_package(package, &ours) {
            findings.push(Finding::failure(manifest, 1, advice));
        }
    }
    findings
}

fn check_package(package: &Value, ours: &[&str]) -> Vec<String> {
    let name = text(package, "name");
    let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
        return vec![format!(
            "`{name}` has no place among the dependency directions: add it to the table of `cargo xtask check`"
        )];
    };
    list(package, "dependencies")
        .iter()
        .filter_map(|dependency| {
            let wanted = text(dependency, "name");
            let for_tests = text(dependency, "kind") == "dev";
            let allowed = if ours.contains(&wanted) {
                rule.dependencies.contains(&wanted)
                    || (for_tests && rule.for_tests.contains(&wanted))
            } else {
                belongs(name, wanted)
            };
            (!allowed).then(|| {
                format!("`{name}` must not depend on `{wanted}`: move the code to where it may")
            })
        })
        .collect()
}

fn belongs(name: &str, outside: &str) -> bool {
    EXCLUSIVE
        .iter()
        .all(|(start, owner)| !outside.starts_with(start) || *owner == name)
}

fn text<'value>(value: &'value Value, key: &str) -> &'value str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'value>(value: &'value Value, key: &str) -> &'value [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Findings when `name` depends on `dependency` among the usual crates.
    fn findings(name: &str, dependency: &str, kind: Option<&str>) -> Vec<Finding> {
        let mut packages: Vec<Value> = RULES
            .iter()
            .filter(|rule| rule.name != name)
            .map(|rule| json!({ "name": rule.name, "manifest_path": "/p/x/Cargo.toml", "dependencies": [] }))
            .collect();
        packages.push(json!({
            "name": name,
            "manifest_path": "/p/crates/it/Cargo.toml",
            "dependencies": [{ "name": dependency, "kind": kind }],
        }));
        check(&json!({ "packages": packages, "workspace_root": "/p" }))
    }

    #[test]
    fn the_usual_edges_are_allowed() {
        assert!(findings("kiosk-core", "kiosk-wire", None).is_empty());
        assert!(findings("kiosk-server", "axum", None).is_empty());
        assert!(findings("kiosk", "leptos", None).is_empty());
        assert!(findings("kiosk-guide", "kiosk-content", Some("dev")).is_empty());
        assert!(findings("kiosk-wire", "serde", None).is_empty());
    }

    #[test]
    fn forbidden_edges_are_found() {
        for (name, dependency) in [
            ("kiosk-core", "kiosk-server"),
            ("kiosk-server", "kiosk-core"),
            ("kiosk-wire", "kiosk-privacy"),
            ("kiosk-privacy", "kiosk-wire"),
            ("kiosk-guide", "kiosk-content"),
            ("kiosk-core", "leptos_router"),
            ("kiosk-content", "axum"),
            ("kiosk", "rusqlite"),
        ] {
            let found = findings(name, dependency, None);
            assert_eq!(found.len(), 1, "{name} -> {dependency}");
            assert_eq!(found[0].path, "crates/it/Cargo.toml");
        }
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert!(
            findings("kiosk-extra", "serde", None)[0]
                .advice
                .contains("no place")
        );
    }
}
