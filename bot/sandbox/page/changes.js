/** What came and what went between two looks at the account, and for how long it is marked on the page. */

export const MARK_MS = 12_000;

/**
 * One line of the account: somebody has something somewhere. `words` is what is said when it came and when it went.
 * @template T
 * @typedef {{key: string, group: string, row: T, words: {came: string, went: string}}} Line
 */

/** @template T */
export class Changes {
  /** @type {Map<string, Line<T>>|null} */
  #held = null;
  /** @type {Map<string, {mark: "new"|"gone", line: Line<T>, until: number}>} */
  #marks = new Map();
  due = false;

  /** @param {Line<T>[]} lines @returns {string[]} what changed, in words */
  see(lines) {
    const now = performance.now();
    const held = new Map(lines.map((line) => [line.key, line]));
    for (const [key, mark] of this.#marks) if (mark.until <= now) this.#marks.delete(key);
    /** @type {string[]} */
    const words = [];
    const note = (/** @type {Line<T>} */ line, /** @type {"new"|"gone"} */ mark) => {
      this.#marks.set(line.key, { line, mark, until: now + MARK_MS });
      words.push(mark === "new" ? line.words.came : line.words.went);
    };
    const before = this.#held;
    if (before) {
      for (const [key, line] of held) if (!before.has(key)) note(line, "new");
      for (const [key, line] of before) if (!held.has(key)) note(line, "gone");
    }
    this.#held = held;
    this.due = words.length > 0;
    return words;
  }

  /** The lines of a group, those that just went at the end. @param {string} group @returns {(T & {mark: ""|"new"|"gone"})[]} */
  rows(group) {
    const here = [...(this.#held?.values() ?? [])].filter((line) => line.group === group);
    const gone = [...this.#marks.values()].filter((one) => one.mark === "gone" && one.line.group === group);
    return [
      ...here.map(({ key, row }) => ({ ...row, mark: /** @type {""|"new"} */ (this.#marks.get(key)?.mark === "new" ? "new" : "") })),
      ...gone.map(({ line }) => ({ ...line.row, mark: /** @type {"gone"} */ ("gone") })),
    ];
  }
}
