//! Stands in for what other branches write; deleted at the merge.
#![expect(
    missing_docs,
    missing_debug_implementations,
    clippy::all,
    clippy::pedantic
)]

pub mod scenario {
    pub struct Source {
        pub label: String,
        pub bytes: Vec<u8>,
    }

    impl Source {
        pub fn new(label: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
            Self {
                label: label.into(),
                bytes: bytes.into(),
            }
        }
        fn text(&self) -> String {
            String::from_utf8_lossy(&self.bytes).into_owned()
        }
    }

    #[derive(Debug)]
    pub struct Override {
        pub path: String,
        pub value: String,
    }

    impl Override {
        pub fn new(path: impl Into<String>, value: impl Into<String>) -> Self {
            Self {
                path: path.into(),
                value: value.into(),
            }
        }
    }

    pub trait Files {
        fn read(&self, base: &str, name: &str) -> Result<(String, Vec<u8>), String>;
    }

    pub struct Problems(String);

    pub struct Problem {
        pub code: &'static str,
        pub message: String,
        pub help: Option<String>,
    }

    impl Problems {
        pub fn list(&self) -> Vec<Problem> {
            vec![Problem {
                code: "stub",
                message: self.0.clone(),
                help: None,
            }]
        }
        pub fn position(&self, _problem: &Problem) -> Option<(&str, usize, usize)> {
            None
        }
        pub fn render(&self, _color: bool) -> String {
            self.0.clone()
        }
    }

    pub struct Scenario {
        pub title: Option<String>,
        pub contacts: Vec<String>,
        pub groups: Vec<String>,
        pub replications: u32,
        pub service_level: ServiceLevel,
        pub duration: crate::time::SimSpan,
    }

    #[derive(Clone, Copy)]
    pub struct ServiceLevel {
        pub answer_within: crate::time::SimSpan,
        pub goal: f64,
    }

    pub fn parse(
        root: Source,
        overrides: &[Override],
        files: &dyn Files,
    ) -> Result<Scenario, Problems> {
        let table: toml::Table = root
            .text()
            .parse()
            .map_err(|e| Problems(format!("error: {}: {e}\n", root.label)))?;
        let mut table = table;
        if let Some(base) = table.get("extends").and_then(toml::Value::as_str) {
            let base = files
                .read(&root.label, base)
                .map_err(|e| Problems(format!("error: {e}\n")))?;
            let mut base: toml::Table = String::from_utf8_lossy(&base.1)
                .parse()
                .map_err(|e| Problems(format!("{e}\n")))?;
            base.extend(table);
            table = base;
        }
        for set in overrides {
            if set.path == "title" {
                table.insert("title".into(), toml::Value::String(set.value.clone()));
            } else if set.path != "run.replications" {
                return Err(Problems(format!("error: unknown key `{}`\n", set.path)));
            }
        }
        let names = |key: &str| -> Vec<String> {
            let names = table.get(key).and_then(toml::Value::as_table);
            names
                .map(|t| t.keys().cloned().collect())
                .unwrap_or_default()
        };
        if names("contacts").is_empty() {
            return Err(Problems(format!(
                "error: {}: no contact type\n",
                root.label
            )));
        }
        Ok(Scenario {
            title: table
                .get("title")
                .and_then(toml::Value::as_str)
                .map(str::to_owned),
            contacts: names("contacts"),
            groups: names("groups"),
            replications: 5,
            service_level: ServiceLevel {
                answer_within: crate::time::SimSpan::SECOND,
                goal: 0.8,
            },
            duration: crate::time::SimSpan::DAY,
        })
    }

    pub fn schema() -> String {
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}\n".to_owned()
    }

    pub fn reference() -> String {
        "run.duration\n".to_owned()
    }
}

pub mod model {
    pub struct Model {
        pub title: Option<String>,
        pub contact_types: Vec<Named>,
        pub groups: Vec<Named>,
        pub surges: Vec<Named>,
        pub replications: u32,
        pub service_level: super::scenario::ServiceLevel,
        pub horizon: Horizon,
    }

    pub struct Named {
        pub name: String,
    }

    pub struct Horizon {
        pub duration: crate::time::SimTime,
    }

