/** Text without markup: Slack's three entities, and Block Kit text objects as plain strings. */

import { withEmoji } from "./emoji.js";

/** `&lt;` to `<` and so on, once. @param {string} text */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[/** @type {"amp"} */ (name)]);
}

/**
 * A text object, or nothing, as a literal string for labels, options and titles.
 * @param {{type?: string, text?: string, emoji?: boolean}|null|undefined} object
 */
export function plain(object) {
  const text = object?.text ?? "";
  if (object?.type === "mrkdwn") return decode(text);
  return object?.emoji === false ? text : withEmoji(text);
}
