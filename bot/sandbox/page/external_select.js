/** A select whose options the app supplies while one types (block_suggestion). */

import { h, uid } from "./dom.js";
import { flatOptions } from "./form.js";
import { Listbox } from "./listbox.js";
import { plain } from "./plain.js";
import { change, currentValue, fieldProps } from "./slot.js";

/** @typedef {import("./slot.js").Slot} Slot */

const PAUSE_MS = 200;
const LEAST_QUERY = 3;

/** @param {any} element @param {Slot} slot @returns {HTMLElement} */
export function externalSelect(element, slot) {
  const field = h("input", { ...fieldProps(element, slot), id: uid("field"), type: "text", autocomplete: "off", "data-main": true,
    placeholder: plain(element.placeholder) || null, value: shown(element, slot) });
  const note = h("p", { class: "hint", role: "status" });
  const list = new Listbox(field, "Suggestions", async (item) => {
    slot.surface.form.nameOption(item.value, item.text);
    await change(element, slot, item.value);
    field.value = shown(element, slot);
  });
  const least = element.min_query_length ?? LEAST_QUERY;
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    if (!field.isConnected) return;
    const mine = asked += 1;
    if (field.value.length < least) {
      list.close();
      note.textContent = least > 0 ? `Type at least ${least} character${least > 1 ? "s" : ""}.` : "";
      return;
    }
    // Untouched, the field shows what is chosen; that is not what is looked for.
    const query = field.value === shown(element, slot) ? "" : field.value;
    const found = await suggestions(element, slot, query);
    if (mine !== asked || document.activeElement !== field) return;
    note.textContent = found.length ? "" : "Nothing found.";
    list.show(found, true);
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  };
  field.addEventListener("input", () => {
    if (!field.value) void change(element, { ...slot, dispatch: false }, null);
    later();
  });
  field.addEventListener("focus", () => {
    field.select();
    later();
  });
  field.addEventListener("blur", () => {
    window.clearTimeout(timer);
    asked += 1;
    note.textContent = "";
    field.value = shown(element, slot);
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => void list.key(event));
  return h("div", { class: "external" }, field, list.node, note);
}

/** The text of the chosen option. @param {any} element @param {Slot} slot */
function shown(element, slot) {
  const value = currentValue(element, slot);
  if (value === null) return "";
  if (value === element.initial_option?.value) return plain(element.initial_option.text);
  return slot.surface.form.optionName(String(value));
}

/** @param {any} element @param {Slot} slot @param {string} query */
async function suggestions(element, slot, query) {
  const { app, container } = slot.surface;
  const where = container.type === "view" ? { view_id: container.view_id } : { channel: container.channel, ts: container.ts };
  const answer = await app.ask("/suggest", { ...where, block_id: slot.blockId, action_id: element.action_id, query });
  return flatOptions(answer ?? {}).map((one) => ({ value: one.value, text: one.text, about: one.description }));
}
