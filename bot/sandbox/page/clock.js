/** The sandbox's clock, and the buttons that move it on so that nobody has to wait for an access to end. */

import { announce, h } from "./dom.js";
import { longDay, refreshTimes, withZone } from "./time.js";

/** @typedef {import("./app.js").App} App */

const STEPS = /** @type {[string, number][]} */ ([["1 h", 3600], ["8 h", 8 * 3600], ["1 d", 86400]]);

/** @param {HTMLElement} root @param {App} app @returns {() => void} draw */
export function mountClock(root, app) {
  const day = h("span", { class: "clock-day" });
  const time = h("span", { class: "clock-time" });
  const shown = h("time", { id: "domain-time" }, time, day);
  const ahead = h("p", { class: "clock-ahead" });
  const buttons = STEPS.map(([name, seconds]) => h("button", { type: "button", "aria-label": `Move on ${name}`,
    onclick: async () => {
      await app.advance(seconds);
      announce(`The clock says ${longDay(app.clock.now())}, ${withZone(app.clock.now())}`);
    } }, name));
  root.append(shown, ahead,
    h("div", { class: "clock-move", role: "group", "aria-label": "Move the clock on" },
      h("span", { "aria-hidden": "true" }, "Move on"), ...buttons));
  const tick = () => {
    const now = app.clock.now();
    time.textContent = withZone(now);
    day.textContent = longDay(now);
    shown.setAttribute("datetime", new Date(now * 1000).toISOString());
  };
  window.setInterval(tick, 1000);
  return () => {
    tick();
    ahead.textContent = app.clock.offset < 1 ? "Real time" : `${span(app.clock.offset)} ahead of real time`;
    refreshTimes(app);
  };
}

/** "1 d 9 h" @param {number} seconds */
function span(seconds) {
  const sizes = /** @type {[number, string][]} */ ([[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]);
  let rest = Math.round(seconds);
  /** @type {string[]} */
  const parts = [];
  for (const [size, name] of sizes) {
    const count = Math.floor(rest / size);
    if (count) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  return parts.slice(0, 2).join(" ");
}
