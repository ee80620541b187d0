//! The shape of the source: who may use whom, how long a file may be, one meaning per code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order in which a scenario passes through them, and what each of them may use
/// of the crate, besides itself. `cli` may use everything.
const MAY_USE: &[(&str, May)] = &[
    ("time", May::Use(&[])),
    ("stats", May::Use(&[])),
    ("erlang", May::Use(&[])),
    ("random", May::Use(&["time"])),
    ("format", May::Use(&["time"])),
    ("data", May::Use(&["time", "format"])),
    ("scenario", May::Use(&["time", "random", "format", "data"])),
    ("model", May::Use(&["time", "random", "scenario"])),
    ("engine", May::Use(&["time", "random", "model"])),
    ("metrics", May::Use(&["time", "stats", "model", "engine"])),
    ("experiment", May::Use(&["time", "random", "stats", "model", "engine", "metrics"])),
    // `format` for the numbers in limits, which are written as in scenario files.
    ("judge", May::Use(&["time", "stats", "format", "metrics", "experiment"])),
    ("compare", May::UseAllBefore(&["erlang"])),
    ("sweep", May::UseAllBefore(&["erlang", "compare"])),
    ("plan", May::UseAllBefore(&["compare", "sweep"])),
    ("task", May::UseAllBefore(&[])),
    ("document", May::Use(RESULTS)),
    ("report", May::UseThese(RESULTS, "document")),
];

/// What holds results.
const RESULTS: &[&str] = &["time", "stats", "metrics", "experiment", "judge", "compare", "plan"];

/// What a module may use.
enum May {
    Use(&'static [&'static str]),
    /// All and one more.
    UseThese(&'static [&'static str], &'static str),
    /// All that stand before it in the table but these.
    UseAllBefore(&'static [&'static str]),
}

impl May {
    /// Whether a module may use another.
    fn allows(&self, module: &str, other: &str) -> bool {
        match self {
            Self::Use(these) => these.contains(&other),
            Self::UseThese(these, one) => these.contains(&other) || *one == other,
            Self::UseAllBefore(but) => {
                let mut names = MAY_USE.iter().map(|(name, _)| *name);
                names.by_ref().take_while(|name| *name != module).any(|name| name == other)
                    && !but.contains(&other)
            }
        }
    }
}

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
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            assert!(
                ["cli", "lib", "main"].contains(&module.as_str()),
                "{module} is not in the table"
            );
            continue;
        };
        for name in used(&code) {
            if name != module && !may.allows(&module, &name) {
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

/// A file as the path of its module: `engine/agents`.
fn module_path(path: &Path) -> String {
    let path = path.strip_prefix(source_folder()).unwrap().with_extension("");
    path.to_str().unwrap().replace('\\', "/")
}

/// The paths in a text that start with `crate::`, `super::`, `self::`, or, in a `use`, with a
/// module of the file's own; braces are written out.
fn paths(code: &str, children: &BTreeSet<String>) -> Vec<Vec<String>> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join(" ");
    let words = text.replace("::", " :: ");
    let words = ["{", "}", ",", ";", "(", ")", "<", ">", "&", "[", "]"]
        .iter()
        .fold(words, |text, sign| text.replace(sign, &format!(" {sign} ")));
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let starts = ["crate", "super", "self"].contains(&words[place])
            || children.contains(words[place]) && (place == 0 || words[place - 1] != "mod");
        let is_path = words.get(place + 1) == Some(&"::");
        let is_inside = place > 0 && words[place - 1] == "::";
        if starts && is_path && !is_inside {
            place = expand(&words, place, &[], &mut found);
        } else {
            place += 1;
        }
    }
    found
}

