//! The generator of made-up districts. Pure: same input, same bytes.
