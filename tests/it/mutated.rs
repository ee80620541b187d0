//! Scenarios nobody would write: whatever the bytes, the answer is a scenario or its problems.
