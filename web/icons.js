/**
 * The line drawings of buttons and labels, each as one path in a square of 24. They are in the page as
 * they are: where one is used from a file of its own, the browser makes a copy of it for every place.
 *
 * @type {Record<string, string>}
 */
export const ICONS = {
  leave: "M14 5 7 12l7 7",
  close: "m6 6 12 12M18 6 6 18",
  help: "M3 12a9 9 0 1 0 18 0 9 9 0 1 0 -18 0M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8M12 16.6v.2",
  route: "M4 18a2 2 0 1 0 4 0 2 2 0 1 0 -4 0M16 6a2 2 0 1 0 4 0 2 2 0 1 0 -4 0M8 18h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7",
  summary: "M6 4h12v16H6zM9 9h6M9 12.5h6M9 16h3",
  find: "M5 11a6 6 0 1 0 12 0 6 6 0 1 0 -12 0M15.5 15.5l4.5 4.5",
  story: "M12 6.5C10 5 7 4.6 4 5v13c3-.4 6 0 8 1.5 2-1.5 5-1.9 8-1.5V5c-3-.4-6 0-8 1.5zM12 6.5v13",
  question: "M5 4.5h14v12h-8L7 20v-3.5H5zM10 9a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M12 14v.1",
  back: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  done: "m5 12.5 4.5 4.5L19 7.5",
  open: "M7 12a5 5 0 1 0 10 0 5 5 0 1 0 -10 0",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  wait: "M4 12a8 8 0 1 0 16 0 8 8 0 1 0 -16 0M12 7.5V12l3 2",
  up: "M12 19V6m-5.5 5L12 5.5 17.5 11",
  down: "M12 5v13m-5.5-5L12 18.5 17.5 13",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  headset: "M4 8.5h16v8h-5.5L12 14l-2.5 2.5H4zM6 8.5c0-2.5 2.5-4 6-4s6 1.5 6 4",
  "record-none": "M5 12a7 7 0 1 0 14 0 7 7 0 1 0 -14 0M7 17l10-10",
  "record-saving": "M12 18V7m-4 4 4-4 4 4M5 20.5h14",
  "record-saved": "m6 12 4 4 8-8",
  "record-offline": "M4 9a12 12 0 0 1 16 0M7 12.5a7.5 7.5 0 0 1 10 0M12 17.5v.1M4 20 20 4",
};
