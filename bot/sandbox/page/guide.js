/**
 * "Try this": the whole round in four steps for somebody who never saw the page. Steps are ticked off as they
 * are seen to happen; the strip can be put away for good.
 */

import { h } from "./dom.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{write: (text: string) => void, panel: (name: string) => void}} Reach what the steps' buttons may do */

const KEY = "pairec-sandbox-guide-dismissed";

/**
 * @param {HTMLElement} root @param {App} app @param {Reach} reach
 * @returns {{draw: () => void, sent: (text: string) => void}}
 */
export function mountGuide(root, app, reach) {
  if (localStorage.getItem(KEY)) return { draw: () => {}, sent: () => {} };
  const done = [false, false, false, false];
  const steps = stepsOf(app, reach);
  const items = steps.map((step) => h("li", {}, h("strong", {}, step.title), ...step.text, " ",
    h("button", { type: "button", onclick: step.act }, step.button)));
  const close = h("button", { type: "button", class: "guide-close", onclick: () => {
    localStorage.setItem(KEY, "yes");
    root.hidden = true;
  } }, "Got it, hide this");
  const lead = h("strong", {}, "Ask for cloud access in a chat, have it approved, see it taken away.");
  root.append(h("div", { class: "guide-head" },
    h("p", {}, lead, h("span", { class: "guide-more" }, " Everything here runs on this machine; nothing is real.")), close),
  h("ol", {}, ...items));
  root.hidden = false;
  /** @type {Set<string>|null} */
  let start = null;
  const draw = () => {
    const held = app.account && new Set(app.account.policies.flatMap((policy) =>
      policy.holders.map((holder) => `${policy.name} ${holder.user}`)));
    start ??= held;
    const more = Boolean(held && start && [...held].some((one) => !start?.has(one)));
    if (!isAdministrator(app.person(app.me))) done[0] = true;
    if (more) done[1] = done[2] = true;
    else if (done[2] && held) done[3] = true;
    if (!done.includes(false)) lead.textContent = "That was the whole round.";
    items.forEach((item, index) => {
      item.classList.toggle("done", done[index]);
      if (index === done.indexOf(false)) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
  };
  return { draw, sent: (text) => {
    if (/^\/\S+ +request/.test(text)) done[1] = true;
    draw();
  } };
}

/** @param {import("./types.js").Person|undefined} person */
const isAdministrator = (person) => /admin/i.test(person?.title ?? "");

/** @param {App} app @param {Reach} reach */
function stepsOf(app, reach) {
  const { people, commands } = app.cast;
  const asker = people.find((one) => one.name === "carol") ?? people.find((one) => !isAdministrator(one)) ?? people[0];
  const decider = people.find(isAdministrator) ?? people[0];
  const [asks, decides] = [asker, decider].map((one) => one.real_name.split(" ")[0]);
  const command = `${commands[0]?.command ?? "/help"} request`;
  const general = () => app.screen.conversations.find((one) => one.name === "general")?.id ?? app.place;
  const be = (/** @type {string} */ id, /** @type {string} */ place) => {
    location.hash = app.address(id, place);
    reach.panel("chat");
  };
  const code = (/** @type {string} */ text) => h("code", {}, text);
  return [
    { title: "Be an engineer", text: [`${asks} holds nothing yet.`], button: `Be ${asks}`,
      act: () => be(asker.id, general()) },
    { title: "Ask for access", text: ["Send ", code(command), " and fill in the form."], button: "Type it for me",
      act: () => { reach.panel("chat"); reach.write(command); } },
    { title: "Decide as somebody else", text: [`${decides} is an administrator and sees Approve in the approvals channel.`],
      button: `Be ${decides}`, act: () => be(decider.id, "C0APPROVALS") },
    { title: "Watch it come and go", text: ["The policy is in the account; move the clock on until it is gone."],
      button: "Go to the clock", act: () => {
        reach.panel("account");
        /** @type {HTMLElement|null} */ (document.querySelector("#clock button"))?.focus();
      } },
  ];
}
