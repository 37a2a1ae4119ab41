//! The venue package on disk: reading, checking, findings, hashing, publishing.
//!
//! A package has two forms. Curators write the *source form*, which [`source::open`] reads into a
//! [`source::Package`] that cannot be wrong, or into every [`Finding`] at once. From it
//! [`publish`] makes the *published form*: immutable, addressed by its hash, without answer keys.
//! That is what the app and the server open with [`published::open`].
//!
//! This crate reads through [`Files`] and never asks where the files are; it knows no network.

#[cfg(feature = "glb")]
pub mod glb;
#[cfg(feature = "source")]
pub mod publish;
pub mod published;
#[cfg(feature = "source")]
pub mod source;

mod files;
mod finding;
mod hash;

#[cfg(feature = "source")]
pub use files::Zip;
pub use files::{Directory, Fetch, FileError, Files, Http, Memory, is_inside};
pub use finding::{Code, Finding, Place, Pointer, Severity};
pub use hash::{package_hash, sha256_hex};
