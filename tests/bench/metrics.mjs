// What is measured, in which unit and how; in the order in which it is told.

/**
 * @typedef {"bytes" | "ms" | "count"} Unit
 * @typedef {{title: string, unit: Unit, how: string}} Metric
 */

/** @type {Record<string, Metric>} */
export const METRICS = {
  wireBytes: {
    title: "over the wire until the first 3D frame",
    unit: "bytes",
    how: "the sum of `encodedDataLength` (bodies as compressed, with headers) of everything received until then; nothing cached",
  },
  firstPaintMs: {
    title: "navigation to first paint",
    unit: "ms",
    how: "`first-contentful-paint` of the paint timings; nothing cached",
  },
  sceneMs: {
    title: "navigation to first 3D frame, nothing cached",
    unit: "ms",
    how: "to the animation frame after the page's `ready`: ours says it with its second frame, three.js's after its first render with every texture loaded",
  },
  warmSceneMs: {
    title: "navigation to first 3D frame, HTTP cache filled",
    unit: "ms",
    how: "the same in a new tab of the same profile, after the first was closed",
  },
  mainMs: {
    title: "main thread per walking frame",
    unit: "ms",
    how: "`TaskDuration` (everything the main thread did, on the wall clock) over the walk, by the frames of the walk",
  },
  mainCpuMs: {
    title: "main thread per walking frame, processor time",
    unit: "ms",
    how: "the same tasks by the thread's own clock (`tdur` of the trace), which does not run while SwiftShader has the processor",
  },
  scriptMs: {
    title: "of it JavaScript and WebAssembly",
    unit: "ms",
    how: "`ScriptDuration` over the walk, by the frames of the walk",
  },
  frameMs: {
    title: "whole frame while walking",
    unit: "ms",
    how: "the median time from one animation frame to the next; with a software renderer that is the time to draw it",
  },
  slowFrameMs: {
    title: "whole frame while walking, one in twenty is slower",
    unit: "ms",
    how: "the 95th percentile of the same",
  },
  idleFrames: {
    title: "frames in a second without change",
    unit: "count",
    how: "animation frames while nobody does anything, by the seconds",
  },
  idleMs: {
    title: "main thread in a second without change",
    unit: "ms",
    how: "`TaskDuration` while nobody does anything, by the seconds",
  },
  memoryBytes: {
    title: "JS heap and WebAssembly memory",
    unit: "bytes",
    how: "`JSHeapUsedSize` after a garbage collection at the end of the walk, and the length of every `WebAssembly.Memory` (`Runtime.queryObjects`)",
  },
  allMemoryBytes: {
    title: "the same with array buffers and elements",
    unit: "bytes",
    how: "and `backingStorageSize` and `embedderHeapUsedSize` of `Runtime.getHeapUsage`: array buffers outside the heap, where three.js keeps its geometry and ours has nothing, and the page's elements, of which ours has many",
  },
};

/**
 * A number as people read it.
 * @param {number} value @param {Unit} unit
 */
export function told(value, unit) {
  if (!Number.isFinite(value)) return "–";
  if (unit === "bytes") return `${(value / 1e6).toFixed(2)} MB`;
  if (unit === "count") return value.toFixed(1);
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}
