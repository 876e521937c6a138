/**
 * The RAM account, live: who holds which policy since when, and the last writes. What just came or went is
 * marked for a moment, because seeing it happen is the point of the page.
 */

import { announce, h, keepFocus, patchList } from "./dom.js";
import { moment, timeNode } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Holder} Holder */
/** @typedef {Holder & {mark: ""|"new"|"gone"}} Row */

const MARK_MS = 12_000;

/** @param {{policies: HTMLElement, log: HTMLElement}} parts @param {App} app @returns {() => void} draw */
export function mountAccount({ policies, log }, app) {
  const changes = new Changes();
  const draw = () => {
    const { account } = app;
    if (!account) return;
    for (const text of changes.see(account)) announce(text);
    if (changes.due) window.setTimeout(draw, MARK_MS + 50);
    keepFocus(() => {
      patchList(policies, account.policies, {
        key: (policy) => policy.name,
        sign: (policy) => JSON.stringify([policy, changes.rows(policy)]),
        make: (policy) => policyNode(policy, changes.rows(policy), app),
      });
      patchList(log, account.log.slice().sort((a, b) => b.at - a.at), {
        key: (entry) => JSON.stringify(entry), sign: () => "", make: (entry) => logNode(entry, app) });
    });
    if (changes.due) policies.querySelector(".is-new, .is-gone")?.scrollIntoView({ block: "nearest" });
  };
  return draw;
}

/** Remembers who held what at the last look, to tell what came and what went. */
class Changes {
  /** @type {Map<string, {policy: string, holder: Holder}>|null} */
  #held = null;
  /** @type {Map<string, {mark: "new"|"gone", policy: string, holder: Holder, until: number}>} */
  #marks = new Map();
  due = false;

  /** @param {import("./types.js").Account} account @returns {string[]} what changed, in words */
  see(account) {
    const now = performance.now();
    const held = new Map(account.policies.flatMap((policy) => policy.holders.map((holder) =>
      [`${policy.name} ${holder.user_id} ${holder.via ?? ""}`, { policy: policy.name, holder }])));
    for (const [key, mark] of this.#marks) if (mark.until <= now) this.#marks.delete(key);
    /** @type {string[]} */
    const words = [];
    const note = (/** @type {string} */ key, /** @type {any} */ one, /** @type {"new"|"gone"} */ mark) => {
      this.#marks.set(key, { ...one, mark, until: now + MARK_MS });
      words.push(`${one.holder.user} ${mark === "new" ? "now holds" : "no longer holds"} ${one.policy}`);
    };
    const before = this.#held;
    if (before) {
      for (const [key, one] of held) if (!before.has(key)) note(key, one, "new");
      for (const [key, one] of before) if (!held.has(key)) note(key, one, "gone");
    }
    this.#held = held;
    this.due = words.length > 0;
    return words;
  }

  /** @param {{name: string, holders: Holder[]}} policy @returns {Row[]} */
  rows(policy) {
    const mark = (/** @type {Holder} */ one) => this.#marks.get(`${policy.name} ${one.user_id} ${one.via ?? ""}`)?.mark;
    const gone = [...this.#marks.values()].filter((one) => one.mark === "gone" && one.policy === policy.name);
    return [
      ...policy.holders.map((one) => ({ ...one, mark: /** @type {""|"new"} */ (mark(one) === "new" ? "new" : "") })),
      ...gone.map((one) => ({ ...one.holder, mark: /** @type {"gone"} */ ("gone") })),
    ];
  }
}

/** @param {{name: string, type: string, description: string}} policy @param {Row[]} rows @param {App} app */
function policyNode(policy, rows, app) {
  const empty = rows.length === 0;
  return h("article", { class: empty ? "policy unheld" : "policy", "data-policy": policy.name, "aria-label": policy.name },
    h("h3", {}, policy.name, h("span", { class: "type" }, policy.type)),
    h("p", { class: "policy-about" }, policy.description),
    empty ? h("p", { class: "nobody" }, "Nobody")
      : h("ul", { role: "list" }, ...rows.map((row) => holderNode(row, app))));
}

/** @param {Row} row @param {App} app */
function holderNode(row, app) {
  const gone = row.mark === "gone";
  return h("li", { class: row.mark ? `holder is-${row.mark}` : "holder", "data-user": gone ? null : row.user,
    "data-gone": gone ? row.user : null },
  h(gone ? "s" : "span", { class: "holder-name" }, row.user),
  row.kind === "role" && h("span", { class: "via" }, "role"),
  row.mark && h("span", { class: "mark" }, gone ? "taken away" : "new"),
  row.via && h("span", { class: "via" }, `via group ${row.via}`),
  !gone && h("span", { class: "since" }, "since ", timeNode(row.since, "moment", app.clock)));
}

/** @param {{at: number, action: string, user: string, policy: string, result: string}} entry @param {App} app */
function logNode(entry, app) {
  const fine = /^(ok|success|200)$/i.test(entry.result);
  return h("li", { class: fine ? "write" : "write failed" },
    h("span", { class: "write-at" }, moment(entry.at, app.clock.now())),
    h("span", { class: "write-what" }, entry.action),
    h("span", { class: "write-result" }, entry.result),
    h("span", { class: "write-whom" }, [entry.user, entry.policy].filter(Boolean).join(" · ")));
}
