//! The tables whose names other keys refer to.

use crate::format::Namespace;

/// `[contacts.*]`.
pub(super) static CONTACTS: Namespace = Namespace {
    key: "contacts",
    one: "contact type",
    all: "contact types",
    unknown: "unknown-contact",
    needed: true,
};

/// `[groups.*]`.
pub(super) static GROUPS: Namespace = Namespace {
    key: "groups",
    one: "group",
    all: "groups",
    unknown: "unknown-group",
    needed: true,
};

/// `[profiles.*]`.
pub(super) static PROFILES: Namespace = Namespace {
    key: "profiles",
    one: "profile",
    all: "profiles",
    unknown: "unknown-profile",
    needed: false,
};

/// `[surges.*]`; no key refers to one.
pub(super) static SURGES: Namespace = Namespace {
    key: "surges",
    one: "surge",
    all: "surges",
    unknown: "unknown-surge",
    needed: false,
};
