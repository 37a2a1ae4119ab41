// What has happened is told, and what goes on is told once.

import assert from "node:assert/strict";
import test from "node:test";
import { Walk } from "../../web/walk.js";

const OFFLINE = { id: "offline", word: "notice.offline", goesOn: true };

function walking() {
  const walk = new Walk({ changed: () => {} });
  return { walk, told: () => walk.model.notices.map(({ id }) => id) };
}

test("trouble that was put away is not told again before it is over", () => {
  const { walk, told } = walking();
  walk.notify(OFFLINE);
  walk.dismiss("offline");
  walk.notify({ ...OFFLINE });
  assert.deepEqual(told(), []);
  walk.over("offline");
  walk.notify({ ...OFFLINE });
  assert.deepEqual(told(), ["offline"]);
});

test("other trouble is told though one was put away", () => {
  const { walk, told } = walking();
  walk.notify(OFFLINE);
  walk.dismiss("offline");
  walk.notify({ id: "package-gone", word: "notice.package-gone", goesOn: true });
  walk.notify(OFFLINE);
  assert.deepEqual(told(), ["package-gone"]);
});

test("trouble that is found again while it is told stays where it is", () => {
  const { walk, told } = walking();
  walk.notify(OFFLINE);
  walk.notify({ id: "marked", word: "notice.marked" });
  const before = walk.model.notices;
  walk.notify({ ...OFFLINE });
  assert.equal(walk.model.notices, before);
  assert.deepEqual(told(), ["offline", "marked"]);
});

test("what happens a second time is told a second time, also if it was put away", () => {
  const { walk, told } = walking();
  walk.notify({ id: "marked", word: "notice.marked", values: { mark: 1 } });
  walk.dismiss("marked");
  walk.notify({ id: "marked", word: "notice.marked", values: { mark: 2 } });
  assert.deepEqual(told(), ["marked"]);
});
