/** Rich text blocks: the structured form of a message that people's own Slack clients send. */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, userMention, webLink } from "./mentions.js";
import { timeNode } from "./time.js";

/** @typedef {import("./app.js").App} App */

/** @param {any} block @param {App} app @returns {DocumentFragment} */
export function richText(block, app) {
  const out = document.createDocumentFragment();
  for (const part of block.elements ?? []) out.append(piece(part, app));
  return out;
}

/** @param {any} part @param {App} app @returns {Node} */
function piece(part, app) {
  const inside = (part.elements ?? []).map((/** @type {any} */ one) =>
    one.type.startsWith("rich_text_") ? h("li", {}, piece(one, app)) : inline(one, app));
  switch (part.type) {
    case "rich_text_list": return h(part.style === "ordered" ? "ol" : "ul", { class: "rich-list" }, ...inside);
    case "rich_text_preformatted": return h("pre", {}, h("code", {}, ...inside));
    case "rich_text_quote": return h("blockquote", {}, ...inside);
    default: return h("div", {}, ...inside);
  }
}

/** @param {any} one @param {App} app @returns {Node} */
function inline(one, app) {
  switch (one.type) {
    case "text": return styled(document.createTextNode(one.text), one.style);
    case "link": return styled(webLink(one.url, one.text) ?? document.createTextNode(one.text ?? one.url), one.style);
    case "user": return userMention(one.user_id, app);
    case "channel": return channelMention(one.channel_id, app);
    case "broadcast": return broadcast(one.range);
    case "emoji": return document.createTextNode(emoji(one.name) ?? `:${one.name}:`);
    case "date": return timeNode(one.timestamp, one.format ?? "{date_short}", app);
    default: return document.createTextNode(one.text ?? one.fallback ?? "");
  }
}

/** @param {Node} node @param {Record<string, boolean>} [style] */
function styled(node, style = {}) {
  const tags = { bold: "strong", italic: "em", strike: "del", code: "code" };
  let out = node;
  for (const [name, tag] of Object.entries(tags)) if (style[name]) out = h(tag, {}, out);
  return out;
}
