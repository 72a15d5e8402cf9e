//! A disk of a few mebibytes for one test: the test runs once more in a program of its own, which
//! alone sees that disk, so that it is gone with it, however that ends.
//!
//! Owns the disk. Invariant: where none can be made, that is said aloud and the test passes; where one
//! was made, the test has run on it.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Where the disk is, in the program that sees it.
const PLACE: &str = "KIOSK_SMALL_DISK";
/// Makes a disk of so many mebibytes at a place and runs what follows.
const ON_DISK: &str =
    r#"mount -t tmpfs -o "size=$1m,mode=1777" none "$2" || exit; shift 2; exec "$@""#;
/// An administrator may mount, and others in a world in which they may.
const WORLDS: [&[&str]; 2] = [
    &["--mount"],
    &["--user", "--map-current-user", "--keep-caps", "--mount"],
];

/// Runs a test's work on a small disk. `test` is its whole name.
pub(crate) fn on_small_disk(test: &str, mebibytes: u32, work: impl FnOnce(&Path)) {
    if let Some(place) = env::var_os(PLACE) {
        work(Path::new(&place));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let on_disk = |world: &[&str], program: &OsStr, words: &[&str]| {
        Command::new("unshare")
            .args(world)
            .args(["sh", "-c", ON_DISK, "sh", &mebibytes.to_string()])
            .args([folder.path().as_os_str(), program])
            .args(words)
            .env(PLACE, folder.path())
            // A cluster makes its folder there.
            .env("TMPDIR", folder.path())
            .output()
    };
    let mut reasons = Vec::new();
    let world = WORLDS
        .iter()
        .find(|world| match on_disk(world, "true".as_ref(), &[]) {
            Ok(tried) if tried.status.success() => true,
            Ok(tried) => {
                reasons.push(String::from_utf8_lossy(&tried.stderr).trim().to_owned());
                false
            }
            Err(error) => {
                reasons.push(format!("unshare: {error}"));
                false
            }
        });
    let Some(world) = world else {
        // Past the test runner, which shows nothing of a test that passes.
        writeln!(
            std::io::stderr(),
            "\nnot made: {test}: no small disk here ({})",
            reasons.join("; ")
        )
        .unwrap();
        return;
    };
    let words = ["--exact", test, "--nocapture"];
    let ran = on_disk(world, env::current_exe().unwrap().as_os_str(), &words);
    let Output {
        status,
        stdout,
        stderr,
    } = ran.unwrap();
    let said = String::from_utf8_lossy(&stdout);
    println!("{said}{}", String::from_utf8_lossy(&stderr));
    assert!(status.success(), "on the small disk");
    assert!(said.contains("1 passed"), "it is no test's name: {test}");
}

/// What takes the room on a disk.
pub(crate) struct Filler(PathBuf);

impl Filler {
    /// Fills the disk and leaves so many bytes.
    pub(crate) fn fill(disk: &Path, left: u64) -> Self {
        let filler = Self(disk.join("filler"));
        filler.fill_up(left);
        filler
    }

    /// Takes what room there has come to be since.
    pub(crate) fn fill_up(&self, left: u64) {
        let mut options = fs::OpenOptions::new();
        let mut file = options.create(true).append(true).open(&self.0).unwrap();
        let full = std::io::copy(&mut std::io::repeat(0x5a), &mut file);
        let error = full.expect_err("the disk has an end");
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(left)).unwrap();
    }

    /// Frees the room.
    pub(crate) fn free(self) {
        fs::remove_file(self.0).unwrap();
    }
}
