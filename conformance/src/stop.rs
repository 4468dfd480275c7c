//! How a module ends early: a broken assertion, or something that the provider does not offer.

use std::future::Future;
use std::pin::Pin;

/// Why a module went no further.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The assertion does not hold. What was expected and what came.
    Fail(String),
    /// The provider does not offer what the module checks, or this run lacks what it needs.
    Skip(String),
}

/// What every step of a module gives.
pub type Check<T = ()> = Result<T, Stop>;

/// A module under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Check> + Send + 'a>>;

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            text = format!("{text}: {inner}");
            source = inner.source();
        }
        Self::Fail(text)
    }
}

/// Ends the module as failed.
macro_rules! fail {
    ($($text:tt)*) => { return Err($crate::stop::Stop::Fail(format!($($text)*))) };
}

/// Ends the module as skipped.
macro_rules! skip {
    ($($text:tt)*) => { return Err($crate::stop::Stop::Skip(format!($($text)*))) };
}

/// Ends the module as failed unless the condition holds.
macro_rules! must {
    ($condition:expr, $($text:tt)*) => { if !$condition { $crate::stop::fail!($($text)*) } };
}

pub(crate) use {fail, must, skip};