    impl Model {
        pub fn compile(scenario: &super::scenario::Scenario) -> Self {
            Self {
                title: scenario.title.clone(),
                contact_types: scenario
                    .contacts
                    .iter()
                    .cloned()
                    .map(|name| Named { name })
                    .collect(),
                groups: scenario
                    .groups
                    .iter()
                    .cloned()
                    .map(|name| Named { name })
                    .collect(),
                surges: Vec::new(),
                replications: scenario.replications,
                service_level: scenario.service_level,
                horizon: Horizon {
                    duration: crate::time::SimTime::START + scenario.duration,
                },
            }
        }
        pub fn expected_arrivals(&self) -> f64 {
            105_123.4
        }
    }
}

pub mod experiment {
    use super::metrics::trace::TraceRow;
    use super::model::Model;
    use crate::experiment::Summary;
    use crate::experiment::summary::*;
    use crate::time::{SimSpan, SimTime};
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};

    pub struct Options {
        pub threads: usize,
        pub replications: Option<u32>,
        pub seed: Option<u64>,
    }

    pub enum RunError {
        NothingFinished,
        TooManyContacts { message: String },
    }

    pub fn check(_model: &Model) -> Result<(), super::scenario::Problems> {
        Ok(())
    }

    pub fn run(
        model: &Model,
        options: &Options,
        progress: &(dyn Fn(u32, u32) + Sync),
        stop: &AtomicBool,
    ) -> Result<Summary, RunError> {
        let all = options.replications.unwrap_or(model.replications);
        let mut done = 0;
        for at in 0..all {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            if model.title.as_deref() == Some("slow") {
                std::thread::sleep(std::time::Duration::from_millis(300));
            }
            done = at + 1;
            progress(done, all);
        }
        if done == 0 {
            return Err(RunError::NothingFinished);
        }
        let mut overall = Figures::default();
        overall.push("arrivals", Figure::default());
        Ok(Summary {
            title: model.title.clone(),
            digest: "0123456789abcdef".into(),
            run: RunFacts {
                seed: options.seed.unwrap_or(1),
                replications: done,
                duration: SimSpan::DAY,
                warm_up: SimSpan::ZERO,
                interval: SimSpan::HOUR,
                events: 0,
                contacts: 0,
                partial: done < all,
            },
            overall,
            contacts: vec![],
            channels: vec![],
            bot: Figures::default(),
            groups: vec![],
            intervals: vec![],
            warnings: vec![Warning {
                code: "stub",
                message: "this is no simulation".into(),
            }],
        })
    }

    pub fn trace(
        model: &Model,
        _options: &Options,
        first: u32,
        sink: &mut dyn FnMut(&TraceRow<'_>) -> io::Result<()>,
        _stop: &AtomicBool,
    ) -> Result<(), TraceError> {
        for replication in 1..=first {
            for contact in 0..1000 {
                let row = TraceRow {
                    replication,
                    contact,
                    attempt: 1,
                    contact_type: &model.contact_types[0].name,
                    priority: 5,
                    arrived: SimTime::from_micros(1_500_000),
                    queued: None,
                    answered: None,
                    ended: None,
                    outcome: "unfinished",
                    group: None,
                    wait: None,
                    handling: None,
                    wrap_up: None,
                };
                sink(&row).map_err(TraceError::Sink)?;
            }
        }
        Ok(())
    }

    pub enum TraceError {
        Sink(io::Error),
        Run(RunError),
        Interrupted,
    }
}

pub mod metrics {
    pub mod trace {
        use crate::time::{SimSpan, SimTime};

        pub struct TraceRow<'a> {
            pub replication: u32,
            pub contact: u64,
            pub attempt: u32,
            pub contact_type: &'a str,
            pub priority: u32,
            pub arrived: SimTime,
            pub queued: Option<SimTime>,
            pub answered: Option<SimTime>,
            pub ended: Option<SimTime>,
            pub outcome: &'static str,
            pub group: Option<&'a str>,
            pub wait: Option<SimSpan>,
            pub handling: Option<SimSpan>,
            pub wrap_up: Option<SimSpan>,
        }
    }
}
