/** Who is a member of the account's workspaces and projects, and in which roles: those with somebody besides the owner. */

import { Changes } from "./changes.js";
import { h, patchList } from "./dom.js";
import { momentNode } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Place} Place */
/** @typedef {{user: string, role: string, since: number}} Seat */
/** @typedef {Seat & {mark: ""|"new"|"gone"}} Row */

/** @param {Place} place */
const nameOf = (place) => `${place.product_title} ${place.title}`;
/** @param {Place} place */
const keyOf = (place) => `${place.product} ${place.place}`;

export class Members {
  /** @type {Changes<Seat>} */
  #changes = new Changes();

  get due() { return this.#changes.due; }

  /** @param {Place[]} places @returns {string[]} what changed, in words */
  see(places) {
    return this.#changes.see(places.flatMap((place) => others(place).flatMap((one) => one.roles.map((role) => ({
      key: `${keyOf(place)} ${one.user_id} ${role}`,
      group: keyOf(place),
      row: { user: one.user, role, since: one.roles_since[role] },
      words: {
        came: `${one.user} now has ${role} in ${nameOf(place)}`,
        went: `${one.user} no longer has ${role} in ${nameOf(place)}`,
      },
    })))));
  }

  /** @param {HTMLElement} root @param {Place[]} places @param {App} app */
  draw(root, places, app) {
    const rows = (/** @type {Place} */ place) => [...this.#changes.rows(keyOf(place)), ...idle(place)];
    patchList(root, places.filter((place) => rows(place).length > 0), {
      key: keyOf,
      sign: (place) => JSON.stringify([place, rows(place)]),
      make: (place) => placeNode(place, rows(place), app),
    });
  }
}

/** @param {Place} place */
function others(place) {
  return place.members.filter((one) => !one.owner);
}

/** Members without a role. @param {Place} place @returns {Row[]} */
function idle(place) {
  return others(place).filter((one) => one.roles.length === 0)
    .map((one) => ({ user: one.user, role: "", since: one.since, mark: "" }));
}

/** @param {Place} place @param {Row[]} rows @param {App} app */
function placeNode(place, rows, app) {
  const [product, name] = [place.product_title, nameOf(place)];
  // A MaxCompute project has no id besides its name.
  const where = place.place === place.title ? [product] : [product, " ", h("span", { class: "place-id" }, place.place)];
  return h("article", { class: "policy", "data-place": keyOf(place), "aria-label": name },
    h("h4", {}, place.title, h("span", { class: "type" }, ...where)),
    h("ul", { role: "list" }, ...rows.map((row) => seatNode(row, app))));
}

/** @param {Row} row @param {App} app */
function seatNode(row, app) {
  const gone = row.mark === "gone";
  return h("li", { class: row.mark ? `holder is-${row.mark}` : "holder", "data-user": gone ? null : row.user,
    "data-gone": gone ? row.user : null, "data-role": row.role },
  h(gone ? "s" : "span", { class: "holder-name" }, row.user),
  h(gone ? "s" : "span", { class: "via" }, row.role || "no role"),
  row.mark && h("span", { class: "mark" }, gone ? "taken away" : "new"),
  !gone && h("span", { class: "since" }, "since ", momentNode(row.since, app.clock)));
}