/// Writes out the path at `place`, with what its braces hold; the place behind it.
fn expand(
    words: &[&str],
    mut place: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = before.to_vec();
    loop {
        match words.get(place) {
            Some(&"{") => {
                place += 1;
                while words.get(place).is_some_and(|word| *word != "}") {
                    place = expand(words, place, &path, found);
                    place += usize::from(words.get(place) == Some(&","));
                }
                return place + 1;
            }
            Some(word) => path.push((*word).to_owned()),
            None => break,
        }
        place += 1;
        if words.get(place) != Some(&"::") {
            break;
        }
        place += 1;
    }
    found.push(path);
    // `as` and the other name.
    while words.get(place).is_some_and(|word| ![",", "}", ";"].contains(word)) && !before.is_empty()
    {
        place += 1;
    }
    place
}

/// Which files each file uses, those of its own folder aside: a root may name its parts, and they it.
fn uses() -> Vec<(String, BTreeSet<String>)> {
    let files: Vec<(String, String)> =
        modules().into_iter().map(|(_, path, code)| (module_path(&path), code)).collect();
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let owner = |path: &[String]| {
        (1..=path.len())
            .rev()
            .map(|end| path[..end].join("/"))
            .find(|path| names.contains(path.as_str()))
    };
    let used = |name: &str, code: &str| {
        let here: Vec<String> = name.split('/').map(str::to_owned).collect();
        let inside = format!("{name}/");
        let children: BTreeSet<String> = names
            .iter()
            .filter_map(|other| other.strip_prefix(&inside))
            .filter(|rest| !rest.contains('/'))
            .map(str::to_owned)
            .collect();
        let absolute = |path: Vec<String>| {
            let ups = path.iter().take_while(|word| *word == "super").count();
            match path[0].as_str() {
                "crate" => path[1..].to_vec(),
                "self" => [&here[..], &path[1..]].concat(),
                "super" => [&here[..here.len().saturating_sub(ups)], &path[ups..]].concat(),
                _ => [&here[..], &path[..]].concat(),
            }
        };
        let targets = paths(code, &children).into_iter().filter_map(|path| owner(&absolute(path)));
        targets.filter(|other| other != name && !other.starts_with(&inside)).collect()
    };
    files.iter().map(|(name, code)| (name.clone(), used(name, code))).collect()
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut left = uses();
    loop {
        // A file that none of the others use is in no circle.
        let used: BTreeSet<String> = left.iter().flat_map(|(_, others)| others.clone()).collect();
        let before = left.len();
        left.retain(|(name, _)| used.contains(name));
        let names: BTreeSet<String> = left.iter().map(|(name, _)| name.clone()).collect();
        left.retain(|(_, others)| others.iter().any(|other| names.contains(other)));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "these use each other: {left:#?}");
}

#[test]
fn the_circles_test_sees_what_a_file_uses() {
    let children = BTreeSet::from(["part".to_owned()]);
    let code = "mod part;\nuse crate::{time::SimTime, model::{self, Model as M}};\n// crate::no\n\
                pub use part::Whole;\nfn f(a: super::x::Y) { self::g() }";
    let found: Vec<String> = paths(code, &children).iter().map(|path| path.join("::")).collect();
    let right = [
        "crate::time::SimTime",
        "crate::model::self",
        "crate::model::Model",
        "part::Whole",
        "super::x::Y",
        "self::g",
    ];
    assert_eq!(found, right);
    let uses = uses();
    let of = |name: &str| &uses.iter().find(|(file, _)| file == name).unwrap().1;
    assert!(of("engine/world").iter().any(|other| other.starts_with("model")));
    assert!(uses.iter().map(|(_, others)| others.len()).sum::<usize>() > 500);
}

#[test]
fn every_type_has_a_name_of_its_own() {
    let mut named: Vec<(String, String)> = Vec::new();
    for (_, path, code) in modules() {
        for line in code.lines().filter(|line| line.starts_with("pub")) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let is_type = |word: &str| ["struct", "enum", "trait", "type"].contains(&word);
            if words.by_ref().take(6).any(is_type) {
                named.extend(words.next().map(|name| (name.to_owned(), module_path(&path))));
            }
        }
    }
    assert!(named.len() > 300, "only {} types were found", named.len());
    named.sort();
    let twice: Vec<_> = named.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
