//! Loaded before a program, this has its clocks say what a test wants. The file that `XINGHUO_CLOCKS`
//! names has two numbers, in seconds: by how much the clock on the wall is wrong, and how much more
//! time has passed than did.

use std::{
    env,
    ffi::{CStr, c_char, c_int, c_long, c_void},
    fs, mem,
};

/// A point in time as the system tells it.
#[repr(C)]
pub struct Told {
    secs: i64,
    nanos: c_long,
}

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
}

/// Whatever is loaded next has what is looked for.
const NEXT: *mut c_void = -1_isize as *mut c_void;

/// The clocks on the wall; the others count what has passed.
const WALL: [c_int; 2] = [0, 5];

/// The clocks that count what has passed: not those of what a program itself has used.
const PASSED: [c_int; 4] = [1, 4, 6, 7];

/// How far the clocks are off.
fn off() -> Option<(i64, i64)> {
    let told = fs::read_to_string(env::var_os("XINGHUO_CLOCKS")?).ok()?;
    let (wall, passed) = told.trim().split_once(' ')?;
    Some((wall.parse().ok()?, passed.parse().ok()?))
}

fn next(symbol: &CStr) -> *mut c_void {
    // SAFETY: the name ends with a zero, and what is found has the form that C's library gives it.
    unsafe { dlsym(NEXT, symbol.as_ptr()) }
}

/// What `clock_gettime` of C's library says, and how far it is off.
///
/// # Safety
///
/// As with the one of C's library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, told: *mut Told) -> c_int {
    type Own = unsafe extern "C" fn(c_int, *mut Told) -> c_int;
    // SAFETY: that is its form.
    let own: Own = unsafe { mem::transmute(next(c"clock_gettime")) };
    // SAFETY: whoever asks vouches for it.
    let answer = unsafe { own(clock, told) };
    if let (0, Some((wall, passed))) = (answer, off()) {
        let off = match clock {
            _ if WALL.contains(&clock) => wall + passed,
            _ if PASSED.contains(&clock) => passed,
            _ => 0,
        };
        // SAFETY: it was just written there.
        unsafe { (*told).secs += off };
    }
    answer
}

/// What `gettimeofday` of C's library says, and how far it is off. It counts in millionths.
///
/// # Safety
///
/// As with the one of C's library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettimeofday(told: *mut Told, _zone: *mut c_void) -> c_int {
    // SAFETY: whoever asks vouches for it.
    let answer = unsafe { clock_gettime(WALL[0], told) };
    if answer == 0 {
        // SAFETY: it was just written there.
        unsafe { (*told).nanos /= 1_000 };
    }
    answer
}
