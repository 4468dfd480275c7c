//! Newtypes over text, so that a person's id cannot be handed over as a client's.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text of an id.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

text_id!(
    /// Our own random id of a person (UUID v7). Never leaves the house: vendors see a subject derived from it.
    PersonId
);
text_id!(
    /// A `client_id` (RFC 6749 §2.2): printable ASCII, given by the administrator or made by us.
    ClientId
);
text_id!(
    /// A registered resource: what a tile stands for.
    ResourceId
);
text_id!(
    /// The standing permission that codes and refresh tokens hang from.
    GrantId
);
text_id!(
    /// Session id as vendors see it: the `sid` claim (OIDC Back-Channel Logout §2.1). Opens nothing.
    Sid
);
text_id!(
    /// A school or another organisation of the roster.
    SchoolId
);
text_id!(
    /// A class (course section) of the roster.
    ClassId
);
