/**
 * Block Kit blocks as DOM nodes. A block is drawn anew only when it changed, so typing in one field survives
 * the update of another.
 */

import { h, patchList, uid } from "./dom.js";
import { renderElement } from "./elements.js";
import { mrkdwn } from "./mrkdwn.js";
import { plain } from "./plain.js";
import { richText } from "./rich_text.js";

/** @typedef {import("./slot.js").Surface} Surface */

/**
 * Make `parent` show `blocks`.
 * @param {Element} parent @param {any[]} blocks @param {Surface} surface
 */
export function patchBlocks(parent, blocks, surface) {
  const error = (/** @type {any} */ block) => surface.errors?.[block.block_id] ?? "";
  patchList(parent, blocks, {
    key: (block, index) => block.block_id ?? `${block.type} ${index}`,
    sign: (block) => JSON.stringify(block) + error(block),
    make: (block) => renderBlock(block, surface),
  });
}

/** @param {any} block @param {Surface} surface @returns {Element} */
function renderBlock(block, surface) {
  const render = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : unknown;
  const node = render(block, surface);
  node.classList.add("block", `block-${block.type}`);
  return node;
}

/** A text object. @param {any} text @param {App} app @returns {Node} */
function textNode(text, app) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, app, { verbatim: text.verbatim })
    : document.createTextNode(plain(text));
}

/** @type {Record<string, (block: any, surface: Surface) => HTMLElement>} */
const BLOCKS = {
  header: (block) => h("h3", {}, plain(block.text)),
  divider: () => h("hr"),
  image: (block) => picture(block, plain(block.title)),
  rich_text: (block, { app }) => h("div", {}, richText(block, app)),
  section, context, actions, input, alert: alertBlock,
};

/** @param {any} block @param {Surface} surface */
function alertBlock(block, surface) {
  return h("div", { class: `alert-${block.level ?? "default"}`, role: "status" },
    h("div", { class: "text" }, textNode(block.text, surface.app)));
}

/** @param {any} block @param {Surface} surface */
function section(block, surface) {
  const body = h("div", { class: "section-body", id: uid("section") });
  if (block.text) body.append(h("div", { class: "text" }, textNode(block.text, surface.app)));
  if (block.fields) {
    const fields = block.fields.map((/** @type {any} */ one) => h("div", { class: "field" }, textNode(one, surface.app)));
    body.append(h("div", { class: "fields" }, ...fields));
  }
  const node = h("div", {}, body);
  if (block.accessory) {
    node.append(h("div", { class: "accessory" }, renderElement(block.accessory, {
      surface, blockId: block.block_id, labelledBy: body.id, dispatch: true })));
  }
  return node;
}

/** @param {any} block @param {Surface} surface */
function context(block, surface) {
  const parts = block.elements.map((/** @type {any} */ one) => one.type === "image" ? picture(one, "")
    : h("span", {}, textNode(one, surface.app)));
  return h("div", {}, ...parts);
}

/** @param {any} block @param {Surface} surface */
function actions(block, surface) {
  const elements = block.elements.map((/** @type {any} */ element) => renderElement(element, {
    surface, blockId: block.block_id, dispatch: true }));
  return h("div", {}, ...elements);
}

/** @param {any} block @param {Surface} surface */
function input(block, surface) {
  const error = surface.errors?.[block.block_id];
  const [label, hint, trouble] = [uid("label"), uid("hint"), uid("error")];
  const element = renderElement(block.element, {
    surface, blockId: block.block_id, labelledBy: label, invalid: Boolean(error), required: !block.optional,
    describedBy: [error && trouble, block.hint && hint].filter(Boolean).join(" ") || undefined,
    dispatch: Boolean(block.dispatch_action), hinted: Boolean(block.hint),
  });
  const field = element.matches("input, select, textarea") ? element : element.querySelector("[data-main]");
  if (field) field.id ||= uid("field");
  return h("div", { "data-block": block.block_id },
    h("label", { id: label, for: field?.id }, plain(block.label),
      block.optional && h("span", { class: "optional" }, " (optional)")),
    element,
    error && h("p", { id: trouble, class: "error" }, error),
    block.hint && h("p", { id: hint, class: "hint" }, plain(block.hint)));
}

/** Pictures are never fetched; their description stands for them. @param {any} image @param {string} title */
function picture(image, title) {
  return h("span", { class: "picture" }, `Image: ${[title, image.alt_text].filter(Boolean).join(" – ")}`);
}

/** @param {any} block */
function unknown(block) {
  return h("div", { class: "unknown" }, `This page does not draw “${block.type}” blocks.`);
}
