//! The server from outside: what it serves, what it takes, and what nobody can make it believe.

mod access;
mod attaching;
mod beginning;
mod correcting;
mod forged;
mod guarding;
mod killed;
mod place;
mod recorder;
mod recording;
mod serving;
mod sittings;
mod visiting;
mod visitor;
