// The answers, from where a teacher would have them: never from the page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setting } from "./server.mjs";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

export const VENUE = "red-boat";

/** The package that is served, and the key to every question. */
export function answers(venue = VENUE) {
  const packages = setting("XINGHUO_PACKAGES");
  const { hash } = read(join(packages, "index.json")).venues.find((one) => one.id === venue);
  const content = read(join(packages, venue, hash, "venue.json"));
  const { keys } = read(join(setting("XINGHUO_KEYS"), venue, `${hash}.json`));
  for (const { questions } of Object.values(content.checkpoints)) {
    for (const { id, key } of questions) if (key) keys[id] = key;
  }
  const artifacts = content.stops.flatMap((stop) => (stop.artifact ? [stop.artifact.id] : []));
  return { hash, venue: content, keys, artifacts };
}

/** An answer of the same kind that is not right. */
export function wrongly(key, question, artifacts) {
  const others = (taken, all) => all.filter((id) => !taken.includes(id));
  switch (key.kind) {
    case "single":
      return { ...key, value: others([key.value], question.options)[0] };
    case "multiple": {
      const left = others(key.value, question.options);
      return { ...key, value: left.length > 0 ? left : key.value.slice(1) };
    }
    case "order":
      return { ...key, value: key.value.toReversed() };
    case "match": {
      const [first, second] = Object.keys(key.value);
      return { ...key, value: { ...key.value, [first]: key.value[second], [second]: key.value[first] } };
    }
    case "locate":
      return { ...key, value: others([key.value], artifacts)[0] };
    default:
      throw new Error(`a kind of question that these tests do not know: ${key.kind}`);
  }
}
