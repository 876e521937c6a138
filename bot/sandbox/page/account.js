/**
 * The account, live: who holds which policy since when, who is a member where, and the last writes. What just came or
 * went is marked for a moment, because seeing it happen is the point of the page.
 */

import { Changes, MARK_MS } from "./changes.js";
import { announce, h, keepFocus, patchList } from "./dom.js";
import { Members } from "./members.js";
import { moment, momentNode } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Holder} Holder */
/** @typedef {Holder & {mark: ""|"new"|"gone"}} Row */

/** @param {{policies: HTMLElement, members: HTMLElement, leftOut: HTMLElement, log: HTMLElement}} parts @param {App} app @returns {() => void} draw */
export function mountAccount({ policies, members, leftOut, log }, app) {
  /** @type {Changes<Holder>} */
  const changes = new Changes();
  const seats = new Members();
  const draw = () => {
    const { account } = app;
    if (!account) return;
    const words = [...changes.see(held(account)), ...seats.see(account.members)];
    if (words.length) {
      announce(words.join(". "));
      window.setTimeout(draw, MARK_MS + 50);
    }
    keepFocus(() => {
      patchList(policies, account.policies, {
        key: (policy) => policy.name,
        sign: (policy) => JSON.stringify([policy, changes.rows(policy.name)]),
        make: (policy) => policyNode(policy, changes.rows(policy.name), app),
      });
      seats.draw(members, account.members, app);
      patchList(leftOut, account.left_out, { key: (why) => why, sign: () => "", make: (why) => h("p", {}, ...inCode(why)) });
      patchList(log, account.log.slice().sort((a, b) => b.at - a.at), {
        key: (entry) => JSON.stringify(entry), sign: () => "", make: (entry) => logNode(entry, app) });
    });
    const fresh = changes.due ? policies : seats.due ? members : null;
    // The first is the one to be seen, and the others too where there is room.
    for (const one of [...fresh?.querySelectorAll(".is-new, .is-gone") ?? []].reverse()) one.scrollIntoView({ block: "nearest" });
  };
  return draw;
}

/** What is in backticks, as code. @param {string} text */
function inCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));
}

/** @param {import("./types.js").Account} account @returns {import("./changes.js").Line<Holder>[]} who holds what */
function held(account) {
  return account.policies.flatMap((policy) => policy.holders.map((holder) => ({
    key: `${policy.name} ${holder.user_id} ${holder.via ?? ""}`,
    group: policy.name,
    row: holder,
    words: { came: `${holder.user} now holds ${policy.name}`, went: `${holder.user} no longer holds ${policy.name}` },
  })));
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
  !gone && h("span", { class: "since" }, "since ", momentNode(row.since, app.clock)));
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
