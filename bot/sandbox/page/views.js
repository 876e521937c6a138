/**
 * The person's modal: the top of their stack of views, in a native dialog. The server owns the stack; this
 * draws it, collects what was entered, and shows errors under their fields.
 */

import { patchBlocks } from "./blocks.js";
import { announce, h, keepFocus } from "./dom.js";
import { collect, refusals } from "./form.js";
import { plain } from "./plain.js";

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app
 * @returns {() => void} draw the stack as it is now
 */
export function mountViews(app) {
  return new Modal(app).draw;
}

class Modal {
  /** @type {any} */
  view = null;
  /** @type {Record<string, string>} errors known here before the server's screen has them */
  errors = {};
  /** @type {string|null} trouble that belongs to no field */
  trouble = null;
  busy = false;
  since = 0;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.title = h("h2", { id: "modal-title" });
    this.message = h("p", { class: "error", role: "alert", hidden: true });
    this.body = h("div", { class: "modal-body" });
    this.closer = h("button", { type: "button", onclick: () => void this.close() });
    this.submitter = h("button", { type: "submit", class: "primary" });
    const form = h("form", { novalidate: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.submit();
    } }, h("header", {}, this.title), this.message, this.body, h("footer", {}, this.closer, this.submitter));
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title",
      oncancel: (/** @type {Event} */ event) => {
        if (event.target !== this.dialog) return;
        event.preventDefault();
        void this.close();
      },
      onclose: (/** @type {Event} */ event) => {
        if (event.target === this.dialog && this.view) void this.close();
      } }, form);
    document.body.append(this.dialog);
  }

  draw = () => {
    const top = this.app.screen.modals.at(-1) ?? null;
    if (!top) return this.hide();
    if (top.id !== this.view?.id) this.since = this.app.clock.now();
    if (top.id !== this.view?.id || top.hash !== this.view?.hash) [this.errors, this.trouble] = [{}, null];
    const fresh = top.id !== this.view?.id;
    this.view = top;
    if (fresh) this.body.replaceChildren();
    keepFocus(() => this.drawView());
    if (!this.dialog.open) this.dialog.showModal();
    if (fresh) this.enter();
  };

  drawView() {
    const { view, app } = this;
    this.title.textContent = plain(view.title);
    this.closer.textContent = plain(view.close) || (view.submit ? "Cancel" : "Close");
    this.submitter.textContent = plain(view.submit);
    this.submitter.hidden = !view.submit;
    const errors = { ...app.screen.modal_errors?.[view.id], ...this.errors };
    patchBlocks(this.body, view.blocks, {
      app, container: { type: "view", view_id: view.id }, form: app.form(view.id), errors });
    const placed = new Set(view.blocks.map((/** @type {any} */ block) => block.block_id));
    const loose = Object.entries(errors).filter(([id]) => !placed.has(id)).map(([, text]) => text);
    const { notice } = app.screen;
    if (notice && notice.at >= this.since) loose.push(notice.text);
    if (this.trouble) loose.push(this.trouble);
    const text = loose.join(" ");
    if (this.message.textContent !== text) this.message.textContent = text;
    this.message.hidden = !text;
  }

  /** Start at the first field, as Slack does. */
  enter() {
    const first = this.body.querySelector("[data-autofocus]")
      ?? this.body.querySelector("input, select, textarea") ?? this.closer;
    first.focus();
    this.body.scrollTop = 0;
  }

  hide() {
    this.view = null;
    if (this.dialog.open) this.dialog.close();
  }

  async close() {
    if (this.busy || !this.view) return;
    this.busy = true;
    await this.app.post("/close", { view_id: this.view.id });
    this.busy = false;
    this.draw();
  }

  async submit() {
    if (this.busy) return;
    const { view, app } = this;
    this.errors = refusals(view, app.form(view.id));
    this.trouble = null;
    if (Object.keys(this.errors).length === 0) {
      this.loading(true);
      const answer = await app.post("/submit", { view_id: view.id, values: collect(view, app.form(view.id)) });
      this.loading(false);
      if (answer?.ok !== false) return;
      if (this.view?.id === view.id) {
        this.errors = answer.errors ?? {};
        this.trouble = answer.errors || app.screen.notice ? null : answer.error ?? "The app did not take this form. Please try again.";
      }
    }
    if (this.view?.id === view.id) this.complain();
  }

  /** @param {boolean} yes */
  loading(yes) {
    this.busy = yes;
    this.dialog.ariaBusy = yes ? "true" : null;
    if (yes) announce("Sending the form");
  }

  /** Draw the errors and go to the first bad field. */
  complain() {
    this.drawView();
    const bad = this.body.querySelector("[aria-invalid]");
    const field = bad?.matches("input, select, textarea") ? bad : bad?.querySelector("input, select, textarea");
    field?.focus();
  }
}
