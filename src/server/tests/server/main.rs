//! The server from outside: what it serves, what it takes, and what nobody can make it believe.
//! Every test here is also one of `postgres`, on the other database.

mod access;
mod attaching;
mod beginning;
mod colleague;
mod configuring;
mod correcting;
mod defined;
mod describing;
mod entering;
mod failing;
mod forged;
mod forwarding;
mod guarding;
mod guessing;
mod handing;
mod killed;
mod lab;
mod launching;
mod living;
mod place;
mod pretending;
mod receiver;
mod recorder;
mod recording;
mod records;
mod room;
mod serving;
mod sittings;
mod staffing;
mod system;
mod tampered;
mod teaching;
mod upkeep;
mod visiting;
mod visitor;
