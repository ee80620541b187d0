//! Outputs that would end up in the same place.

use std::path::{Path, PathBuf};

use super::refuse;

/// Files that a command writes, by their flags; those that were not asked for are `None`.
pub(super) type Outputs<'a> = &'a [(&'static str, &'a Option<PathBuf>)];

/// Outputs that would end up in the same place by their names.
pub(super) fn clashes(outputs: Outputs<'_>, is_json: bool) -> Result<(), clap::Error> {
    let is_stdout = |path: &Path| path.as_os_str() == "-";
    let json = is_json.then_some(("--json", Path::new("-")));
    let asked = outputs.iter().filter_map(|(flag, path)| Some((*flag, path.as_deref()?)));
    let all: Vec<_> = asked.chain(json).collect();
    for (at, (flag, path)) in all.iter().enumerate() {
        if ["--csv", "--histogram"].contains(flag) && is_stdout(path) {
            return Err(refuse(&format!("{flag} writes several files: name a folder")));
        }
        let twin = all[at + 1..].iter().find(|(_, other)| other == path);
        if let Some((other, _)) = twin {
            return Err(refuse(&if is_stdout(path) {
                format!("{flag} - and {other} both want standard output; write one to a file")
            } else {
                format!("{flag} and {other} both want '{}'", path.display())
            }));
        }
    }
    Ok(())
}
