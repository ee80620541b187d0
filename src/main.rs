//! The command `simulate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    surgecast::cli::main(std::env::args_os()).into()
}
