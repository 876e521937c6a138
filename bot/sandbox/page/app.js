/**
 * What the page knows: who one is, where one looks, and the last answers of the server. Parts of the page read
 * it when they draw and ask it to do things; only here are those answers replaced.
 */

import { ApiError, call, coalesce, listen } from "./api.js";
import { Connection } from "./connection.js";
import { FormValues } from "./form.js";
import { DomainClock } from "./time.js";

/** @typedef {import("./types.js").Cast} Cast */
/** @typedef {import("./types.js").Screen} Screen */
/** @typedef {import("./types.js").Account} Account */

/** @type {Screen} */
const NOTHING = { conversations: [], messages: {}, modals: [], modal_errors: {}, home: null, notice: null };

/** The place that is not a conversation. */
export const HOME = "home";

export class App {
  me = "";
  place = "";
  /** @type {string|null} what the page itself could not do */
  trouble = null;
  clock = new DomainClock();
  /** @type {Screen} */
  screen = NOTHING;
  /** @type {Account|null} */
  account = null;
  /** @type {Set<string>} threads that are folded out, by channel and message */
  #open = new Set();
  #reading = false;
  #stop = () => {};
  /** @type {Map<string, FormValues>} */
  #forms = new Map();

  /** @param {Cast} cast @param {(what: "screen"|"account"|"clock"|"person"|"place"|"connection") => void} redraw */
  constructor(cast, redraw) {
    this.cast = cast;
    this.redraw = redraw;
    this.connection = new Connection(() => redraw("connection"), () => {
      for (const refresh of [this.refreshScreen, this.refreshAccount, this.refreshClock]) void refresh();
    });
    this.refreshScreen = coalesce(() => this.#loadScreen());
    this.refreshAccount = coalesce(() => this.connection.load("/account", (answer) => {
      this.account = answer;
      redraw("account");
    }));
    this.refreshClock = coalesce(() => this.connection.load("/clock", (answer) => {
      this.clock.set(answer);
      redraw("clock");
    }));
  }

  /** The part of the address after `#` for a person and a place. @param {string} me @param {string} place */
  address(me, place) {
    return `#/${me}/${place}`;
  }

  /** Be somebody, somewhere. @param {string} me @param {string} place */
  async go(me, place) {
    const other = me !== this.me;
    this.me = me;
    this.place = place;
    this.trouble = null;
    if (other) {
      // At once, or a quick click would still land on something of the former person's.
      this.screen = NOTHING;
      this.redraw("person");
      this.#stop();
      this.#stop = listen(me, {
        changed: (what) => this.#changed(what),
        connected: (yes) => this.connection.streams(yes),
      });
      await this.refreshScreen();
      if (me !== this.me) return;
    }
    if (!this.waiting && !this.#exists(this.place)) {
      this.place = this.screen.conversations[0]?.id ?? HOME;
      history.replaceState(null, "", this.address(this.me, this.place));
    }
    if (other) this.redraw("person");
    this.redraw("place");
    if (this.place === HOME) await this.post("/home", {});
  }

  /** The language that whoever one is has chosen in Slack. */
  get locale() {
    return this.person(this.me)?.locale ?? "en-US";
  }

  /** Has the server not told yet what this person sees? */
  get waiting() {
    return this.screen === NOTHING;
  }

  /** @param {string} place */
  #exists(place) {
    return place === HOME || this.screen.conversations.some((one) => one.id === place);
  }

  /** @param {string} what */
  #changed(what) {
    if (what === "slack") void this.refreshScreen();
    if (what === "ram") void this.refreshAccount();
    if (what === "clock") void this.refreshClock();
  }

  async #loadScreen() {
    const me = this.me;
    await this.connection.load(`/screen?as=${encodeURIComponent(me)}`, (answer) => {
      if (me !== this.me) return;
      this.screen = answer;
      this.redraw("screen");
    });
  }

  /**
   * Do something as the person one is.
   * @param {string} path @param {object} body
   * @returns {Promise<any>} the answer; `{ok: false, error}` when the server could not be asked
   */
  async post(path, body) {
    /** @type {any} */
    let answer;
    try {
      answer = await call(path, { as: this.me, ...body });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { ok: false, error: error.message };
    }
    const before = this.screen.notice?.at;
    this.trouble = null;
    await this.refreshScreen();
    const told = this.screen.notice && this.screen.notice.at !== before;
    if (answer?.ok === false && answer.error && !told) {
      this.trouble = String(answer.error);
      this.redraw("screen");
    }
    return answer;
  }

  /** What is before the person's eyes is no longer unread. */
  async read() {
    const here = this.conversation(this.place);
    if (!here || this.#reading || document.visibilityState !== "visible") return;
    const threads = here.unread_threads.filter((ts) => this.isOpen(here.id, ts));
    if (!here.unread && !threads.length) return;
    this.#reading = true;
    if (here.unread) await this.ask("/read", { channel: here.id });
    for (const ts of threads) await this.ask("/read", { channel: here.id, thread_ts: ts });
    this.#reading = false;
  }

  /** @param {string} channel @param {string} ts */
  isOpen(channel, ts) {
    return this.#open.has(`${this.me} ${channel} ${ts}`);
  }

  /** Fold a thread out or in. @param {string} channel @param {string} ts @param {boolean} open */
  fold(channel, ts, open) {
    if (open) this.#open.add(`${this.me} ${channel} ${ts}`);
    else this.#open.delete(`${this.me} ${channel} ${ts}`);
    this.redraw("screen");
  }

  /** A view of this person that is open now. @param {string} id */
  view(id) {
    return [...this.screen.modals, this.screen.home].find((one) => one?.id === id);
  }

  /** Ask the server for something without a redraw of its own. @param {string} path @param {object} body */
  async ask(path, body) {
    try {
      return await call(path, { as: this.me, ...body });
    } catch (error) {
      if (error instanceof ApiError) return null;
      throw error;
    }
  }

  /** @param {number} seconds */
  async advance(seconds) {
    await this.connection.load("/clock", (answer) => {
      this.clock.set(answer);
      this.redraw("clock");
    }, { advance_seconds: seconds });
  }

  /** Break something of the account, or put it right. @param {string} name @param {boolean} broken */
  async turn(name, broken) {
    await this.connection.load("/switches", () => void this.refreshAccount(), { name, broken });
  }

  /** What was typed or chosen in one view or message. @param {string} key */
  form(key) {
    const form = this.#forms.get(key) ?? new FormValues();
    this.#forms.set(key, form);
    return form;
  }

  /** @param {string} id */
  person(id) {
    return this.cast.people.find((one) => one.id === id);
  }

  /** @param {string} id */
  conversation(id) {
    return this.screen.conversations.find((one) => one.id === id);
  }

  /** @param {string} id */
  nameOf(id) {
    return id === this.cast.app.bot_user_id ? this.cast.app.name : this.person(id)?.real_name ?? id;
  }
}
