/**
 * The conversation in the middle: days, messages, replies; stays at the newest message while one is there, and
 * stays put while one reads further up.
 */

import { announce, h, keepFocus, patchList } from "./dom.js";
import { messageNode } from "./message.js";
import { dayKey, longDay } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {{key: string, day: number}|{key: string, message: Message, follows: boolean, reply: boolean}} Row */

const GROUP_S = 300;
const NEAR_PX = 80;

/**
 * What to show, in order: a line for each new day, each message, replies under what they answer.
 * @param {Message[]} messages @returns {Row[]}
 */
function rows(messages) {
  const known = new Set(messages.map((one) => one.ts));
  const isReply = (/** @type {Message} */ one) =>
    one.thread_ts !== null && one.thread_ts !== undefined && one.thread_ts !== one.ts && known.has(one.thread_ts);
  /** @type {Row[]} */
  const out = [];
  /** @type {Message|null} */
  let last = null;
  const add = (/** @type {Message} */ message, /** @type {boolean} */ reply) => {
    const follows = last !== null && last.user === message.user && message.at - last.at < GROUP_S
      && last.ephemeral === message.ephemeral && !reply && !message.blocks?.length;
    out.push({ key: `${message.ts} ${message.ephemeral}`, message, follows, reply });
    last = reply ? null : message;
  };
  for (const message of messages.filter((one) => !isReply(one))) {
    const previous = /** @type {Message|null} */ (last);
    const day = dayKey(message.at);
    if (!out.some((row) => row.key === day)) {
      out.push({ key: day, day: message.at });
      last = null;
    } else last = previous;
    add(message, false);
    for (const reply of messages.filter((one) => isReply(one) && one.thread_ts === message.ts)) add(reply, true);
  }
  return out;
}

/**
 * @param {{scroll: HTMLElement, list: HTMLElement, more: HTMLElement}} parts @param {App} app
 * @returns {() => void} draw
 */
export function mountConversation({ scroll, list, more }, app) {
  let shown = "";
  let newest = "";
  const bottom = () => { scroll.scrollTop = scroll.scrollHeight; };
  const atBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
  more.addEventListener("click", bottom);
  scroll.addEventListener("scroll", () => { if (atBottom()) more.hidden = true; });
  return () => {
    const here = `${app.me} ${app.place}`;
    const moved = here !== shown;
    const stick = moved || atBottom();
    const messages = app.screen.messages[app.place] ?? [];
    if (moved) list.replaceChildren();
    keepFocus(() => drawRows(list, rows(messages), app));
    const last = messages.at(-1);
    const arrived = !moved && last && last.ts > newest && last.user !== app.me;
    if (arrived) announce(`${last.bot ? app.cast.app.name : last.name}: ${last.text}`);
    newest = last?.ts ?? "";
    shown = here;
    if (stick) bottom();
    else if (arrived) more.hidden = false;
    if (moved) more.hidden = true;
  };
}

/** @param {HTMLElement} list @param {Row[]} all @param {App} app */
function drawRows(list, all, app) {
  const before = new Map([...list.querySelectorAll("[data-ts]")].map((node) => [node.getAttribute("data-ts"), node]));
  patchList(list, all, {
    key: (row) => row.key,
    sign: (row) => JSON.stringify(row),
    make: (row) => "day" in row ? h("li", { class: "day" }, h("span", {}, longDay(row.day)))
      : h("li", { class: row.reply ? "reply" : "row" },
        messageNode(row.message, app.place, app, row.follows, before.get(row.message.ts))),
  });
}
