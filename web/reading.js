/**
 * When a story counts as read: its end was reached, and not faster than anybody reads.
 */

/** Chinese characters and words that a practised reader takes in a second. */
const CHARACTERS_PER_SECOND = 8;
const WORDS_PER_SECOND = 5;

/** The share of that time below which nobody has read, modest so that quick readers are not punished. */
const LEAST_SHARE = 0.2;

/** How long reading a text must at least take, milliseconds. @param {string} text */
export function leastReadingMillis(text) {
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.replace(/\p{Script=Han}/gu, " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return 1000 * LEAST_SHARE * (characters / CHARACTERS_PER_SECOND + words / WORDS_PER_SECOND);
}

/** Decides once whether a text has been read. It knows no clock but the one it is told. */
export class Reading {
  #reached = false;
  #said = false;

  /** @param {number} leastMillis @param {boolean} fits whether the whole text is in view at once */
  constructor(leastMillis, fits) {
    this.leastMillis = leastMillis;
    this.fits = fits;
  }

  /** The end of the text came into view. */
  reachEnd() {
    this.#reached = true;
  }

  /** The reader says so. */
  say() {
    this.#said = true;
  }

  get said() {
    return this.#said;
  }

  /** @param {number} visibleMillis how long the text has been in front of the reader */
  isRead(visibleMillis) {
    if (this.fits) return this.#said;
    return (this.#reached || this.#said) && visibleMillis >= this.leastMillis;
  }
}

/** How often the reader's time is added up. */
const TICK_MILLIS = 250;

/**
 * Watches a scrolling text and says once that it was read.
 * @param {{scroller: HTMLElement, text: HTMLElement, end: HTMLElement, onRead: () => void}} watched
 */
export function watchReading({ scroller, text, end, onRead }) {
  const fits = scroller.scrollHeight <= scroller.clientHeight + 4;
  const reading = new Reading(leastReadingMillis(text.textContent ?? ""), fits);
  let visibleMillis = 0;
  const observer = new IntersectionObserver(
    (seen) => {
      if (seen.some((one) => one.isIntersecting)) reading.reachEnd();
    },
    { root: scroller === document.documentElement ? null : scroller },
  );
  observer.observe(end);
  const stop = () => {
    clearInterval(timer);
    observer.disconnect();
  };
  const check = () => {
    if (!reading.isRead(visibleMillis)) return;
    stop();
    onRead();
  };
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") visibleMillis += TICK_MILLIS;
    check();
  }, TICK_MILLIS);
  return {
    fits,
    stop,
    say() {
      reading.say();
      check();
    },
  };
}
