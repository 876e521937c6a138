/** Buttons and overflow menus. */

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { flatOptions } from "./form.js";
import { webLink } from "./mentions.js";
import { plain } from "./plain.js";
import { act, change } from "./slot.js";

/** @typedef {import("./slot.js").Slot} Slot */

/** @param {any} element @param {Slot} slot @returns {HTMLElement} */
export function button(element, slot) {
  const link = element.url ? webLink(element.url, plain(element.text)) : null;
  const node = link ?? h("button", { type: "button" }, plain(element.text));
  node.classList.add("button");
  if (["primary", "danger"].includes(element.style)) node.classList.add(element.style);
  if (element.accessibility_label) node.setAttribute("aria-label", element.accessibility_label);
  node.dataset.key = `${slot.blockId}/${element.action_id}`;
  node.addEventListener("click", () => void press(node, element, slot));
  return node;
}

/** Ignores a second click while the first is on its way. @param {HTMLElement} node @param {any} element @param {Slot} slot */
async function press(node, element, slot) {
  if (node.ariaBusy === "true") return;
  node.ariaBusy = "true";
  if (!element.confirm || await confirmed(element.confirm)) await act(element, slot);
  node.ariaBusy = null;
}

/** @param {any} element @param {Slot} slot @returns {HTMLElement} */
export function overflow(element, slot) {
  const menu = h("details", { class: "overflow" });
  const close = () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
  const items = flatOptions(element).map((option) => h("li", {}, h("button", {
    type: "button",
    onclick: () => { close(); void change(element, slot, option.value); },
  }, option.text)));
  menu.append(
    h("summary", { class: "button", "aria-label": "More actions", "data-key": `${slot.blockId}/${element.action_id}` }, "⋯"),
    h("ul", { role: "list" }, ...items));
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    close();
  });
  return menu;
}
