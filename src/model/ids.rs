//! Typed indices: the engine never looks up a name.

/// Defines an index type over `u32`.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u32);

        impl $name {
            /// The id of entry `index` of its table.
            ///
            /// # Panics
            /// When `index` is 2^32 or more; no table of a model is that long.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("tables of a model are short"))
            }

            /// Place in its table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A contact type.
    ContactTypeId
}
id! {
    /// An agent group.
    GroupId
}
id! {
    /// A human queue: contacts of one type and urgency, longest waiting first.
    ClassId
}
id! {
    /// A surge.
    SurgeId
}
