//! Integration tests.

mod cli_run;
mod cli_schema;
mod cli_validate;
mod support;
