/** App Home: the one view that the app publishes for each person. */

import { patchBlocks } from "./blocks.js";
import { h, keepFocus } from "./dom.js";

/** @typedef {import("./app.js").App} App */

/** @param {HTMLElement} root @param {App} app @returns {() => void} draw */
export function mountHome(root, app) {
  const blocks = h("div", { class: "blocks" });
  const empty = h("p", { class: "empty" }, `${app.cast.app.name} has published nothing here for this person yet.`);
  root.append(empty, blocks);
  let shown = "";
  return () => {
    const view = app.screen.home;
    // Blocks that look the same for two people are still each person's own.
    if (shown !== `${app.me} ${view?.id}`) blocks.replaceChildren();
    shown = `${app.me} ${view?.id}`;
    empty.hidden = Boolean(view) || app.waiting;
    keepFocus(() => patchBlocks(blocks, view?.blocks ?? [], {
      app, container: { type: "view", view_id: view?.id }, form: app.form(`${app.me} home`) }));
  };
}
