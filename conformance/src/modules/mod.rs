//! The modules, by what they look at. Each file ends with nothing but its table.

use crate::plan::Module;

mod attack_browser;
mod attack_code;
mod attack_endpoints;
mod attack_guessing;
mod attack_redirect;
mod claims;
mod code;
mod core;
mod discovery;
mod fapi;
mod fapi_client;
mod fapi_proof;
mod fapi_pushed;
mod fapi_request;
mod logout;
mod logout_channels;
mod redirect;
mod refresh;
mod registration;
mod request_object;
mod session;
mod userinfo;

/// All modules, in the order in which a plan runs them.
pub fn all() -> impl Iterator<Item = Module> {
    [
        discovery::MODULES,
        core::MODULES,
        userinfo::MODULES,
        claims::MODULES,
        session::MODULES,
        redirect::MODULES,
        request_object::MODULES,
        code::MODULES,
        refresh::MODULES,
        registration::MODULES,
        logout::MODULES,
        logout_channels::MODULES,
        fapi::MODULES,
        fapi_request::MODULES,
        fapi_pushed::MODULES,
        fapi_client::MODULES,
        fapi_proof::MODULES,
        attack_code::MODULES,
        attack_endpoints::MODULES,
        attack_redirect::MODULES,
        attack_browser::MODULES,
        attack_guessing::MODULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}
