// What a trace of the browser says of one page's main thread.

/**
 * @typedef {{name: string, ph: string, ts: number, pid: number, tid: number, dur?: number, tdur?: number}} TraceEvent times in microseconds
 * @typedef {{millis: number, frames: number, intervals: number[], busyMs: number, cpuMs: number, rafMs: number}} MainThread
 *   `intervals` are the milliseconds from frame to frame; `cpuMs` leaves out the time in which other
 *   threads had the processor; `rafMs` is that inside the page's own frame callbacks
 */

/** The categories that have everything below, and little else to slow the page down. */
export const CATEGORIES = ["devtools.timeline", "blink.user_timing", "toplevel"];

/** The names that scheduled work on a thread has had in Chromium. */
const TASKS = ["RunTask", "ThreadControllerImpl::RunTask"];

/**
 * The main thread of the page that set two marks, between them.
 * @param {TraceEvent[]} events @param {string} begin @param {string} end
 * @returns {MainThread}
 */
export function mainThread(events, begin, end) {
  const mark = (/** @type {string} */ name) => events.find((event) => event.name === name);
  const [first, last] = [mark(begin), mark(end)];
  if (!first || !last) throw new Error(`the trace has no ${first ? end : begin}`);
  const own = events.filter((event) => event.pid === first.pid && event.tid === first.tid);
  const within = own.filter((event) => event.ts >= first.ts && event.ts <= last.ts);
  const frames = within.filter((event) => event.name === "FireAnimationFrame" && event.ph === "X");
  const begun = turns(frames.map((event) => event.ts));
  // A task may hold another one's record: only the outermost count.
  const tasks = outermost(within.filter((event) => event.ph === "X" && TASKS.includes(event.name)));
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((all, one) => all + one, 0) / 1000;
  return {
    millis: (last.ts - first.ts) / 1000,
    frames: begun.length,
    intervals: begun.slice(1).map((at, index) => (at - (begun[index] ?? at)) / 1000),
    busyMs: sum(tasks.map((event) => event.dur ?? 0)),
    cpuMs: sum(tasks.map((event) => event.tdur ?? event.dur ?? 0)),
    rafMs: sum(frames.map((event) => event.dur ?? 0)),
  };
}

/** Callbacks nearer to each other than this belong to one frame, microseconds. */
const ONE_FRAME = 1000;

/**
 * When each frame began: one page may have several callbacks in it.
 * @param {number[]} times
 */
function turns(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted.filter((at, index) => index === 0 || at - (sorted[index - 1] ?? at) > ONE_FRAME);
}

/** @param {TraceEvent[]} events */
function outermost(events) {
  let until = -Infinity;
  return [...events]
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
    .filter((event) => {
      const inside = event.ts < until;
      if (!inside) until = event.ts + (event.dur ?? 0);
      return !inside;
    });
}
