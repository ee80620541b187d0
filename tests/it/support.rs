//! What the tests share.

use surgecast::scenario::{NoFiles, Scenario, Source, parse};

/// The scenario of a text that is right.
#[track_caller]
pub(crate) fn scenario(text: &str) -> Scenario {
    match parse(Source::new("test.toml", text), &[], &NoFiles) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    }
}
