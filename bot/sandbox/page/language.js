/** The language that the person one is has chosen in Slack; the app is told of it when it asks who they are. */

import { call } from "./api.js";
import { h } from "./dom.js";
import { refreshTimes } from "./time.js";

const LANGUAGES = [["en-US", "English"], ["zh-CN", "中文"], ["de-DE", "Deutsch"]];

/** @typedef {import("./app.js").App} App */

/** @param {HTMLSelectElement} field @param {App} app @returns {() => void} draw */
export function mountLanguage(field, app) {
  field.append(...LANGUAGES.map(([value, text]) => h("option", { value, lang: value }, text)));
  field.addEventListener("change", () => {
    const person = app.person(app.me);
    if (!person) return;
    person.locale = field.value;
    refreshTimes(app);
    void call("/control/slack", { person: person.id, set: { locale: field.value } });
  });
  return () => { field.value = app.person(app.me)?.locale ?? "en-US"; };
}
