/** One message: who, when, what, and the marks that say who sees it and whether it was changed. */

import { patchBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { isReply } from "./threads.js";
import { hourMinute, shortDay, withZone } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */

const HUES = 6;

/**
 * A person's initials on a colour of their own.
 * @param {string} id @param {string} name @param {boolean} [bot]
 */
export function avatar(id, name, bot = false) {
  const letters = name.split(/[\s-]+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
  const hue = bot ? "bot" : [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % HUES;
  return h("span", { class: `avatar avatar-${hue}`, "aria-hidden": "true" }, letters);
}

/**
 * @param {Message} message @param {string} channel @param {App} app
 * @param {{follows: boolean, mark: string, reply: boolean, before?: Element}} how  `follows`: the same sender's message
 *   stands right above; `mark` names this place of it on the page; `reply`: it stands in its thread; `before` is the
 *   node that showed it until now, whose unchanged blocks are kept
 * @returns {HTMLElement}
 */
export function messageNode(message, channel, app, { follows, mark, reply, before }) {
  if (message.gone) return h("article", { class: "message gone", "data-ts": mark, tabindex: "-1" }, message.text);
  const name = message.bot ? app.cast.app.name : message.name || app.nameOf(message.user);
  const time = h("time", { datetime: new Date(message.at * 1000).toISOString(),
    title: `${shortDay(message.at)}, ${withZone(message.at)}` }, hourMinute(message.at));
  const node = h("article", { "data-ts": mark, tabindex: "-1",
    "aria-label": `${name}, ${hourMinute(message.at)}`,
    class: ["message", follows && "follows", message.ephemeral && "ephemeral"].filter(Boolean).join(" ") },
  follows ? null : avatar(message.user, name, message.bot),
  h("header", { class: follows ? "sr-only" : null },
    h("span", { class: "sender" }, name), message.bot && h("span", { class: "badge" }, "APP"), time),
  message.ephemeral && h("p", { class: "private" }, "Only visible to you"),
  !reply && isReply(message) && h("p", { class: "private" }, "replied to a thread: ", threadLink(message, channel, app)));
  const body = before?.querySelector(":scope > .blocks") ?? h("div", { class: "blocks" });
  if (message.blocks?.length) {
    patchBlocks(body, message.blocks, { app, form: app.form(`${channel} ${message.ts}`),
      container: { type: "message", channel, ts: message.ts } });
  } else body.replaceChildren(h("div", { class: "text" }, mrkdwn(message.text, app)));
  node.append(body);
  if (message.edited) node.append(h("span", { class: "edited" }, "(edited)"));
  return node;
}

/** The first words of what a reply answers; a click shows it with its thread. @param {Message} message @param {string} channel @param {App} app */
function threadLink(message, channel, app) {
  const ts = /** @type {string} */ (message.thread_ts);
  const parent = (app.screen.messages[channel] ?? []).find((one) => one.ts === ts);
  return h("button", { type: "button", class: "link", "data-key": `to ${ts}`, onclick: () => {
    app.fold(channel, ts, true);
    document.querySelector(`[data-ts="${CSS.escape(ts)}"]`)?.scrollIntoView({ block: "nearest" });
  } }, parent?.text ?? "a message that was deleted");
}
