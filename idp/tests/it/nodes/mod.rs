//! Nodes as they run in life: the built binary in processes of its own, killed, stopped and started, one or several.

mod claims;
mod codes;
mod lifecycle;
mod outage;
mod people;
mod stage;

pub use self::stage::Stage;
