//! The server from outside: what it serves, what it takes, and what nobody can make it believe.
//! Every test here is also one of `postgres`, on the other database.

mod access;
mod attaching;
mod beginning;
mod colleague;
mod configuring;
mod correcting;
mod crashing;
mod entering;
mod expiring;
mod forged;
mod full;
mod guarding;
mod killed;
mod lab;
mod looking;
mod person;
mod place;
mod power;
mod pretending;
mod recorder;
mod recording;
mod records;
mod serving;
mod sittings;
mod staffing;
mod tampered;
mod teaching;
mod upkeep;
mod visiting;
mod visitor;
