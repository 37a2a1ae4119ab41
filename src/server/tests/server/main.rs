//! The server from outside: what it serves, what it takes, and what nobody can make it believe.
//! Every test here is also one of `postgres`, on the other database.

mod access;
mod attaching;
mod beginning;
mod correcting;
mod defined;
mod failing;
mod forged;
mod forwarding;
mod guarding;
mod killed;
mod launching;
mod living;
mod place;
mod pretending;
mod receiver;
mod recorder;
mod recording;
mod records;
mod serving;
mod sittings;
mod system;
mod tampered;
mod upkeep;
mod visiting;
mod visitor;
