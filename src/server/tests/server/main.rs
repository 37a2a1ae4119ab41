//! The server from outside: what it serves, what it takes, and what nobody can make it believe.

mod beginning;
mod forged;
mod guarding;
mod killed;
mod place;
mod serving;
mod visiting;
mod visitor;
