/** Switches to break something of the account, so that /pairec-status has something to find, and to mend it again. */

import { announce, h, patchList } from "./dom.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Switch} Switch */

/** @param {HTMLElement} root @param {App} app @returns {() => void} draw */
export function mountSwitches(root, app) {
  const list = h("ul", { role: "list" });
  const count = h("span", { class: "broken-count" });
  root.append(h("summary", {}, "Break something ", count),
    h("p", { class: "switches-about" }, "Then ask ", h("code", {}, "/pairec-status"), " what it finds."), list);
  return () => {
    const switches = app.account?.switches ?? [];
    const broken = switches.filter((one) => one.broken).length;
    count.textContent = broken ? `${broken} broken` : "";
    const titles = [...new Set(switches.map((one) => one.title))];
    patchList(list, titles, {
      key: (title) => title,
      sign: (title) => JSON.stringify(switches.filter((one) => one.title === title)),
      make: (title) => h("li", { class: "switch" }, h("span", { class: "switch-title" }, title),
        h("span", { class: "switch-parts" }, ...switches.filter((one) => one.title === title).map((one) => part(one, app)))),
    });
  };
}

/** @param {Switch} one @param {App} app */
function part(one, app) {
  return h("label", {}, h("input", { type: "checkbox", checked: one.broken, "data-switch": one.name,
    "aria-label": `${one.title}: ${one.what}`,
    onchange: async (/** @type {any} */ event) => {
      const broken = event.target.checked;
      await app.turn(one.name, broken);
      announce(`${one.title}: ${broken ? one.what : "put right"}`);
    } }), one.what);
}
