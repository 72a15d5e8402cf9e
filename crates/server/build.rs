//! Rebuilds when the embedded files change.

fn main() {
    println!("cargo:rerun-if-changed=../../dist");
    println!("cargo:rerun-if-changed=../../content");
    println!("cargo:rerun-if-env-changed=KIOSK_BUILD");
}
