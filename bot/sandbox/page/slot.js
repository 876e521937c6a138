/** What block elements have in common: a place in a block, a label, and what happens when the person changes one. */

import { confirmed } from "./confirm.js";
import { collect } from "./form.js";
import { plain } from "./plain.js";

/** @typedef {import("./app.js").App} App */
/**
 * Where blocks stand: the message or view, and what was entered in it.
 * @typedef {{app: App, container: import("./types.js").Container, form: import("./form.js").FormValues,
 *            errors?: Record<string, string>}} Surface
 */

/**
 * Where an element stands.
 * @typedef {{surface: Surface, blockId: string, labelledBy?: string, describedBy?: string,
 *            invalid?: boolean, required?: boolean, hinted?: boolean, dispatch: boolean}} Slot
 */

/** Attributes that every field needs. @param {any} element @param {Slot} slot */
export function fieldProps(element, slot) {
  const own = plain(element.placeholder) || element.action_id;
  return {
    "data-key": `${slot.blockId}/${element.action_id}`,
    "aria-labelledby": slot.labelledBy,
    "aria-label": slot.labelledBy ? null : own,
    "aria-describedby": slot.describedBy,
    "aria-invalid": slot.invalid ? "true" : null,
    "aria-required": slot.required ? "true" : null,
    "data-autofocus": Boolean(element.focus_on_load),
  };
}

/** @param {any} element @param {Slot} slot @returns {import("./form.js").Value} */
export function currentValue(element, slot) {
  return slot.surface.form.get(slot.blockId, element);
}

/**
 * The person changed an element: remember it and, where the block wants it, tell the app.
 * @param {any} element @param {Slot} slot @param {import("./form.js").Value} value
 * @returns {Promise<boolean>} false: they thought better of it in the confirm dialog
 */
export async function change(element, slot, value) {
  if (slot.dispatch && element.confirm && !await confirmed(element.confirm)) return false;
  slot.surface.form.set(slot.blockId, element, value);
  if (slot.dispatch) await act(element, slot, value);
  return true;
}

/**
 * Send a block action; from a view with all that was entered so far, as Slack does.
 * @param {any} element @param {Slot} slot @param {import("./form.js").Value} [value] left out for buttons
 */
export async function act(element, slot, value) {
  const { app, container, form } = slot.surface;
  const view = container.type === "view" ? app.view(container.view_id) : null;
  await app.post("/act", { container, block_id: slot.blockId, action_id: element.action_id, value,
    values: view ? collect(view, form) : undefined });
}
