//! The one integration-test binary: every further file here would be another link.
#![expect(
    clippy::unnecessary_debug_formatting,
    clippy::format_push_string,
    clippy::manual_assert,
    clippy::duration_suboptimal_units,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "tests stop at the first surprise and say what they saw"
)]

mod accounts_activate;
mod architecture;
mod audit;
mod claims;
mod clients_apply;
mod journeys;
mod keys;
mod nodes;
mod pages;
mod reset;
mod roster;
mod routes;
mod stores;
mod support;
mod texts;
mod two_nodes;
