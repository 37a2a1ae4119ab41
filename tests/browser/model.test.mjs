// What the page knows of the tour, looked up by name.

import assert from "node:assert/strict";
import test from "node:test";
import { Model } from "../../web/model.js";

test("a stop's standing is that of the newest progress", () => {
  const model = new Model();
  assert.equal(model.progressOf("bow"), null);
  model.progress = { stops: [{ stop: "bow", done: false }] };
  assert.equal(model.progressOf("bow").done, false);
  model.progress = { stops: [{ stop: "bow", done: true }] };
  assert.equal(model.progressOf("bow").done, true);
  assert.equal(model.progressOf("stern"), null);
});

test("a stop is that of the package that is open", () => {
  const model = new Model();
  const opened = (room) => ({ venue: { stops: [{ id: "bow", room, required: true }] } });
  assert.equal(model.stopOf("bow"), null);
  model.package = opened("lake");
  assert.equal(model.stopOf("bow").room, "lake");
  model.package = opened("harbour");
  assert.equal(model.stopOf("bow").room, "harbour");
});
