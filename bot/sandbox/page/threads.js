/** Threads as Slack shows them: folded under the message that they answer, unless a reply went to the channel as well. */

import { h } from "./dom.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {{ts: string, replies: Message[], unread: number, open: boolean}} Fold */

/** @param {Message} one */
export const isReply = (one) => Boolean(one.thread_ts) && one.thread_ts !== one.ts;

/**
 * What stands in the channel itself, and the thread of each message in it that has one. Where a message with replies
 * was deleted, its place is kept.
 * @param {Message[]} messages @param {(ts: string) => boolean} isOpen
 * @returns {{channel: Message[], folds: Map<string, Fold>}}
 */
export function threadsOf(messages, isOpen) {
  const channel = messages.filter((one) => !isReply(one) || one.broadcast);
  const known = new Map(messages.map((one) => [one.ts, one]));
  /** @type {Map<string, Fold>} */
  const folds = new Map();
  for (const reply of messages.filter(isReply)) {
    const ts = /** @type {string} */ (reply.thread_ts);
    if (!folds.has(ts)) {
      folds.set(ts, { ts, replies: [], unread: known.get(ts)?.unread_replies ?? 0, open: isOpen(ts) });
      if (!known.has(ts)) channel.push(gone(reply, ts));
    }
    folds.get(ts)?.replies.push(reply);
  }
  return { channel: channel.sort((one, other) => one.at - other.at), folds };
}

/** @param {Message} reply @param {string} ts @returns {Message} */
function gone(reply, ts) {
  return { ...reply, ts, at: Number(ts), thread_ts: null, broadcast: false, blocks: null, gone: true,
    text: "This message was deleted." };
}

/** The line that folds a thread out and in again. @param {Fold} fold @param {App} app */
export function foldNode(fold, app) {
  const count = `${fold.replies.length} ${fold.replies.length === 1 ? "reply" : "replies"}`;
  const news = fold.unread > 0 && h("span", { class: "count" }, `${fold.unread} new`);
  return h("button", { type: "button", class: "fold", "aria-expanded": String(fold.open), "data-key": `fold ${fold.ts}`,
    onclick: () => app.fold(app.place, fold.ts, !fold.open) }, count, news);
}
