/** Block elements by type. */

import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { h } from "./dom.js";
import { externalSelect } from "./external_select.js";
import { dateField, emailField, numberField, textField, timeField } from "./inputs.js";
import { multiSelect, multiUsersSelect, staticSelect, usersSelect } from "./selects.js";

/** @typedef {import("./slot.js").Slot} Slot */

/** @type {Record<string, (element: any, slot: Slot) => HTMLElement>} */
const ELEMENTS = {
  button, overflow, checkboxes,
  workflow_button: button,
  radio_buttons: radioButtons,
  static_select: staticSelect,
  users_select: usersSelect,
  multi_static_select: multiSelect,
  multi_users_select: multiUsersSelect,
  external_select: externalSelect,
  plain_text_input: textField,
  email_text_input: emailField,
  url_text_input: textField,
  number_input: numberField,
  datepicker: dateField,
  timepicker: timeField,
};

/** @param {any} element @param {Slot} slot @returns {HTMLElement} */
export function renderElement(element, slot) {
  if (element.type === "image") return h("span", { class: "picture" }, `Image: ${element.alt_text}`);
  if (Object.hasOwn(ELEMENTS, element.type)) return ELEMENTS[element.type](element, slot);
  return h("span", { class: "unknown" }, `This page does not draw “${element.type}”.`);
}
