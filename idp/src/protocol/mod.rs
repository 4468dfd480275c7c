//! Rules of the specifications. Pure: no I/O, no async, no clock, no randomness. The page to read first:
//!
//! | specification | file |
//! |---|---|
//! | RFC 6749 §3.1, §3.2, Appendix B: parameters | `form.rs` |
//! | RFC 6749 §4.1.2.1, §5.2, OIDC Core §3.1.2.6, RFC 6750 §3.1: errors | `error.rs` |
//! | RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §2.1: redirect URIs | `redirect_uri.rs` |
//! | Multiple Response Types, Form Post Response Mode, RFC 9207: where an answer goes | `response_mode.rs` |
//! | RFC 6749 §4.1.1, OIDC Core §3.1.2.1: the checklist of `/authorize` | `authorization_request.rs`, `prompt.rs` |
//! | OIDC Core §3.1.2.3, §3.1.2.4: what comes before the answer | `next_step.rs`, `session.rs` |
//! | RFC 7636: PKCE | `pkce.rs` |
//! | RFC 6749 §2.3, OIDC Core §9: client authentication | `client_authentication.rs` |
//! | RFC 6749 §4.1.3: codes | `token_request.rs`, `authorization_code.rs` |
//! | RFC 6749 §6, RFC 9700 §4.14: refresh tokens | `refresh_token.rs` |
//! | RFC 6749 §1.4, RFC 6750: access tokens | `access_token.rs` |
//! | OIDC Core §2, §3.1.3.6: ID tokens | `id_token.rs` |
//! | RFC 8414, OIDC Discovery: metadata | `discovery.rs` |
//! | OIDC RP-Initiated Logout | `end_session.rs` |
//! | RFC 6749 §3.3: scopes | `scope.rs` |
//! | RFC 7591, OIDC Registration: client metadata and secrets | `client.rs`, `client_secret.rs`, `registration.rs`, `registered_uri.rs` |
//! | OIDC Core §5: claims | `claims.rs` |
//! | OIDC Core §8: subjects | `subject.rs` |

pub mod access_token;
pub mod authorization_code;
pub mod authorization_request;
pub mod claims;
pub mod client;
pub mod client_authentication;
pub mod client_secret;
pub mod discovery;
pub mod end_session;
pub mod error;
pub mod form;
pub mod id_token;
pub mod next_step;
pub mod pkce;
pub mod prompt;
pub mod redirect_uri;
pub mod refresh_token;
pub mod registered_uri;
pub mod registration;
pub mod response_mode;
pub mod scope;
pub mod session;
pub mod subject;
pub mod token_request;
