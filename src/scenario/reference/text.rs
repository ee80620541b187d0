//! Reference text.

/// The reference of the format.
pub fn reference() -> String {
    String::new()
}
