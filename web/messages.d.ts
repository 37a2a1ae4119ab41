/** The shapes that cross between the page, the WebAssembly module and the server. They mirror `src/tour` and `src/app/src/message.rs`. */

export type EvidenceKind = "arrived" | "observed" | "story" | "answered";
export type QuestionKind = "single" | "multiple" | "order" | "match" | "locate";
export type Provenance = "scan" | "photo" | "reconstruction";

export type Response =
  | { kind: "single"; value: string }
  | { kind: "multiple"; value: string[] }
  | { kind: "order"; value: string[] }
  | { kind: "match"; value: Record<string, string> }
  | { kind: "locate"; value: string };

export type Action =
  | { type: "enter"; room: string }
  | { type: "arrive"; stop: string }
  | { type: "look"; stop: string; millis: number }
  | { type: "describe"; stop: string }
  | { type: "story"; stop: string }
  | { type: "answer"; question: string; response: Response };

export interface Entry {
  seq: number;
  at: number;
  action: Action;
}

export interface Verdict {
  seq: number;
  question: string;
  right: boolean;
  /** After a wrong answer, the stop where the right one can be seen. */
  leadBack?: string;
  /** What a rightly answered question teaches, by language. The server tells it with the verdict. */
  feedback?: Record<string, string>;
  /** What is said to a wrong answer, by language. The server tells it with the verdict. */
  hint?: Record<string, string>;
}

export interface ServerRecord {
  seq: number;
  completion: number;
  completed: boolean;
  passed: boolean;
  failed: boolean;
  scaled: number;
  settled: number;
  of: number;
  ruleVersion: number;
  decidedAt?: string;
}

export interface Artifact {
  id: string;
  node: string;
  provenance: Provenance;
  observe_millis: number;
  observe_within_m: number;
}

export interface Room {
  scene: string;
  lightmap: string | null;
  doors?: { to: string; node: string }[];
}

export interface Stop {
  id: string;
  room: string;
  artifact: Artifact | null;
  checkpoint: string | null;
  topics: string[];
  prerequisites: string[];
  required: boolean;
  evidence: EvidenceKind[];
  picture: string | null;
}

export interface Venue {
  id: string;
  languages: string[];
  start: { room: string; node: string };
  rooms: Record<string, Room>;
  stops: Stop[];
  draft: boolean;
  checkpoints: Record<string, { id: string; questions: { id: string; kind: QuestionKind }[] }>;
  completion: { version: number; mastery: number; attempts: number };
}

export interface StopProgress {
  stop: string;
  required: boolean;
  available: boolean;
  evidence: EvidenceKind[];
  needed: EvidenceKind[];
  done: boolean;
  questionsSettled: number;
  questions: number;
}

export interface Mastery {
  scaled: number;
  settled: number;
  of: number;
  threshold: number;
}

export interface Progress {
  completion: number;
  stops: StopProgress[];
  mastery: Mastery;
  completed: boolean;
  passed: boolean;
  failed: boolean;
}

export interface QuestionView {
  question: string;
  kind: QuestionKind;
  options: { id: string }[];
  targets: { id: string }[];
}

export interface SlotPanel {
  question: QuestionView;
  attempt: number;
  attempts: number;
  status: "open" | "pending" | "right" | "exhausted";
  leadBack: string | null;
  lastWrong: string | null;
}

export interface CheckpointPanel {
  checkpoint: string;
  stop: string;
  slots: SlotPanel[];
  open: number | null;
}

export interface StopSummary {
  stop: string;
  done: boolean;
  understood: string[];
  lookAgain: [question: string, stop: string][];
  missing: EvidenceKind[];
}

export interface TopicSummary {
  topic: string;
  stops: number;
  done: number;
  questions: number;
  understood: number;
}

export interface Summary {
  completed: boolean;
  passed: boolean;
  failed: boolean;
  scaled: number;
  stops: StopSummary[];
  topics: TopicSummary[];
}

