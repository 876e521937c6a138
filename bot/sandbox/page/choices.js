/** Radio buttons and checkboxes: native fields in a labelled group. */

import { h, uid } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { plain } from "./plain.js";
import { change, currentValue, fieldProps } from "./slot.js";

/** @typedef {import("./slot.js").Slot} Slot */

/** @param {any} element @param {Slot} slot */
export function radioButtons(element, slot) {
  const name = uid("radio");
  return group(element, slot, "radiogroup", (option) => ({
    type: "radio", name, checked: currentValue(element, slot) === option.value,
  }), (boxes) => boxes.find((box) => box.checked)?.value ?? null);
}

/** @param {any} element @param {Slot} slot */
export function checkboxes(element, slot) {
  return group(element, slot, "group", (option) => ({
    type: "checkbox", checked: (currentValue(element, slot) ?? []).includes(option.value),
  }), (boxes) => boxes.filter((box) => box.checked).map((box) => box.value));
}

/**
 * @param {any} element @param {Slot} slot @param {string} role
 * @param {(option: any) => object} props of one option's input
 * @param {(boxes: HTMLInputElement[]) => import("./form.js").Value} read
 */
function group(element, slot, role, props, read) {
  const { "data-key": key, ...common } = fieldProps(element, slot);
  const node = h("div", { class: "choices", role, ...common });
  /** @type {HTMLInputElement[]} */
  const boxes = [];
  element.options.forEach((/** @type {any} */ option, /** @type {number} */ index) => {
    const described = option.description ? uid("option") : null;
    const box = h("input", { ...props(option), value: option.value, "data-key": `${key}/${index}`,
      "aria-describedby": described });
    boxes.push(box);
    const { app } = slot.surface;
    const text = option.text.type === "mrkdwn" ? mrkdwn(option.text.text, app) : plain(option.text);
    node.append(h("div", { class: "choice" }, h("label", {}, box, h("span", {}, text)),
      described && h("p", { id: described, class: "hint" }, plain(option.description))));
  });
  node.addEventListener("change", async () => {
    const before = currentValue(element, slot) ?? [];
    if (await change(element, slot, read(boxes))) return;
    for (const box of boxes) box.checked = Array.isArray(before) ? before.includes(box.value) : before === box.value;
  });
  return node;
}
