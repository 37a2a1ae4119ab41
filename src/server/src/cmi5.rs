//! cmi5: a learning system launches a visit, and is told of it as cmi5 says.
//!
//! Only systems that the administrator has named may launch, since what they are called stands in an
//! address that anybody can write. Their token stays here: the browser never has it, so nobody can say
//! with it that they have passed.

mod command;
mod course;
mod store;
mod system;

pub use command::{LaunchCommand, manage_launches};
pub(crate) use course::course;
pub(crate) use store::{NewLaunch, end, end_silent, open_launch, resumed, start, tell};
pub(crate) use system::{LaunchProblem, System, credential};
