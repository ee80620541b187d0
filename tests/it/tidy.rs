//! The shape of the source: who may use whom, how long a file may be, one meaning per code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may use of the crate, besides itself. `cli` may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("stats", &[]),
    ("erlang", &[]),
    ("random", &["time"]),
    ("format", &["time"]),
    ("data", &["time", "format"]),
    ("scenario", &["time", "random", "format", "data"]),
    ("model", &["time", "random", "scenario"]),
    ("engine", &["time", "random", "model"]),
    ("metrics", &["time", "stats", "model", "engine"]),
    ("experiment", &["time", "random", "stats", "model", "engine", "metrics"]),
    // `format` for the numbers in limits, which are written as in scenario files.
    ("judge", &["time", "stats", "format", "metrics", "experiment"]),
    ("compare", UP_TO_JUDGE),
    ("sweep", UP_TO_JUDGE),
    ("plan", UP_TO_PLAN),
    ("task", UP_TO_TASK),
    ("document", &["time", "stats", "metrics", "experiment", "judge", "compare", "plan"]),
    ("report", &["time", "stats", "metrics", "experiment", "judge", "compare", "plan", "document"]),
];

/// All that stands before the comparison of options.
const UP_TO_JUDGE: &[&str] = &[
    "time",
    "stats",
    "random",
    "format",
    "data",
    "scenario",
    "model",
    "engine",
    "metrics",
    "experiment",
    "judge",
];

/// All that stands before the planner, and the closed forms.
const UP_TO_PLAN: &[&str] = &[
    "time",
    "stats",
    "erlang",
    "random",
    "format",
    "data",
    "scenario",
    "model",
    "engine",
    "metrics",
    "experiment",
    "judge",
];

/// All that stands before the use cases.
const UP_TO_TASK: &[&str] = &[
    "time",
    "stats",
    "erlang",
    "random",
    "format",
    "data",
    "scenario",
    "model",
    "engine",
    "metrics",
    "experiment",
    "judge",
    "compare",
    "sweep",
    "plan",
];

/// The source files below a folder, those of tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            found.push(path);
        }
    }
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Each file under `src` with the module it belongs to and the part of its text before the tests.
fn modules() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    sources(&source_folder(), &mut files);
    let module = |path: &Path| {
        let first = path.strip_prefix(source_folder()).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            (module(&path), path, code)
        })
        .collect()
}

/// The first segments of all paths in `code` that start with `crate::`, outside comments.
fn used(code: &str) -> BTreeSet<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text: String = lines.collect::<Vec<_>>().join("\n");
    let after = text.split("crate::").skip(1);
    after
        .flat_map(|rest| {
            let inner = rest.strip_prefix('{').and_then(|list| list.split('}').next());
            let first = |path: &str| {
                path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
            };
            match inner {
                Some(list) => list.split(',').map(first).collect::<Vec<String>>(),
                None => vec![first(rest)],
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            assert!(
                ["cli", "lib", "main"].contains(&module.as_str()),
                "{module} is not in the table"
            );
            continue;
        };
        for name in used(&code) {
            if name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{} uses `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<String> = modules()
        .iter()
        .map(|(_, path, code)| (path, code.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{}: {lines} lines without tests", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn only_the_command_line_touches_the_world_outside() {
    for (module, path, code) in modules() {
        if ["cli", "main"].contains(&module.as_str()) {
            continue;
        }
        for word in ["std::fs", "std::env", "std::net", "std::process", "Instant::", "SystemTime"] {
            assert!(!code.contains(word), "{} mentions `{word}`", path.display());
        }
    }
}
