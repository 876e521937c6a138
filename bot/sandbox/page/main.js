/** Starts the page: asks who is there, puts the parts in their places, and redraws each when what it shows changed. */

import { mountAccount } from "./account.js";
import { ApiError, call } from "./api.js";
import { App, HOME } from "./app.js";
import { mountClock } from "./clock.js";
import { mountComposer } from "./composer.js";
import { mountConversation } from "./conversation.js";
import { mountGuide } from "./guide.js";
import { mountHome } from "./home.js";
import { mountLanguage } from "./language.js";
import { mountPeople } from "./people.js";
import { isDirect, mountPlaces } from "./places.js";
import { mountSwitches } from "./switches.js";
import { mountViews } from "./views.js";

const RETRY_MS = 1500;

/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id);

/** The cast, asked for until the server answers. @returns {Promise<import("./types.js").Cast>} */
async function cast() {
  for (;;) {
    try {
      const answer = await call("/people");
      part("connection").hidden = true;
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      part("connection").hidden = false;
      await new Promise((resolve) => window.setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Show one of the panels where there is room for one only. @param {string} name */
function panel(name) {
  document.body.dataset.panel = name;
  for (const tab of part("tabs").querySelectorAll("button")) {
    if (tab.dataset.show === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  if (name === "account") part("tabs").querySelector("[data-show=account]").classList.remove("news");
}

/** @param {App} app */
function drawHead(app) {
  part("nothing").hidden = app.waiting || app.place === HOME || (app.screen.messages[app.place] ?? []).length > 0;
  if (app.waiting) return;
  const here = app.conversation(app.place);
  const title = app.place === HOME ? `${app.cast.app.name} · App Home` : here && isDirect(here.kind) ? here.name : `#${here?.name ?? ""}`;
  part("place-title").textContent = title;
  const kind = here?.kind === "private" ? "Private channel. " : here?.kind === "im" ? "Direct messages. " : "";
  part("place-note").textContent = `${kind}You are ${app.nameOf(app.me)}.`;
  document.title = `${title} – ${app.nameOf(app.me)} – ${app.cast.team.name} sandbox`;
  part("messages").hidden = app.place === HOME;
  part("messages").setAttribute("aria-label", `Messages in ${title}`);
  part("home").hidden = app.place !== HOME;
}

async function start() {
  const who = await cast();
  /** @type {Record<string, () => void>} */
  const draw = {};
  const app = new App(who, (what) => {
    for (const one of DRAWN[what]) draw[one]?.();
  });
  part("team").textContent = who.team.name;
  const composer = mountComposer(part("composer"), app, (text) => guide.sent(text));
  const guide = mountGuide(part("guide"), app, { write: (text) => composer.write(text), panel });
  Object.assign(draw, {
    head: () => drawHead(app),
    people: mountPeople(part("people"), app),
    language: mountLanguage(part("language"), app),
    places: mountPlaces(part("places"), app),
    conversation: mountConversation({ scroll: part("scroll"), list: part("messages"), more: part("to-latest") }, app),
    composer: composer.draw,
    home: mountHome(part("home"), app),
    views: mountViews(app),
    read: () => void app.read(),
    account: mountAccount({ policies: part("policies"), members: part("members"), leftOut: part("left-out"), log: part("log") }, app),
    switches: mountSwitches(part("switches"), app),
    clock: mountClock(part("clock"), app),
    guide: guide.draw,
    connection: () => { part("connection").hidden = app.connection.up; },
    news: newsMark(app),
  });
  for (const tab of part("tabs").querySelectorAll("button")) tab.addEventListener("click", () => panel(tab.dataset.show));
  panel("chat");
  const follow = () => {
    const [, me, place] = location.hash.split("/");
    const person = app.person(me)?.id ?? app.me ?? "";
    void app.go(person || firstAsker(app), place || app.place || "C0GENERAL");
  };
  window.addEventListener("hashchange", () => { follow(); panel("chat"); });
  // The one that is open already changes no address.
  part("places").addEventListener("click", (event) => { if (event.target instanceof Element && event.target.closest("a.place")) panel("chat"); });
  await Promise.all([app.refreshClock(), app.refreshAccount()]);
  follow();
}

/** Which parts show what. @type {Record<string, string[]>} */
const DRAWN = {
  screen: ["head", "places", "conversation", "composer", "home", "views", "read"],
  person: ["head", "people", "language", "places", "conversation", "composer", "home", "views", "guide"],
  place: ["head", "places", "conversation", "composer", "home", "read"],
  account: ["account", "switches", "guide", "news"],
  clock: ["clock"],
  connection: ["connection"],
};

/** On a narrow screen: a dot on the account's tab when something was written there. @param {App} app */
function newsMark(app) {
  let seen = app.account?.log.length ?? -1;
  return () => {
    const count = app.account?.log.length ?? 0;
    const news = seen >= 0 && count !== seen && document.body.dataset.panel !== "account";
    if (news) part("tabs").querySelector("[data-show=account]").classList.add("news");
    seen = count;
  };
}

/** Whom a newcomer starts as. @param {App} app */
function firstAsker(app) {
  const { people } = app.cast;
  return (people.find((one) => /engineer/i.test(one.title)) ?? people[0]).id;
}

await start();
