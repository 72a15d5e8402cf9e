//! What the figures were taken on.

use std::fs;
use std::process::Command;

use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_mib: u64,
    system: String,
    versions: Vec<String>,
}

impl Machine {
    /// This machine, and what these programs say of their versions.
    pub(crate) fn look(programs: &[(&str, &str)]) -> Self {
        let versions = programs
            .iter()
            .filter_map(|(program, flag)| version(program, flag))
            .collect();
        Self {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: field("/proc/meminfo", "MemTotal")
                .and_then(|total| total.split(' ').next()?.parse::<u64>().ok())
                .unwrap_or(0)
                / 1024,
            system: version("uname", "-sr").unwrap_or_default(),
            versions,
        }
    }

    pub(crate) fn markdown(&self) -> String {
        format!(
            "{}, {} cores, {} MiB, {}; {}",
            self.processor,
            self.cores,
            self.memory_mib,
            self.system,
            self.versions.join("; ")
        )
    }
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn version(program: &str, flag: &str) -> Option<String> {
    let said = Command::new(program).arg(flag).output().ok()?;
    let text = [said.stdout, said.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().next()?.trim();
    // Node says a bare number.
    let bare = line.starts_with('v').then(|| format!("{program} {line}"));
    Some(bare.unwrap_or_else(|| line.to_owned()))
}
