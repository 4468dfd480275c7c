//! Vendor apps of a school district: relying parties that know the portal only through its OpenID Connect endpoints.
//! They share how to sign in and out; each binary has its own name, look and pages.
//!
//! | file | owns |
//! | --- | --- |
//! | `settings` | the command line |
//! | `outbound`, `provider` | calls to the portal: discovery, tokens, userinfo |
//! | `pending` | sign-ins under way |
//! | `session` | who is signed in here, and the cookies |
//! | `sign_in`, `sign_out`, `logout_token` | the protocol's three stories |
//! | `pages`, `views` | what the browser sees |
//! | `vendor` | one running app: its parts and routes |

pub mod logout_token;
pub mod outbound;
pub mod pages;
pub mod pending;
pub mod provider;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sign_out;
pub mod vendor;
pub mod views;
