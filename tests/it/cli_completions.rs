//! `simulate completions`.

use crate::support::Simulate;

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Simulate::new().args(["completions", shell]).ok().stdout;
        assert!(script.contains("simulate") && script.contains("validate"), "{shell}");
    }
    Simulate::new().args(["completions", "tcsh"]).unusable();
}
