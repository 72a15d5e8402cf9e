//! The distribution's packages.

use std::ffi::OsString;
use std::process::Command;

use super::find_in;
use crate::process;
use crate::step;

/// Installs packages, or says why that cannot be.
pub(super) fn install(what: &str, packages: &[&str], search_path: &OsString) -> Result<(), String> {
    if find_in(search_path, "apt-get").is_none() {
        return Err("this system has no apt-get".to_owned());
    }
    let user = process::capture(Command::new("id").arg("-u")).map_err(|error| error.to_string())?;
    if user.trim() != "0" {
        return Err("packages need an administrator".to_owned());
    }
    step::announce(&format!("installing {what} with apt-get"));
    let mut update = Command::new("apt-get");
    update.args(["update", "--quiet=2"]);
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--quiet=2"])
        .args(packages);
    for command in [&mut update, &mut install] {
        command.env("DEBIAN_FRONTEND", "noninteractive");
        process::run(command).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What somebody would type instead.
pub(super) fn command(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install {}",
        packages.join(" ")
    )
}
