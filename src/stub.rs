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

    pub use crate::scenario::{Place, Scenario};

    pub struct Problems(Vec<Problem>);

    pub struct Problem {
        pub code: &'static str,
        pub message: String,
        pub help: Option<String>,
    }

    impl Problem {
        pub fn new(code: &'static str, _place: &Place, message: impl Into<String>) -> Self {
            Self {
                code,
                message: message.into(),
                help: None,
            }
        }
        pub fn help(self, help: impl Into<String>) -> Self {
            Self {
                help: Some(help.into()),
                ..self
            }
        }
    }

    impl Problems {
        pub fn list(&self) -> &[Problem] {
            &self.0
        }
        pub fn position(&self, _problem: &Problem) -> Option<(&str, usize, usize)> {
            None
        }
        pub fn render(&self, _color: bool) -> String {
            self.0
                .iter()
                .map(|p| format!("error[{}]: {}\n", p.code, p.message))
                .collect()
        }
    }

    pub struct Parsed {
        pub scenario: Scenario,
    }

    impl Parsed {
        pub fn problems(&self, list: Vec<Problem>) -> Problems {
            Problems(list)
        }
    }

    fn bad(message: String) -> Problems {
        Problems(vec![Problem {
            code: "stub",
            message,
            help: None,
        }])
    }

    pub fn parse(
        root: Source,
        overrides: &[Override],
        files: &dyn Files,
    ) -> Result<Parsed, Problems> {
        let table: Result<toml::Table, _> = root.text().parse();
        let mut table = table.map_err(|e| bad(format!("{}: {e}", root.label)))?;
        if let Some(base) = table.get("extends").and_then(toml::Value::as_str) {
            let base = files.read(&root.label, base).map_err(bad)?;
            let base: Result<toml::Table, _> = String::from_utf8_lossy(&base.1).parse();
            let mut base = base.map_err(|e| bad(format!("{e}")))?;
            base.extend(table);
            table = base;
        }
        for set in overrides {
            if set.path == "title" {
                table.insert("title".into(), toml::Value::String(set.value.clone()));
            } else {
                return Err(bad(format!("unknown key `{}`", set.path)));
            }
        }
        if table.get("contacts").is_none() {
            return Err(bad(format!("{}: no contact type", root.label)));
        }
        let title = table
            .get("title")
            .and_then(toml::Value::as_str)
            .map(str::to_owned);
        let big = title.as_deref() == Some("big");
        Ok(Parsed {
            scenario: small(title, big),
        })
    }

    fn small(title: Option<String>, big: bool) -> Scenario {
        use crate::random::Distribution as D;
        use crate::scenario::*;
        use crate::time::SimSpan;
        let seconds = SimSpan::from_seconds;
        let level = ServiceLevel {
            answer_within: seconds(20.0),
            goal: 0.8,
            formula: Formula::ExclQuickAbandons,
        };
        let bot = TypeBot {
            deflection: Steps::Constant(0.8),
            session: D::lognormal(75.0, 0.7).expect("ok"),
            escalation_session: D::lognormal(25.0, 0.7).expect("ok"),
            opt_out: 0.05,
            abandonment: 0.02,
            false_resolution: None,
            escalation_handling: None,
            context_saving: 0.0,
        };
        Scenario {
            title,
            digest: "0123456789abcdef".into(),
            run: Run {
                start: big.then(|| jiff::civil::date(2026, 11, 10).at(18, 0, 0, 0)),
                timezone: jiff::tz::TimeZone::UTC,
                duration: seconds(if big { 108_000.0 } else { 7200.0 }),
                warm_up: SimSpan::ZERO,
                drain: SimSpan::DAY,
                interval: seconds(if big { 900.0 } else { 1800.0 }),
                seed: 1,
                replications: Replications::Fixed(if big { 30 } else { 5 }),
                busyness: if big { 0.1 } else { 0.0 },
            },
            contacts: vec![ContactType {
                name: "chat".into(),
                channel: "chat".into(),
                demand: Demand::Rate(Steps::Constant(if big {
                    3000.0 / 3600.0
                } else {
                    1.0 / 60.0
                })),
                profile: None,
                busyness: 0.0,
                priority: 5,
                patience: Some(D::exponential(120.0).expect("ok")),
                handling: Some(D::exponential(180.0).expect("ok")),
                wrap_up: None,
                retry: None,
                queue_limit: None,
                service_level: level,
                bot: big.then_some(bot),
            }],
            bot: BotCapacity {
                capacity: None,
                when_full: WhenFull::Escalate,
                outages: vec![],
            },
            surges: big
                .then(|| Surge {
                    name: "opening".into(),
                    contacts: vec![0],
                    start: Moment::Offset(seconds(7200.0)),
                    ramp: seconds(900.0),
                    hold: seconds(7200.0),
                    decay: Decay::HalfLife(seconds(1500.0)),
                    factor: D::triangular(3.0, 4.0, 5.0).expect("ok"),
                    deflection_factor: 0.9,
                })
                .into_iter()
                .collect(),
            groups: vec![Group {
                name: "team".into(),
                skills: vec![Skill {
                    contact: 0,
                    speed: 1.0,
                    priority: None,
                }],
                staff: Steps::Constant(if big { 60 } else { 4 }),
                shrinkage: 0.0,
                cost_per_hour: Some(38.0),
            }],
            routing: Routing {
                policy: Policy::Priority,
                waiting_room: None,
                lines: None,
            },
            service_level: level,
        }
    }

    pub fn schema() -> String {
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}\n".to_owned()
    }

    pub fn reference() -> String {
        "run.duration\n".to_owned()
    }
}
