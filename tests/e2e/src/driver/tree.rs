//! A process and everything it started, ended without a word.
//!
//! Owns who belongs to whom, as `/proc` tells it. Invariant: whoever was killed is gone when the
//! call returns, so that what they held (a profile, a port) can be taken again.

use std::collections::HashMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);

/// What this process has started, and what that has, the oldest first.
pub(super) fn below(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = entry.file_name().to_string_lossy().parse().ok();
        if let Some(pid) = pid
            && let Some((_, parent)) = state(pid)
        {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut tree = vec![root];
    let mut at = 0;
    while let Some(pid) = tree.get(at) {
        tree.extend(children.get(pid).into_iter().flatten());
        at += 1;
    }
    tree.split_off(1)
}

/// Kills all of them in one go. What the system has from them for the disk gets there all the same.
pub(super) fn kill(processes: &[u32]) -> Result<()> {
    let mut command = Command::new("kill");
    command
        .arg("-KILL")
        .args(processes.iter().map(u32::to_string))
        // Who has gone by itself meanwhile is told there.
        .stderr(Stdio::null());
    command
        .status()
        .map_err(|source| Error::Start("kill".into(), source))?;
    let start = Instant::now();
    while processes.iter().any(|pid| is_alive(*pid)) {
        if start.elapsed() > PATIENCE {
            let problem = format!("one of {processes:?} outlived its kill");
            return Err(Error::Unexpected(problem));
        }
        thread::sleep(POLL);
    }
    Ok(())
}

/// A zombie is none: it holds nothing any more.
fn is_alive(pid: u32) -> bool {
    state(pid).is_some_and(|(letter, _)| letter != 'Z' && letter != 'X')
}

/// The letter of a process's state, and who started it. Its name, before both, may hold anything.
fn state(pid: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let letter = fields.next()?.chars().next()?;
    Some((letter, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grandchild_is_found_and_killed() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & wait"])
            .spawn()
            .unwrap();
        let start = Instant::now();
        let mut found = Vec::new();
        while found.is_empty() && start.elapsed() < PATIENCE {
            found = below(shell.id());
        }
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(is_alive(found[0]));
        assert!(below(std::process::id()).contains(&found[0]));
        kill(&found).unwrap();
        assert!(!is_alive(found[0]));
        shell.wait().unwrap();
    }
}
