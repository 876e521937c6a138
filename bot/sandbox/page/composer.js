/** Where a person types: Enter sends, / and @ complete, arrow up brings back what was sent last. */

import { complete } from "./completion.js";
import { h } from "./dom.js";
import { Listbox } from "./listbox.js";
import { isDirect } from "./places.js";

/** @typedef {import("./app.js").App} App */

/**
 * @param {HTMLElement} root @param {App} app @param {(text: string) => void} sent
 * @returns {{draw: () => void, write: (text: string) => void}}
 */
export function mountComposer(root, app, sent) {
  /** @type {Map<string, string>} half-typed texts, by person and place */
  const drafts = new Map();
  let shown = "";
  const field = h("textarea", { id: "composer-text", rows: 1, autocomplete: "off", spellcheck: "false", "data-key": "composer" });
  const narrow = window.matchMedia("(max-width: 480px)");
  let last = "";
  let from = 0;
  const list = new Listbox(field, "Completions", (item) => {
    const rest = field.value.slice(field.selectionStart);
    const start = `${field.value.slice(0, from)}${item.value} `;
    write(start + rest.trimStart(), start.length);
  });
  const suggest = () => {
    fit(field);
    const found = complete(field.value.slice(0, field.selectionStart), app.cast);
    if (!found) return list.close();
    from = found.from;
    list.show(found.items, found.preselect);
  };
  const write = (/** @type {string} */ text, /** @type {number} */ caret = text.length) => {
    field.value = text;
    field.focus();
    field.setSelectionRange(caret, caret);
    suggest();
  };
  const send = async () => {
    const text = field.value.trim();
    if (!text) return;
    list.close();
    [last, field.value] = [text, ""];
    fit(field);
    const answer = await app.post("/say", { channel: app.place, text });
    if (answer?.ok === false && !field.value) write(text);
    else sent(text);
  };
  field.addEventListener("input", suggest);
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "ArrowUp" && !field.value && last) {
      event.preventDefault();
      write(last);
      list.close();
    }
  });
  const notice = new Notice(app);
  const form = h("form", { class: "composer", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    void send();
  } }, list.node, field, h("button", { type: "submit", class: "primary" }, "Send"));
  root.append(notice.node, form);
  return { write, draw: () => {
    const here = app.conversation(app.place);
    const name = here ? (isDirect(here.kind) ? here.name : `#${here.name}`) : "";
    form.hidden = !here?.is_member;
    field.setAttribute("aria-label", `Message ${name}`);
    const key = `${app.me} ${app.place}`;
    if (here && key !== shown) {
      drafts.set(shown, field.value);
      field.value = drafts.get(key) ?? "";
      shown = key;
      list.close();
      fit(field);
    }
    field.placeholder = narrow.matches ? "Message, or / for commands" : `Message ${name}, or type / for commands`;
    notice.draw();
  } };
}

/** Grow with the text, up to what the style allows. @param {HTMLTextAreaElement} field */
function fit(field) {
  field.style.height = "auto";
  if (!field.scrollHeight) return;
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** What failed a moment ago, said to its person only, until they put it away. */
class Notice {
  /** @type {string} */
  #dismissed = "";

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.text = h("span");
    this.node = h("div", { class: "notice", role: "alert", hidden: true }, this.text,
      h("button", { type: "button", "aria-label": "Dismiss this notice", onclick: () => {
        this.#dismissed = this.#key();
        this.app.trouble = null;
        this.draw();
      } }, "×"));
  }

  #key() {
    const { notice } = this.app.screen;
    return notice ? `${this.app.me} ${notice.at} ${notice.text}` : "";
  }

  draw() {
    const { notice } = this.app.screen;
    const text = this.app.trouble ?? (this.#key() !== this.#dismissed ? notice?.text : "") ?? "";
    if (this.text.textContent !== text) this.text.textContent = text;
    this.node.hidden = !text;
  }
}
