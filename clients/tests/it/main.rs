//! A vendor app against a portal of the test's own, which can be told to lie.

#![cfg(test)]

mod portal;
mod sign_in;
mod sign_out;
mod visitor;
