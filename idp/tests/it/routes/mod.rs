//! One file per endpoint, through the real router.

mod authorize;
mod discovery;
mod end_session;
mod jwks;
mod token;
mod userinfo;