export type TourEvent =
  | { type: "entered"; room: string }
  | { type: "arrived"; stop: string }
  | { type: "evidence"; stop: string; kind: EvidenceKind }
  | { type: "stop-done"; stop: string }
  | { type: "pending"; question: string }
  | {
      type: "marked";
      checkpoint: string;
      question: string;
      right: boolean;
      attempt: number;
      score: number;
      settled: boolean;
      leadBack: string | null;
      next: string | null;
    }
  | { type: "progressed"; completion: number }
  | { type: "completed" }
  | { type: "passed"; scaled: number }
  | { type: "failed"; scaled: number }
  | { type: "refused"; [detail: string]: unknown };

export interface Marker {
  stop: string;
  x: number;
  y: number;
  visible: boolean;
  metres: number;
}

export interface ArtifactInView {
  artifact: string;
  x: number;
  y: number;
  visible: boolean;
}

export interface DoorInView {
  to: string;
  x: number;
  y: number;
  visible: boolean;
  metres: number;
}

export interface View {
  room: string;
  position: [number, number, number];
  yawDeg: number;
  pitchDeg: number;
  /** The visitor is on the move, and all this is about to be otherwise. */
  moving: boolean;
  markers: Marker[];
  artifacts: ArtifactInView[];
  doors: DoorInView[];
}

/** Something that can be pressed on the panel in a headset: what it says or does, and its middle in the room, metres. */
export interface Press {
  says: string;
  position: [number, number, number];
}

export type Message =
  | { type: "loading"; step: "package" | "scene" | "textures" | "shaders"; done: number; total: number }
  | { type: "ready" }
  | { type: "entry"; entry: Entry }
  | { type: "event"; event: TourEvent }
  | { type: "progress"; progress: Progress }
  | { type: "checkpoint"; panel: CheckpointPanel | null }
  | { type: "summary"; summary: Summary }
  | ({ type: "view" } & View)
  | { type: "hover"; stop: string | null; artifact: string | null; door: string | null }
  | { type: "passing"; to: string | null }
  | { type: "room-entered"; room: string }
  | { type: "room-missed"; room: string; detail: string }
  | { type: "stop-entered"; stop: string }
  | { type: "stop-left"; stop: string }
  | { type: "artifact-opened"; stop: string }
  | { type: "artifact-closed"; stop: string }
  | { type: "locating"; question: string | null }
  | { type: "arrived"; stop: string }
  | { type: "panel"; presses: Press[]; named: string | null }
  | { type: "brought"; lies: boolean }
  | { type: "speak"; language: string }
  | ({ type: "comfort" } & import("./headset.js").Comfort)
  | { type: "pulse"; side: "left" | "right"; strength: number; millis: number }
  | { type: "noticed"; notice: string; action: string | null }
  | { type: "take-off" }
  | { type: "failure"; code: string; detail: string };

/** What the module is started with. */
export interface StartConfig {
  packageUrl: string;
  seed: number;
  entries: Entry[];
  verdicts: Verdict[];
  startedMsAgo: number;
  reducedMotion: boolean;
  pixelRatioMax: number;
  headset: boolean;
}

/** The WebAssembly module as the page sees it. */
export interface App {
  start(canvas: HTMLCanvasElement | null, config: string, onMessage: (message: Message) => void): void;
  go_to(stop: string): void;
  open(stop: string): void;
  go_into(room: string): void;
  close(): void;
  focus_stop(stop: string): void;
  story_read(stop: string): void;
  described(stop: string): void;
  arrive(stop: string): void;
  answer(answer: string): void;
  locate(question: string): void;
  cancel_locate(): void;
  walk(x: number, z: number): void;
  turn(yawDeg: number, pitchDeg: number): void;
  inset(left: number, top: number, right: number, bottom: number): void;
  learn(verdicts: string): void;
  pause(paused: boolean): void;
  headset_begin(wear: string, ear: import("./again.js").Again): void;
  headset_frame(report: Float32Array, framebuffer: WebGLFramebuffer | null, width: number, height: number, encodes: boolean): void;
  headset_end(): void;
  headset_words(words: string): void;
  headset_font(font: Uint8Array): void;
  summary(): string;
}
