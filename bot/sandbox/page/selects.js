/** Menus whose options are known: native selects, and for several answers a list of checkboxes. */

import { checkboxes } from "./choices.js";
import { h, uid } from "./dom.js";
import { flatOptions } from "./form.js";
import { plain } from "./plain.js";
import { change, currentValue, fieldProps } from "./slot.js";

/** @typedef {import("./slot.js").Slot} Slot */

/** @param {any} element @param {Slot} slot */
export function staticSelect(element, slot) {
  const choices = element.option_groups
    ? element.option_groups.map((/** @type {any} */ group) =>
      h("optgroup", { label: plain(group.label) }, ...options(flatOptions(group))))
    : options(flatOptions(element));
  return menu(element, slot, choices, flatOptions(element));
}

/** @param {any} element @param {Slot} slot */
export function usersSelect(element, slot) {
  const people = peopleOptions(slot);
  return menu(element, slot, options(people), people);
}

/** @param {any} element @param {Slot} slot */
export function multiSelect(element, slot) {
  const all = element.option_groups?.flatMap((/** @type {any} */ group) => group.options) ?? element.options;
  return unfolded({ ...element, options: all }, slot);
}

/** @param {any} element @param {Slot} slot */
export function multiUsersSelect(element, slot) {
  const people = peopleOptions(slot).map((one) => ({ value: one.value, text: { type: "plain_text", text: one.text } }));
  return unfolded({ ...element, options: people }, slot);
}

/** @param {Slot} slot */
function peopleOptions(slot) {
  return slot.surface.app.cast.people.map((one) => ({ text: one.real_name, value: one.id, description: "" }));
}

/** @param {{text: string, value: string}[]} all @returns {HTMLOptionElement[]} */
function options(all) {
  return all.map((one) => h("option", { value: one.value }, one.text));
}

/**
 * @param {any} element @param {Slot} slot @param {HTMLElement[]} choices
 * @param {{value: string, description: string}[]} flat
 */
function menu(element, slot, choices, flat) {
  const about = uid("about");
  const props = fieldProps(element, slot);
  // The block's own hint says more than the description of the chosen option.
  const describe = !slot.hinted && flat.some((one) => one.description);
  const note = h("p", { id: about, class: "hint" });
  const node = h("select", { ...props, "data-main": true,
    "aria-describedby": [props["aria-describedby"], describe && about].filter(Boolean).join(" ") || null },
  h("option", { value: "" }, plain(element.placeholder) || "Choose…"), ...choices);
  const show = () => {
    const value = currentValue(element, slot);
    node.value = flat.some((one) => one.value === value) ? value : "";
    note.textContent = flat.find((one) => one.value === value)?.description ?? "";
  };
  show();
  node.addEventListener("change", async () => {
    await change(element, slot, node.value || null);
    show();
  });
  return describe ? h("div", { class: "menu" }, node, note) : node;
}

/** In a form the list stands open; elsewhere it folds away. @param {any} element @param {Slot} slot */
function unfolded(element, slot) {
  const list = checkboxes(element, slot);
  list.classList.add("many");
  if (slot.required !== undefined) return list;
  return h("details", { class: "fold" },
    h("summary", { class: "button" }, plain(element.placeholder) || "Choose…"), list);
}
