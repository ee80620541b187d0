//! The laws, each a key whose table has its parameters.

use crate::format::{
    AnyKey, Key, KeyRule, Problem, ReadCount, ReadList, ReadLocated, ReadName, ReadNumber,
    ReadSeconds, Reader, Record, Section, SpanLimits, TableKeys, ValueAt, ValueShape, count, key,
    located, number, some, table,
};
use crate::random::{Distribution, DistributionError};
use crate::time::SimSpan;

use super::built;
use crate::scenario::data::{self, Dimension};

/// Deepest nesting of mixtures.
const DEEPEST: usize = 8;

/// Reads a parameter in the unit of what is distributed.
#[derive(Clone, Copy, Debug)]
struct ReadParameter(Dimension);

impl Reader for ReadParameter {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        let limits = SpanLimits { with_zero: true, most: SimSpan::LONGEST };
        match self.0 {
            Dimension::Time => ValueShape::Called(
                "duration, or a number where the quantity is one",
                Box::new(ValueShape::Duration(limits)),
            ),
            Dimension::Number => number().shape(),
        }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        match self.0 {
            Dimension::Time => ReadSeconds(SimSpan::LONGEST).read(value),
            Dimension::Number => number().read(value),
        }
    }
}

/// The laws of distributions of durations.
pub(in crate::scenario) const LAWS: &TableKeys = LawKeys::<true>::KEYS;

/// What parameters give; `None` after a problem was reported.
type Built = Option<Result<Distribution, DistributionError>>;

