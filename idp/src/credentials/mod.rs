//! Proving who someone is: passwords, one-time codes.
