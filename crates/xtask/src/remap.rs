//! Compiler flags that keep this machine's folders out of what is built.
//!
//! Panics name the file they come from, so a binary would carry the path of the registry's cache
//! and of the clone. Owns the flags alone. Invariant: the same sources give the same bytes in every
//! folder and for every user.

use std::collections::BTreeSet;
use std::path::Path;

use crate::graph;
use crate::project::Project;
use crate::tools::Tools;

/// The flags for the binary of package `root` on this platform.
pub(crate) fn flags(
    project: &Project,
    tools: &Tools,
    root: &str,
    platform: &str,
) -> Result<Vec<String>, graph::Error> {
    let metadata = graph::metadata(project, tools, &[platform])?;
    let packages = graph::linked(&metadata, root)?;
    let sources: BTreeSet<&Path> = packages
        .iter()
        .filter_map(|package| package.folder.parent())
        .collect();
    // Where several match, the last one counts.
    let mut flags = vec![flag(project.root(), "kiosk")];
    flags.extend(sources.into_iter().map(|folder| flag(folder, "crates")));
    Ok(flags)
}

fn flag(folder: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_names_folder_and_replacement() {
        let flag = flag(Path::new("a/b"), "crates");
        assert_eq!(flag, "--remap-path-prefix=a/b=crates");
    }
}
