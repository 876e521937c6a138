/** The list on the left: channels, direct messages, App Home, shortcuts; with what is unread. */

import { HOME } from "./app.js";
import { h, keepFocus } from "./dom.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Conversation} Conversation */

/** @param {HTMLElement} root @param {App} app @returns {() => void} draw */
export function mountPlaces(root, app) {
  let drawn = "";
  return () => {
    const all = app.screen.conversations.map((one) => ({ one, count: one.id === app.place ? 0 : one.unread }));
    const sign = JSON.stringify([app.me, app.place, all.map(({ one, count }) => [one.id, one.name, count, one.unread_threads])]);
    if (sign === drawn) return;
    drawn = sign;
    keepFocus(() => root.replaceChildren(...sections(app, all)));
  };
}

/** @param {string} kind */
export const isDirect = (kind) => kind === "im" || kind === "mpim";

/** @param {App} app @param {{one: Conversation, count: number}[]} all */
function sections(app, all) {
  const links = (/** @type {(kind: string) => boolean} */ wanted) => all.filter(({ one }) => wanted(one.kind))
    .map(({ one, count }) => link(app, one.id, isDirect(one.kind) ? one.name : `#${one.name}`, count));
  const shortcuts = app.cast.shortcuts.map((one) => h("button", { type: "button", class: "place", "data-key": one.callback_id,
    onclick: () => void app.post("/shortcut", { callback_id: one.callback_id }) }, one.name));
  return [
    section("Channels", links((kind) => !isDirect(kind))),
    section("Direct messages", links(isDirect)),
    ...threads(app),
    section(app.cast.app.name, [link(app, HOME, "App Home", 0)]),
    shortcuts.length ? section("Shortcuts", shortcuts) : null,
  ].filter((one) => one !== null);
}

/** The way to new replies in threads that one follows, of which no channel's number tells. @param {App} app */
function threads(app) {
  const unread = app.screen.conversations.flatMap((one) => one.unread_threads.map((ts) => ({ id: one.id, ts })));
  if (!unread.length) return [];
  const [first] = unread;
  return [section("Threads", [h("a", { class: "place unread", href: app.address(app.me, first.id), "data-key": "threads",
    "aria-label": `Threads, ${unread.length} unread`, onclick: () => app.fold(first.id, first.ts, true) },
  h("span", { class: "place-name" }, "New replies"), h("span", { class: "count" }, String(unread.length)))])];
}

/** @param {string} title @param {HTMLElement[]} items */
function section(title, items) {
  return h("section", {}, h("h2", {}, title), h("ul", { role: "list" }, ...items.map((item) => h("li", {}, item))));
}

/** @param {App} app @param {string} place @param {string} text @param {number} count of unread messages */
function link(app, place, text, count) {
  return h("a", { class: count ? "place unread" : "place", href: app.address(app.me, place), "data-key": place, "data-place": place,
    "aria-label": count ? `${text}, ${count} unread` : text, "aria-current": place === app.place ? "page" : null },
  h("span", { class: "place-name" }, text),
  count > 0 && h("span", { class: "count" }, String(count)));
}
