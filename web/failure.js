/**
 * What a visitor is told a sentence about. The codes are those of the module and of the page.
 */
export class Failure extends Error {
  /** @param {string} code @param {string} [detail] for the console, never for the visitor */
  constructor(code, detail = "") {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}
