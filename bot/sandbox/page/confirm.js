/** "Are you sure?": the confirm object of an element, as a dialog above whatever is open. */

import { h, uid } from "./dom.js";
import { plain } from "./plain.js";

/**
 * @param {any} confirm Slack's confirmation object
 * @returns {Promise<boolean>}
 */
export function confirmed(confirm) {
  const [title, text] = [uid("confirm"), uid("confirm-text")];
  const before = /** @type {HTMLElement|null} */ (document.activeElement);
  const danger = confirm.style === "danger" ? "danger" : "primary";
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog",
    { class: "confirm", role: "alertdialog", "aria-labelledby": title, "aria-describedby": text },
    h("form", { method: "dialog" },
      h("h2", { id: title }, plain(confirm.title) || "Are you sure?"),
      h("p", { id: text }, plain(confirm.text)),
      h("footer", {},
        h("button", { value: "no" }, plain(confirm.deny) || "Cancel"),
        h("button", { value: "yes", class: danger }, plain(confirm.confirm) || "Yes")))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
    resolve(dialog.returnValue === "yes");
  }));
}
