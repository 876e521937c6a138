/**
 * What a person typed or chose in a view. It outlives every redraw: Slack keeps the input of a block whose
 * block_id and action_id stay the same when a view is updated, and so does this.
 */

import { plain } from "./plain.js";

/** @typedef {string|string[]|null} Value the plain value the server wants: text, an option's value, ids */

export class FormValues {
  /** @type {Map<string, {type: string, value: Value}>} */
  #values = new Map();
  /** @type {Map<string, string>} texts of options that the app supplied on the way */
  #names = new Map();

  /** @param {string} blockId @param {any} element @returns {Value} what was entered, else the initial value */
  get(blockId, element) {
    const held = this.#values.get(`${blockId}/${element.action_id}`);
    return held && held.type === element.type ? held.value : initial(element);
  }

  /** @param {string} blockId @param {any} element @param {Value} value */
  set(blockId, element, value) {
    this.#values.set(`${blockId}/${element.action_id}`, { type: element.type, value });
  }

  /** @param {string} value @param {string} text */
  nameOption(value, text) {
    this.#names.set(value, text);
  }

  /** @param {string} value */
  optionName(value) {
    return this.#names.get(value) ?? value;
  }
}

/** @param {any} element @returns {Value} */
function initial(element) {
  if (element.initial_options) return element.initial_options.map((/** @type {any} */ one) => one.value);
  if (element.initial_users) return element.initial_users;
  if (element.type.startsWith("multi_") || element.type === "checkboxes") return [];
  return element.initial_option?.value ?? element.initial_user ?? element.initial_value
    ?? element.initial_date ?? element.initial_time ?? null;
}

const STATELESS = new Set(["button", "workflow_button", "overflow", "image"]);

/**
 * Every element of a view that holds a value.
 * @param {any} view @returns {{block: any, element: any, input: boolean}[]}
 */
export function fields(view) {
  /** @type {{block: any, element: any, input: boolean}[]} */
  const found = [];
  for (const block of view.blocks ?? []) {
    const elements = block.type === "input" ? [block.element]
      : block.type === "section" ? [block.accessory] : block.type === "actions" ? block.elements : [];
    for (const element of elements ?? []) {
      if (element?.action_id && !STATELESS.has(element.type)) {
        found.push({ block, element, input: block.type === "input" });
      }
    }
  }
  return found;
}

/**
 * @param {any} view @param {FormValues} form
 * @returns {Record<string, Record<string, Value>>} by block_id and action_id
 */
export function collect(view, form) {
  /** @type {Record<string, Record<string, Value>>} */
  const values = {};
  for (const { block, element } of fields(view)) {
    (values[block.block_id] ??= {})[element.action_id] = form.get(block.block_id, element);
  }
  return values;
}

/**
 * What Slack's own client would refuse before sending.
 * @param {any} view @param {FormValues} form
 * @returns {Record<string, string>} error by block_id
 */
export function refusals(view, form) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const { block, element, input } of fields(view)) {
    const problem = input && refusal(block, element, form.get(block.block_id, element));
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

/** @param {any} block @param {any} element @param {Value} value @returns {string|null} */
function refusal(block, element, value) {
  if (value === null || value.length === 0) return block.optional ? null : "Please fill in this field.";
  if (typeof value !== "string") {
    const most = element.max_selected_items;
    return most && value.length > most ? `Please choose at most ${most}.` : null;
  }
  if (element.max_length && value.length > element.max_length) {
    return `Please use at most ${element.max_length} characters (${value.length} now).`;
  }
  if (element.min_length && value.length < element.min_length) {
    return `Please use at least ${element.min_length} characters.`;
  }
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value)) return "Please enter an e-mail address.";
  return element.type === "number_input" ? wrongNumber(element, value) : null;
}

/** @param {any} element @param {string} value */
function wrongNumber(element, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `At least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `At most ${element.max_value}.`;
  return null;
}

/** The options of a select, flat. @param {any} element @returns {{text: string, value: string, description: string}[]} */
export function flatOptions(element) {
  const groups = element.option_groups?.flatMap((/** @type {any} */ group) => group.options);
  return (groups ?? element.options ?? []).map((/** @type {any} */ option) => ({
    text: plain(option.text), value: option.value, description: plain(option.description) }));
}
