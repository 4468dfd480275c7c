//! Every word a person reads, by language: Fluent files in `locales/`.
