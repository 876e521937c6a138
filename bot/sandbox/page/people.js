/** Who one is: a row of radio buttons, so that being somebody else is one click or one arrow key away. */

import { h } from "./dom.js";
import { avatar } from "./message.js";

/** @typedef {import("./app.js").App} App */

/** @param {HTMLElement} root @param {App} app @returns {() => void} draw */
export function mountPeople(root, app) {
  const boxes = app.cast.people.map((person) => {
    const account = person.guest ? "guest, no RAM user" : person.ram_user ? `RAM user ${person.ram_user}` : "no RAM user";
    const box = h("input", { type: "radio", name: "me", value: person.id, onchange: () => {
      location.hash = app.address(person.id, app.place);
    } });
    root.append(h("label", { class: "person", title: `${person.real_name}, ${person.title}, ${account}` },
      box, avatar(person.id, person.real_name),
      h("span", { class: "person-name" }, person.real_name),
      h("span", { class: "person-about" }, person.guest ? "guest" : person.title, h("span", { class: "sr-only" }, `, ${account}`))));
    return box;
  });
  return () => {
    for (const box of boxes) {
      box.checked = box.value === app.me;
      if (box.checked) reveal(root, box.closest("label"));
    }
  };
}

/** Bring one child of a sideways scrolling row into sight. @param {HTMLElement} row @param {HTMLElement} child */
function reveal(row, child) {
  const space = (row.clientWidth - child.offsetWidth) / 2;
  row.scrollLeft = child.offsetLeft - row.offsetLeft - space;
}
