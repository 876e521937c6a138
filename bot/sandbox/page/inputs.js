/** Fields that are typed: text, e-mail, number, date and time. */

import { h } from "./dom.js";
import { plain } from "./plain.js";
import { change, currentValue, fieldProps } from "./slot.js";

/** @typedef {import("./slot.js").Slot} Slot */

/** @param {any} element @param {Slot} slot */
export function textField(element, slot) {
  const node = field(element.multiline ? "textarea" : "input", element, slot,
    element.multiline ? { rows: 4 } : { type: "text" });
  typed(node, element, slot);
  return node;
}

/** @param {any} element @param {Slot} slot */
export function emailField(element, slot) {
  const node = field("input", element, slot, { type: "email", autocomplete: "off" });
  typed(node, element, slot);
  return node;
}

/** @param {any} element @param {Slot} slot */
export function numberField(element, slot) {
  const node = field("input", element, slot, {
    type: "text", inputmode: element.is_decimal_allowed ? "decimal" : "numeric" });
  typed(node, element, slot);
  return node;
}

/** @param {any} element @param {Slot} slot */
export const dateField = (element, slot) => picked("date", element, slot);

/** @param {any} element @param {Slot} slot */
export const timeField = (element, slot) => picked("time", element, slot);

/** @param {string} tag @param {any} element @param {Slot} slot @param {object} props */
function field(tag, element, slot, props) {
  return h(tag, { ...fieldProps(element, slot), ...props, value: currentValue(element, slot) ?? "",
    placeholder: plain(element.placeholder) || null });
}

/**
 * Remember every keystroke; tell the app on Enter or on each character, as the element asks.
 * @param {any} node @param {any} element @param {Slot} slot
 */
function typed(node, element, slot) {
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const quiet = { ...slot, dispatch: false };
  node.addEventListener("input", () => {
    void change(element, on.includes("on_character_entered") ? slot : quiet, node.value || null);
  });
  node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.shiftKey || !slot.dispatch || !on.includes("on_enter_pressed")) return;
    event.preventDefault();
    void change(element, slot, node.value || null);
  });
}

/** @param {"date"|"time"} type @param {any} element @param {Slot} slot */
function picked(type, element, slot) {
  const node = field("input", element, slot, { type });
  node.addEventListener("change", async () => {
    const before = currentValue(element, slot);
    if (!await change(element, slot, node.value || null)) node.value = before ?? "";
  });
  return node;
}
