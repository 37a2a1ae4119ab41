import assert from "node:assert/strict";
import { test } from "node:test";
import { qualityOn } from "./machine.mjs";
import { optionsOf } from "./options.mjs";

test("five rounds of everything, unless told otherwise", () => {
  assert.deepEqual(optionsOf([]), { rounds: 5, counts: [20, 200, 2000], report: false, only: "" });
  assert.deepEqual(optionsOf(["--quick", "--rounds=4", "--report"]), { rounds: 4, counts: [200], report: true, only: "" });
  assert.equal(optionsOf(["--rounds", "9"]).rounds, 9);
  assert.equal(optionsOf(["hall", "--quick"]).only, "hall");
});

test("what is not understood is refused", () => {
  assert.throws(() => optionsOf(["--fast"]), /no option/);
  assert.throws(() => optionsOf(["--rounds", "few"]), /whole number/);
  assert.throws(() => optionsOf(["--rounds"]), /whole number/);
});

test("a processor that draws alone is asked for less, as by our tour", () => {
  const name = "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (LLVM 10.0.0)), SwiftShader)";
  assert.deepEqual(qualityOn(name), { pixelRatio: 0.75, samples: 1, anisotropy: 1 });
  assert.equal(qualityOn("ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)").samples, 4);
});