/// Reads a law with its parameters.
#[derive(Clone, Copy, Debug)]
struct ReadLaw {
    keys: &'static TableKeys,
    build: fn(&Section<'_>) -> Built,
}

/// A law whose table has these keys.
const fn law_key(
    name: &'static str,
    keys: &'static TableKeys,
    build: fn(&Section<'_>) -> Built,
) -> Key<ReadLaw> {
    key(name, ReadLaw { keys, build }).optional()
}

impl Reader for ReadLaw {
    type Value = Distribution;

    fn shape(&self) -> ValueShape {
        ValueShape::Table(self.keys)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Distribution> {
        let value = ValueAt { key_place: value.place().clone(), ..value.clone() };
        Section::open(&value, self.keys, |section| built(&value, (self.build)(section)?))
    }
}

/// The laws of durations (`TIME`) or of numbers.
pub(super) struct LawKeys<const TIME: bool>;

/// Keys without rules.
const fn plain(keys: &'static [&'static dyn AnyKey]) -> TableKeys {
    TableKeys { keys, rules: &[] }
}

/// A key for a parameter of durations or numbers.
const fn parameter<const TIME: bool>(name: &'static str) -> Key<ReadParameter> {
    key(name, ReadParameter(if TIME { Dimension::Time } else { Dimension::Number }))
}

impl<const TIME: bool> LawKeys<TIME> {
    const VALUE: Key<ReadParameter> =
        parameter::<TIME>("value").means("the value").example("\"20s\"");
    const MEAN: Key<ReadParameter> = parameter::<TIME>("mean").means("the mean").example("\"5m\"");
    const LOW: Key<ReadParameter> = parameter::<TIME>("low").means("least value").example("\"1m\"");
    const MODE: Key<ReadParameter> =
        parameter::<TIME>("mode").means("likeliest value").example("\"2m\"");
    const HIGH: Key<ReadParameter> =
        parameter::<TIME>("high").means("greatest value").example("\"3m\"");

    const OF_FIXED: &'static TableKeys = &plain(&[&Self::VALUE]);
    const FIXED: Key<ReadLaw> = law_key("fixed", Self::OF_FIXED, |section| {
        Some(Distribution::fixed(section.take(&Self::VALUE)?))
    })
    .means("always the same");

    const OF_EXPONENTIAL: &'static TableKeys = &plain(&[&Self::MEAN]);
    const EXPONENTIAL: Key<ReadLaw> = law_key("exponential", Self::OF_EXPONENTIAL, |section| {
        Some(Distribution::exponential(section.take(&Self::MEAN)?))
    })
    .means("without memory");

    const LOGNORMAL_MEAN: Key<ReadParameter> = Self::MEAN.without("`median` instead");
    const MEDIAN: Key<ReadParameter> =
        parameter::<TIME>("median").without("`mean` instead").means("the median").example("\"4m\"");
    const P95: Key<ReadParameter> = parameter::<TIME>("p95")
        .without("`cv` instead")
        .means("the value that 5 % exceed")
        .example("\"15m\"");
    const OF_LOGNORMAL: &'static TableKeys = &TableKeys {
        keys: &[&Self::LOGNORMAL_MEAN, &Self::MEDIAN, &LOGNORMAL_CV, &Self::P95],
        rules: &[
            KeyRule::OneOf { keys: &["mean", "median"], needed: true, help: LOGNORMAL_PAIRS },
            KeyRule::OneOf { keys: &["cv", "p95"], needed: true, help: LOGNORMAL_PAIRS },
            KeyRule::Excludes("mean", &["p95"], LOGNORMAL_PAIRS),
        ],
    };
    const LOGNORMAL: Key<ReadLaw> = law_key("lognormal", Self::OF_LOGNORMAL, |section| {
        let (mean, median) = (section.take(&Self::LOGNORMAL_MEAN), section.take(&Self::MEDIAN));
        let (cv, p95) = (section.take(&LOGNORMAL_CV), section.take(&Self::P95));
        match (mean, median, cv, p95) {
            (Some(mean), None, Some(cv), None) => Some(Distribution::lognormal(mean, cv)),
            (None, Some(median), Some(cv), None) => {
                Some(Distribution::lognormal_median_cv(median, cv))
            }
            (None, Some(median), None, Some(p95)) => {
                Some(Distribution::lognormal_median_p95(median, p95))
            }
            _ => None,
        }
    })
    .means("skewed; (mean, cv), (median, cv) or (median, p95)");

    const OF_GAMMA: &'static TableKeys = &plain(&[&Self::MEAN, &CV]);
    const GAMMA: Key<ReadLaw> = law_key("gamma", Self::OF_GAMMA, |section| {
        let (mean, cv) = (section.take(&Self::MEAN), section.take(&CV));
        Some(Distribution::gamma(mean?, cv?))
    })
    .means("skewed, lighter tail than lognormal");

    const OF_HYPEREXPONENTIAL: &'static TableKeys = &plain(&[&Self::MEAN, &CV_FROM_1]);
    const HYPEREXPONENTIAL: Key<ReadLaw> =
        law_key("hyperexponential", Self::OF_HYPEREXPONENTIAL, |section| {
            let (mean, cv) = (section.take(&Self::MEAN), section.take(&CV_FROM_1));
            Some(Distribution::hyperexponential(mean?, cv?))
        })
        .means("two exponentials with balanced means");

    const OF_WEIBULL: &'static TableKeys = &plain(&[&Self::MEAN, &SHAPE]);
    const WEIBULL: Key<ReadLaw> = law_key("weibull", Self::OF_WEIBULL, |section| {
        let (mean, shape) = (section.take(&Self::MEAN), section.take(&SHAPE));
        Some(Distribution::weibull(mean?, shape?))
    })
    .means("rising or falling hazard");

    const OF_ERLANG: &'static TableKeys = &plain(&[&Self::MEAN, &STAGES]);
    const ERLANG: Key<ReadLaw> = law_key("erlang", Self::OF_ERLANG, |section| {
        let (mean, stages) = (section.take(&Self::MEAN), section.take(&STAGES));
        Some(Distribution::erlang(mean?, stages?))
    })
    .means("sum of equal exponential stages");

    const OF_UNIFORM: &'static TableKeys = &plain(&[&Self::LOW, &Self::HIGH]);
    const UNIFORM: Key<ReadLaw> = law_key("uniform", Self::OF_UNIFORM, |section| {
        let (low, high) = (section.take(&Self::LOW), section.take(&Self::HIGH));
        Some(Distribution::uniform(low?, high?))
    })
    .means("all values alike");

    const OF_TRIANGULAR: &'static TableKeys = &plain(&[&Self::LOW, &Self::MODE, &Self::HIGH]);
    const TRIANGULAR: Key<ReadLaw> = law_key("triangular", Self::OF_TRIANGULAR, |section| {
        let (low, mode) = (section.take(&Self::LOW), section.take(&Self::MODE));
        let high = section.take(&Self::HIGH);
        Some(Distribution::triangular(low?, mode?, high?))
    })
    .means("an expert's least, likeliest and greatest value");

    const VALUES: Key<ReadList<ReadParameter>> = key("values", some(Self::VALUE.reader))
        .without("`file` instead")
        .means("the values")
        .example("[\"90s\", \"2m\", \"4m\"]");
    const OF_EMPIRICAL: &'static TableKeys = &TableKeys {
        keys: &[&Self::VALUES, &FILE, &COLUMN],
        rules: &[
            KeyRule::OneOf {
                keys: &["values", "file"],
                needed: true,
                help: "give `values`, or `file` and `column`",
            },
            KeyRule::Excludes("values", &["column"], "`column` belongs to `file`"),
            KeyRule::Needs("file", "column", "it names a column of the file", "write which"),
        ],
    };
    const EMPIRICAL: Key<ReadLaw> = law_key("empirical", Self::OF_EMPIRICAL, |section| {
        let (values, file) = (section.take(&Self::VALUES), section.take(&FILE));
        let column = section.take(&COLUMN);
        if section.has(&Self::VALUES) {
            return Some(Distribution::empirical(values?));
        }
        let dimension = if TIME { Dimension::Time } else { Dimension::Number };
        let values = data::column(section.context, &file?, &column?, dimension)?;
        Some(Distribution::empirical(values))
    })
    .means("drawn from values: `values`, or `file` and `column`");

    const MIXTURE: Key<ReadMixture<TIME>> = key("mixture", ReadMixture)
        .optional()
        .means("one of several distributions, each with a `weight`")
        .example("[{ weight = 0.1, fixed = { value = \"0s\" } }, { weight = 0.9, exponential = { mean = \"4m\" } }]");

