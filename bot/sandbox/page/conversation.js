/**
 * The conversation in the middle: days, messages, threads folded under what they answer; stays at the newest message
 * while one is there, and stays put while one reads further up.
 */

import { announce, h, keepFocus, patchList } from "./dom.js";
import { messageNode } from "./message.js";
import { foldNode, threadsOf } from "./threads.js";
import { dayKey, longDay } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./threads.js").Fold} Fold */
/** @typedef {{key: string, day: number}|{key: string, fold: Fold}
 *          |{key: string, message: Message, follows: boolean, reply: boolean}} Row */

const GROUP_S = 300;
const NEAR_PX = 80;

/**
 * What to show, in order: a line for each new day, each message of the channel, and under what has replies a line that
 * folds them out.
 * @param {Message[]} messages @param {(ts: string) => boolean} isOpen @returns {Row[]}
 */
function rows(messages, isOpen) {
  const { channel, folds } = threadsOf(messages, isOpen);
  /** @type {Row[]} */
  const out = [];
  /** @type {Message|null} */
  let last = null;
  for (const message of channel) {
    const day = dayKey(message.at);
    if (!out.some((row) => row.key === day)) {
      out.push({ key: day, day: message.at });
      last = null;
    }
    const previous = /** @type {Message|null} */ (last);
    const follows = previous !== null && previous.user === message.user && message.at - previous.at < GROUP_S
      && previous.ephemeral === message.ephemeral && !message.broadcast && !message.blocks?.length;
    out.push({ key: `${message.ts} ${message.ephemeral}`, message, follows, reply: false });
    const fold = folds.get(message.ts);
    last = fold || message.broadcast ? null : message;
    if (!fold || message.broadcast) continue;
    out.push({ key: `thread ${message.ts}`, fold });
    if (!fold.open) continue;
    for (const reply of fold.replies) out.push({ key: `reply ${reply.ts}`, message: reply, follows: false, reply: true });
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
    keepFocus(() => drawRows(list, rows(messages, (ts) => app.isOpen(app.place, ts)), app));
    const last = messages.filter((one) => one.broadcast || !one.thread_ts || one.thread_ts === one.ts).at(-1);
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
    make: (row) => rowNode(row, app, (ts) => before.get(ts)),
  });
}

/** @param {Row} row @param {App} app @param {(ts: string) => Element|undefined} before */
function rowNode(row, app, before) {
  if ("day" in row) return h("li", { class: "day" }, h("span", {}, longDay(row.day)));
  if ("fold" in row) return h("li", { class: "fold-row" }, foldNode(row.fold, app));
  // What was sent to the channel as well stands on the page twice.
  const mark = row.reply ? `reply ${row.message.ts}` : row.message.ts;
  return h("li", { class: row.reply ? "reply" : "row" },
    messageNode(row.message, app.place, app, { follows: row.follows, mark, before: before(mark), reply: row.reply }));
}
