//! What the tests share: reading a scenario, and running the program the way a user does.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

mod figures;
pub(crate) use figures::*;

/// Two hours of one contact type and four agents: valid, and over in no time.
pub(crate) const SMALL: &str = r#"
title = "Two hours"

[run]
duration = "2h"
interval = "30m"
replications = 5

[contacts.chat]
rate = "60/h"
patience = { exponential = { mean = "2m" } }
handling = { exponential = { mean = "3m" } }

[groups.team]
skills = ["chat"]
staff = 4
"#;

/// A run of `simulate` in a folder of its own.
pub(crate) struct Simulate {
    folder: tempfile::TempDir,
    args: Vec<OsString>,
    envs: Vec<(&'static str, &'static str)>,
    stdin: Vec<u8>,
}

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
    folder: tempfile::TempDir,
}

impl Simulate {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, args: Vec::new(), envs: Vec::new(), stdin: Vec::new() }
    }

    /// A file in the folder of the run.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The scenario `scenario.toml`, which is also the first argument.
    pub(crate) fn scenario(self, content: impl AsRef<[u8]>) -> Self {
        self.file("scenario.toml", content).args(["scenario.toml"])
    }

    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.envs.push((name, value));
        self
    }

    pub(crate) fn stdin(mut self, content: impl Into<Vec<u8>>) -> Self {
        self.stdin = content.into();
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it with all three streams piped; standard input is written and closed.
    pub(crate) fn start(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulate"));
        command
            .args(&self.args)
            .current_dir(self.folder())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("LC_ALL", "C.UTF-8")
            .envs(self.envs.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may refuse its arguments without reading anything.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        child
    }

    pub(crate) fn run(self) -> Ran {
        let output = self.start().wait_with_output().unwrap();
        Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
            folder: self.folder,
        }
    }

    /// A run that is done.
    #[track_caller]
    pub(crate) fn ok(self) -> Ran {
        self.ends_with(0)
    }

    /// A run with bad usage or a bad scenario: nothing on standard output.
    #[track_caller]
    pub(crate) fn unusable(self) -> Ran {
        let ran = self.ends_with(2);
        assert_eq!(ran.stdout, "");
        ran
    }

    /// A run that could not finish.
    #[track_caller]
    pub(crate) fn unfinished(self) -> Ran {
        self.ends_with(3)
    }

    #[track_caller]
    fn ends_with(self, code: i32) -> Ran {
        let ran = self.run();
        assert_eq!(ran.code, code, "stdout:\n{}\nstderr:\n{}", ran.stdout, ran.stderr);
        ran
    }
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The folder of the run.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The content of a file in the folder of the run.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// Names of the files in the folder of the run, sorted.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let list = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            list.map(|entry| PathBuf::from(entry.unwrap().file_name())).collect();
        names.sort();
        names
    }
}