    /// Those with a table of parameters.
    const PARAMETRIC: [Key<ReadLaw>; 10] = [
        Self::FIXED,
        Self::EXPONENTIAL,
        Self::LOGNORMAL,
        Self::GAMMA,
        Self::HYPEREXPONENTIAL,
        Self::WEIBULL,
        Self::ERLANG,
        Self::UNIFORM,
        Self::TRIANGULAR,
        Self::EMPIRICAL,
    ];

    pub(super) const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &Self::FIXED,
            &Self::EXPONENTIAL,
            &Self::LOGNORMAL,
            &Self::GAMMA,
            &Self::HYPEREXPONENTIAL,
            &Self::WEIBULL,
            &Self::ERLANG,
            &Self::UNIFORM,
            &Self::TRIANGULAR,
            &Self::EMPIRICAL,
            &Self::MIXTURE,
        ],
        rules: &[KeyRule::Single {
            beside: &[],
            help: "a distribution has one law; for several use `mixture`",
        }],
    };

    /// The law that a table has.
    pub(super) fn read(section: &Section<'_>) -> Option<Distribution> {
        let law = Self::PARAMETRIC.into_iter().find(|law| section.has(law));
        match law {
            Some(law) => section.take(&law),
            None => section.take(&Self::MIXTURE),
        }
    }
}

/// Which parameters of a lognormal distribution go together.
const LOGNORMAL_PAIRS: &str = "give `mean` and `cv`, `median` and `cv`, or `median` and `p95`";

const CV: Key<ReadNumber> =
    key("cv", number()).means("standard deviation over mean").example("0.8");
const LOGNORMAL_CV: Key<ReadNumber> = CV.without("`p95` instead");
const CV_FROM_1: Key<ReadNumber> =
    key("cv", number()).means("standard deviation over mean; at least 1").example("2");
const SHAPE: Key<ReadNumber> =
    key("shape", number()).means("under 1: those who stay, stay longer").example("0.7");
const STAGES: Key<ReadCount> =
    key("stages", count(1, 10_000)).means("number of stages").example("3");
const FILE: Key<ReadLocated<ReadName>> = key("file", located(ReadName))
    .without("`values` instead")
    .means("CSV file with a header row, relative to this file")
    .example("\"calls.csv\"");
const COLUMN: Key<ReadLocated<ReadName>> = key("column", located(ReadName))
    .without("with `file`")
    .means("its column: seconds, or plain numbers")
    .example("\"handling\"");
const WEIGHT: Key<ReadNumber> =
    key("weight", number()).means("how often, compared with the others").example("0.1");

/// Reads several distributions with weights.
#[derive(Clone, Copy, Debug)]
struct ReadMixture<const TIME: bool>;

impl<const TIME: bool> Reader for ReadMixture<TIME> {
    type Value = Distribution;

    fn shape(&self) -> ValueShape {
        let name = if TIME { "mixture" } else { "mixture_of_numbers" };
        let shape: fn() -> ValueShape = || some(table::<Component<TIME>>()).shape();
        ValueShape::Called("list of tables", Box::new(ValueShape::Shared(name, shape)))
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Distribution> {
        if value.path.matches(".mixture[").count() >= DEEPEST {
            let message = format!("mixtures are nested more than {DEEPEST} deep");
            return value.refuse("too-deep", message, "multiply the weights and write one mixture");
        }
        let components = some(table::<Component<TIME>>()).read(value)?;
        let components = components.into_iter().map(|one| (one.weight, one.law)).collect();
        built(value, Distribution::mixture(components))
    }
}

/// A part of a mixture.
struct Component<const TIME: bool> {
    weight: f64,
    law: Distribution,
}

impl<const TIME: bool> Record for Component<TIME> {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &WEIGHT,
            &LawKeys::<TIME>::FIXED,
            &LawKeys::<TIME>::EXPONENTIAL,
            &LawKeys::<TIME>::LOGNORMAL,
            &LawKeys::<TIME>::GAMMA,
            &LawKeys::<TIME>::HYPEREXPONENTIAL,
            &LawKeys::<TIME>::WEIBULL,
            &LawKeys::<TIME>::ERLANG,
            &LawKeys::<TIME>::UNIFORM,
            &LawKeys::<TIME>::TRIANGULAR,
            &LawKeys::<TIME>::EMPIRICAL,
            &LawKeys::<TIME>::MIXTURE,
        ],
        rules: &[KeyRule::Single {
            beside: &["weight"],
            help: "write one entry for each, with its own weight",
        }],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let weight = section.take(&WEIGHT);
        if section.entries().iter().all(|entry| entry.key == WEIGHT.name) {
            let problem =
                Problem::new("invalid-distribution", &section.place, "the entry has no law");
            let help = "write one beside `weight`, such as `fixed = { value = \"0s\" }`";
            section.report(problem.help(help));
        }
        Some(Self { weight: weight?, law: LawKeys::<TIME>::read(section)? })
    }
}
