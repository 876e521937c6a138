/** Whether the server is there: it must answer, and its stream of changes must be open. Tries again by itself. */

import { ApiError, call } from "./api.js";

const RETRY_MS = 2000;

export class Connection {
  #streaming = true;
  #answering = true;
  #retry = 0;

  /**
   * @param {() => void} changed `up` may have changed
   * @param {() => void} refresh ask again for everything that may have been missed
   */
  constructor(changed, refresh) {
    this.changed = changed;
    this.refresh = refresh;
  }

  get up() {
    return this.#streaming && this.#answering;
  }

  /** The stream was opened or lost. @param {boolean} yes */
  streams(yes) {
    this.#streaming = yes;
    this.changed();
    if (yes) this.refresh();
  }

  /**
   * Ask for something that the page shows.
   * @param {string} path @param {(answer: any) => void} use called with the answer, if there is one
   * @param {object} [body]
   */
  async load(path, use, body) {
    let answer;
    try {
      answer = await call(path, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#answers(false);
      return;
    }
    this.#answers(true);
    use(answer);
  }

  /** @param {boolean} yes */
  #answers(yes) {
    if (!yes) {
      window.clearTimeout(this.#retry);
      this.#retry = window.setTimeout(this.refresh, RETRY_MS);
    }
    if (this.#answering === yes) return;
    this.#answering = yes;
    this.changed();
  }
}
