/** What the composer can complete: commands, their first word, and people. Pure functions of the text. */

/** @typedef {import("./types.js").Cast} Cast */
/** @typedef {import("./listbox.js").Item} Item */
/** @typedef {{from: number, items: Item[], preselect: boolean}} Completion `from`: where the replaced word begins */

/**
 * @param {string} text everything before the caret
 * @param {Cast} cast
 * @returns {Completion|null}
 */
export function complete(text, cast) {
  const person = /(?:^|\s)@([\w.-]*)$/.exec(text);
  if (person) return offer(people(cast), person[1], text.length - person[1].length - 1, "@");
  if (/^\/\S*$/.test(text)) return offer(commands(cast), text, 0, "");
  const sub = /^(\/\S+)\s+(\S*)$/.exec(text);
  const command = sub && cast.commands.find((one) => one.command === sub[1]);
  return command ? offer(subcommands(command.usage_hint), sub[2], text.length - sub[2].length, "") : null;
}

/**
 * @param {Item[]} all @param {string} typed @param {number} from
 * @param {string} mark stands before the word and belongs to it
 * @returns {Completion|null} null when nothing fits or the word is already whole
 */
function offer(all, typed, from, mark) {
  const word = typed.toLowerCase();
  if (all.some((item) => item.value === mark + typed)) return null;
  const items = all.filter((item) => `${item.value} ${item.text}`.toLowerCase().split(/\s+/)
    .some((part) => part.startsWith(mark + word) || (mark && part.startsWith(word))));
  return items.length ? { from, items, preselect: Boolean(mark) || word.length > 0 } : null;
}

/** @param {Cast} cast @returns {Item[]} */
function people(cast) {
  return cast.people.map((one) => ({ value: `@${one.name}`, text: one.real_name, hint: `@${one.name}`, about: one.title }));
}

/** @param {Cast} cast @returns {Item[]} */
function commands(cast) {
  return cast.commands.map((one) => ({ value: one.command, text: one.command, hint: one.usage_hint, about: one.description }));
}

/**
 * The first words that a usage hint allows: "[request|list|help]", "request <policy> | list" and the like.
 * @param {string} hint @returns {Item[]}
 */
export function subcommands(hint) {
  const whole = /^\[(.*)\]$/.exec(hint.trim());
  const parts = alternatives(whole && !/[[\]]/.test(whole[1]) ? whole[1] : hint);
  return (parts.length > 1 ? parts : hint.split(/\s+/)).flatMap((part) => {
    const [first, ...rest] = part.trim().split(/\s+/);
    return /^[a-z][\w-]*$/.test(first) ? [{ value: first, text: first, hint: rest.join(" ") }] : [];
  });
}

/** Split at | and , that stand in no bracket. @param {string} text @returns {string[]} */
function alternatives(text) {
  /** @type {string[]} */
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if ("[<(".includes(letter)) depth += 1;
    if ("]>)".includes(letter)) depth -= 1;
    if (depth === 0 && (letter === "|" || letter === ",")) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
