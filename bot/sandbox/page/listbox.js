/**
 * The list that opens under a text field and is walked with the arrow keys while the focus stays in the field
 * (the combobox pattern). The composer and selects with options from the app share it.
 */

import { h, uid } from "./dom.js";

/** @typedef {{value: string, text: string, hint?: string, about?: string}} Item */

export class Listbox {
  /** @type {Item[]} */
  #items = [];
  #active = -1;

  /** @param {any} field @param {string} label @param {(item: Item) => void} choose */
  constructor(field, label, choose) {
    this.field = field;
    this.choose = choose;
    this.node = h("ul", { class: "listbox", role: "listbox", id: uid("listbox"), "aria-label": label, hidden: true });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": this.node.id })) field.setAttribute(name, value);
    field.addEventListener("blur", () => this.close());
  }

  get open() {
    return !this.node.hidden;
  }

  /** @param {Item[]} items @param {boolean} preselect the first item is taken by Enter without an arrow key */
  show(items, preselect) {
    this.#items = items;
    this.node.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.node.hidden = items.length === 0;
    this.field.setAttribute("aria-expanded", String(items.length > 0));
    this.#activate(preselect && items.length ? 0 : -1);
  }

  close() {
    if (this.open) this.show([], false);
  }

  /** @param {Item} item @param {number} index */
  #option(item, index) {
    const node = h("li", { role: "option", id: `${this.node.id}-${index}`, "aria-selected": "false" },
      h("span", { class: "option-text" }, item.text),
      item.hint && h("span", { class: "option-hint" }, item.hint),
      item.about && h("span", { class: "option-about" }, item.about));
    node.addEventListener("mousedown", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#take(index);
    });
    return node;
  }

  /** @param {number} index */
  #activate(index) {
    this.#active = index;
    [...this.node.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    const active = this.node.children[index];
    if (active) {
      this.field.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #take(index) {
    const item = this.#items[index];
    this.close();
    this.choose(item);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} true: the key was for the list
   */
  key(event) {
    if (!this.open) return false;
    const count = this.#items.length;
    if (event.key === "ArrowDown") this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#activate(this.#active <= 0 ? count - 1 : this.#active - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && !event.shiftKey) this.#take(Math.max(this.#active, 0));
    else if (event.key === "Enter" && !event.shiftKey && this.#active >= 0) this.#take(this.#active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
