/**
 * Slack's mrkdwn as DOM nodes. Reads a text once from left to right; whatever is not well-formed markup stays
 * literal, and entities are decoded only in the leaves, so that escaped text can never turn into markup.
 */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { special, webLink } from "./mentions.js";
import { decode } from "./plain.js";

/** @typedef {import("./app.js").App} App */

const TAGS = /** @type {Record<string, string>} */ ({ "*": "strong", _: "em", "~": "del" });
const TOKEN = /`([^`\n]+)`|<([^<>\n]+)>|[*_~]|https?:\/\/[^\s<>|]+|:([a-z0-9_+-]+):/g;
const MAX_DEPTH = 8;

/**
 * @param {string} text
 * @param {App} app who is who, and what time it is
 * @param {{verbatim?: boolean}} [options] verbatim: bare addresses are not made links
 * @returns {DocumentFragment}
 */
export function mrkdwn(text, app, { verbatim = false } = {}) {
  const out = document.createDocumentFragment();
  text.split(/```([\s\S]+?)```/).forEach((part, index) => {
    if (index % 2) out.append(h("pre", {}, h("code", {}, decode(part.replace(/^\n|\n$/g, "")))));
    else if (part) lines(out, part, { app, verbatim });
  });
  return out;
}

/** @typedef {{app: App, verbatim: boolean}} Reading */

/** @param {DocumentFragment} out @param {string} text @param {Reading} reading */
function lines(out, text, reading) {
  /** @type {{quote: boolean, lines: string[]}[]} */
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const last = runs.at(-1);
    if (last && last.quote === Boolean(quoted)) last.lines.push(quoted ? quoted[1] : line);
    else runs.push({ quote: Boolean(quoted), lines: [quoted ? quoted[1] : line] });
  }
  for (const run of runs) {
    const parent = run.quote ? h("blockquote") : out;
    run.lines.forEach((line, index) => {
      if (index) parent.append(h("br"));
      inline(parent, line, reading, 0);
    });
    if (run.quote) out.append(parent);
  }
}

/** @param {Node & ParentNode} parent @param {string} text @param {Reading} reading @param {number} depth */
function inline(parent, text, reading, depth) {
  /** @type {Set<string>} marks that no longer have a closing partner; spares looking again */
  const hopeless = new Set();
  const token = new RegExp(TOKEN);
  let done = 0;
  const flush = (/** @type {number} */ to) => { if (to > done) parent.append(decode(text.slice(done, to))); };
  for (let match = token.exec(text); match; match = token.exec(text)) {
    let end = token.lastIndex;
    /** @type {Node|null} */
    let node = null;
    const [whole, code, inner, emojiName] = match;
    if (code) node = h("code", {}, decode(code));
    else if (inner) node = special(inner, reading.app);
    else if (emojiName) node = emoji(emojiName) ? document.createTextNode(String(emoji(emojiName))) : null;
    else if (whole.length > 1) node = reading.verbatim ? null : webLink(decode(trimUrl(whole)));
    else if (depth < MAX_DEPTH && !hopeless.has(whole)) {
      const close = opens(text, match.index) ? closing(text, match.index) : -1;
      if (close === 0) hopeless.add(whole);
      if (close > 0) {
        node = h(TAGS[whole]);
        inline(/** @type {any} */ (node), text.slice(match.index + 1, close), reading, depth + 1);
        end = close + 1;
      }
    }
    if (whole.length > 1 && !code && !inner && !emojiName && node) end = match.index + trimUrl(whole).length;
    if (node) {
      flush(match.index);
      parent.append(node);
      done = end;
    }
    token.lastIndex = node || code || inner ? end : Math.max(match.index + 1, emojiName ? end - 1 : end);
  }
  flush(text.length);
}

const WORD = /[\p{L}\p{N}]/u;

/** May a mark at `at` open? Not inside a word, not before a space. @param {string} text @param {number} at */
function opens(text, at) {
  const next = text[at + 1];
  return !(at > 0 && WORD.test(text[at - 1])) && Boolean(next) && !/\s/.test(next) && next !== text[at];
}

/** Where the mark at `at` closes; 0 if nowhere in this line. @param {string} text @param {number} at */
function closing(text, at) {
  for (let i = at + 2; i < text.length; i += 1) {
    const skip = text[i] === "<" ? ">" : text[i] === "`" ? "`" : null;
    if (skip) {
      const to = text.indexOf(skip, i + 1);
      if (to > 0) i = to;
    } else if (text[i] === text[at] && !/\s/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? " ")) return i;
  }
  return 0;
}

/** Punctuation after an address is not part of it. @param {string} url */
function trimUrl(url) {
  return url.replace(/(?:[.,;:!?)\]'"*_~]|&gt;|&lt;)+$/, "");
}
