//! Replications on several threads, merged in order.

use std::ops::ControlFlow;

use super::merge::Merged;
use super::parallel::Unfinished;
use super::{Control, RunError, one, parallel};
use crate::engine::Stopped;
use crate::random::Streams;

/// Replications that are merged together.
const BATCH: usize = 4;

/// Runs and merges replications until there are `until` of them, or the work is to stop.
/// `progress` is told how many there are, of `until`.
pub(super) fn advance(
    merged: &mut Merged<'_>,
    seed: u64,
    until: u32,
    control: &Control<'_>,
) -> Result<(), RunError> {
    let (model, keep) = (merged.model(), merged.keep());
    let job = |index: usize| one(model, keep, Streams::new(seed, index as u64), control.stop);
    let jobs = merged.replications() as usize..until as usize;
    let mut batch = Vec::with_capacity(BATCH);
    let done = parallel::in_order(jobs, control, &job, &mut |_, day| {
        batch.push(day);
        if batch.len() == BATCH {
            merged.push(std::mem::take(&mut batch));
        }
        let waiting = u32::try_from(batch.len()).expect("a batch is small");
        (control.progress)(merged.replications() + waiting, until);
        ControlFlow::Continue(())
    });
    merged.push(batch);
    match done {
        Ok(()) | Err(Unfinished::Stopped | Unfinished::Failed { error: Stopped::Asked, .. }) => {
            Ok(())
        }
        Err(unfinished) => Err(unfinished.into()),
    }
}
