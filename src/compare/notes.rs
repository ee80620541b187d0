//! What cannot be compared, where files differ in more than what they decide.

use super::Contender;
use crate::metrics::definition::Unit;
use crate::model::Model;

/// Whether figures of a unit mean the same in two models: counts, hours and money add up over the
/// time that is counted.
pub(super) fn is_comparable(unit: Unit, (one, other): (&Model, &Model)) -> bool {
    let span = |model: &Model| {
        let horizon = &model.horizon;
        (horizon.warm_up, horizon.duration)
    };
    match unit {
        Unit::Share | Unit::Seconds => true,
        Unit::Count | Unit::Hours | Unit::Money => span(one) == span(other),
    }
}

/// What a reader has to know, option by option against the first.
pub(super) fn notes(contenders: &[Contender<'_>]) -> Vec<String> {
    let Some((first, others)) = contenders.split_first() else {
        return Vec::new();
    };
    others.iter().flat_map(|other| differences(first, other)).collect()
}

fn differences(first: &Contender<'_>, other: &Contender<'_>) -> Vec<String> {
    let (a, b) = (first.model, other.model);
    let (one, two) = (&first.name, &other.name);
    let mut notes = Vec::new();
    if !is_comparable(Unit::Count, (a, b)) {
        notes.push(format!(
            "`{two}` counts another stretch of time than `{one}`: counts, hours and cost are not \
             compared"
        ));
    }
    if a.horizon.interval != b.horizon.interval {
        notes.push(format!(
            "the reporting intervals of `{two}` ({}) and `{one}` ({}) cannot be laid side by side",
            b.horizon.interval, a.horizon.interval
        ));
    }
    let lacking = |from: &Model, of: &Model| -> Vec<String> {
        let has = |name: &String| of.contact_types.iter().any(|kind| kind.name == *name);
        let names = from.contact_types.iter().map(|kind| &kind.name);
        names.filter(|name| !has(name)).map(|name| format!("`{name}`")).collect()
    };
    for (owner, missing) in [(one, lacking(a, b)), (two, lacking(b, a))] {
        if !missing.is_empty() {
            notes.push(format!(
                "only `{owner}` has the contact types {}: figures of all contacts together are of \
                 other customers",
                missing.join(", ")
            ));
        }
    }
    if a.service_level.answer_within != b.service_level.answer_within
        || a.service_level.formula != b.service_level.formula
    {
        notes.push(format!(
            "`{two}` holds waits against another promise than `{one}`: their service levels mean \
             different things"
        ));
    }
    if a.seed != b.seed {
        notes.push(format!(
            "`{two}` has another seed than `{one}`: all options run with the same one"
        ));
    }
    notes
}
