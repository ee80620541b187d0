//! Objects whose keys are names from a scenario.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Values by name, in the order of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Members<'a, T>(pub Vec<(Cow<'a, str>, T)>);

impl<'a, T> Members<'a, T> {
    /// Values with their names.
    pub fn new(members: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        Self(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// The value with a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

impl<T: Serialize> Serialize for Members<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<'_, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Vec<(Cow<'static, str>, T)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    members.push((Cow::Owned(name), value));
                }
                Ok(members)
            }
        }

        from.deserialize_map(Reader(PhantomData)).map(Self)
    }
}
