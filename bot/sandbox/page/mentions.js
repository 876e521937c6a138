/**
 * What stands between < and > in mrkdwn: links, mentions of people, channels and groups, and dates.
 */

import { h } from "./dom.js";
import { decode } from "./plain.js";
import { timeNode } from "./time.js";

/** @typedef {import("./app.js").App} App */

/**
 * A link that leaves the page, or null when the address is not plain http(s).
 * A label that is code is shown as code.
 * @param {string} url @param {string} [label] @returns {HTMLAnchorElement|null}
 */
export function webLink(url, label) {
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return null;
  const code = /^`([^`]+)`$/.exec(label ?? "");
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, code ? h("code", {}, code[1]) : label || url);
}

/** @param {string} id @param {App} app */
export function userMention(id, app) {
  const me = id === app.me ? " mention-me" : "";
  return h("span", { class: `mention${me}` }, `@${app.nameOf(id)}`);
}

/** @param {string} id @param {App} app @param {string} [label] */
export function channelMention(id, app, label) {
  const known = app.conversation(id);
  if (!known) return h("span", { class: "mention" }, `#${label || "private-channel"}`);
  return h("a", { class: "mention", href: app.address(app.me, id) }, `#${known.name}`);
}

/** @param {string} range channel, here or everyone */
export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/**
 * @param {string} inner the text between the angle brackets
 * @param {App} app
 * @returns {Node|null} null: show it literally
 */
export function special(inner, app) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : decode(inner.slice(bar + 1));
  if (/^@[UW]\w+$/.test(target)) return userMention(target.slice(1), app);
  if (/^#[CG]\w+$/.test(target)) return channelMention(target.slice(1), app, label);
  if (target.startsWith("!date^")) return date(target, label, app);
  if (/^!(channel|here|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || "@group");
  if (/^mailto:/i.test(target)) return document.createTextNode(label || decode(target.slice(7)));
  return webLink(decode(target), label);
}

/** @param {string} target "!date^unix^format[^link]" @param {string} fallback @param {App} app */
function date(target, fallback, app) {
  const [, unix, format, link] = target.split("^");
  const at = Number(unix);
  if (!/^\d{1,12}$/.test(unix) || !format) return document.createTextNode(fallback || `<${target}>`);
  const node = timeNode(at, decode(format), app);
  const anchor = link ? webLink(decode(link)) : null;
  anchor?.replaceChildren(node);
  return anchor ?? node;
}
