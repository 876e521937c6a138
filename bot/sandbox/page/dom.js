/**
 * Build and patch DOM nodes. Every piece of text on the page goes through here as a text node, because much of
 * it was typed by people or sent by an app and must never be read as markup.
 */

let lastId = 0;

/** A document-unique id, for tying labels and descriptions to fields. @param {string} stem */
export function uid(stem) {
  lastId += 1;
  return `${stem}-${lastId}`;
}

/**
 * Make an element. Functions become listeners (`onclick`), `true` a bare attribute; `null`, `undefined` and
 * `false` are left out; `value` and `checked` are set as properties.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") Object.assign(node, { [name]: value });
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** @type {WeakMap<Node, {key: string, sign: string}>} */
const patched = new WeakMap();

/**
 * Make the children of `parent` show `items`, reusing each child whose item did not change, so that focus,
 * scroll position and half-typed text in the others survive.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {{key: (item: T, index: number) => string, sign: (item: T, index: number) => string,
 *          make: (item: T, index: number) => Element}} how  `sign` differs whenever the item must be drawn anew
 */
export function patchList(parent, items, { key, sign, make }) {
  const keys = uniqueKeys(items.map(key));
  /** @type {Map<string, Element>} */
  const old = new Map();
  for (const child of [...parent.children]) {
    const mark = patched.get(child);
    if (mark && keys.includes(mark.key)) old.set(mark.key, child);
    else child.remove();
  }
  let at = parent.firstElementChild;
  items.forEach((item, index) => {
    const mark = { key: keys[index], sign: sign(item, index) };
    let node = old.get(mark.key);
    if (!node || patched.get(node)?.sign !== mark.sign) {
      const fresh = make(item, index);
      patched.set(fresh, mark);
      if (node) {
        node.replaceWith(fresh);
        if (at === node) at = fresh;
      }
      node = fresh;
    }
    if (at === node) at = node.nextElementSibling;
    else parent.insertBefore(node, at);
  });
}

/** @param {string[]} keys */
function uniqueKeys(keys) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return keys.map((key) => {
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count ? `${key} #${count}` : key;
  });
}

/**
 * Run `draw`, and if it replaced the focused element put the focus on its successor: the element with the same
 * `data-key` in the same message or dialog, else that message or dialog itself. A field of a form may come back in a
 * block of another id, so that what was entered is dropped: it is known by its action_id then, if that is the only one.
 * @param {() => void} draw
 */
export function keepFocus(draw) {
  const before = /** @type {any} */ (document.activeElement);
  const key = before?.dataset?.key;
  const ts = before?.closest?.("[data-ts]")?.getAttribute("data-ts");
  const range = key && before.selectionStart !== undefined ? [before.selectionStart, before.selectionEnd] : null;
  const inDialog = Boolean(before?.closest?.("dialog"));
  draw();
  if (!before || before === document.body || document.activeElement === before) return;
  if (before.isConnected) return before.focus({ preventScroll: true });
  const homes = inDialog ? [document.querySelector("dialog[open]")] : [
    ts && document.querySelector(`[data-ts="${CSS.escape(ts)}"]`), document.getElementById("scroll")];
  const home = homes.find(Boolean);
  if (!home) return;
  const heir = key && (home.querySelector(`[data-key="${CSS.escape(key)}"]`)
    ?? (inDialog && before.matches("input, select, textarea") && sameAction(home, key)));
  const target = /** @type {any} */ (heir || home);
  target.focus({ preventScroll: true });
  if (heir && range && range[0] !== null) heir.setSelectionRange(range[0], range[1]);
}

/** @param {Element} home @param {string} key block_id and action_id */
function sameAction(home, key) {
  const found = home.querySelectorAll(`[data-key$="${CSS.escape(key.slice(key.indexOf("/")))}"]`);
  return found.length === 1 ? found[0] : null;
}

/** Say something to screen readers without moving the focus. @param {string} text */
export function announce(text) {
  const live = document.getElementById("live");
  live?.replaceChildren(h("p", {}, text));
}
