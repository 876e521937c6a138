/**
 * Domain time, and how it is written: the sandbox's clock can be moved on, so nothing on the page may use the
 * browser's own idea of "now". Written in the viewer's time zone, 24 hours, as one person's Slack would.
 */

import { h } from "./dom.js";

const LOCALE = "en-US";
const DAY = 86400;

/** The movable clock as last told by the server, running on by itself in between. */
export class DomainClock {
  #told = Date.now() / 1000;
  #heard = performance.now();
  offset = 0;

  /** @param {{now: number, offset_seconds: number}} answer */
  set(answer) {
    this.#told = answer.now;
    this.#heard = performance.now();
    this.offset = answer.offset_seconds;
  }

  /** Seconds since the epoch. */
  now() {
    return this.#told + (performance.now() - this.#heard) / 1000;
  }
}

/** @param {number} at epoch seconds @param {Intl.DateTimeFormatOptions} options */
function write(at, options) {
  return new Intl.DateTimeFormat(LOCALE, options).format(new Date(at * 1000));
}

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** "14:20" @param {number} at */
export const hourMinute = (at) => write(at, CLOCK);

/** "Thursday, November 26" @param {number} at */
export const longDay = (at) => write(at, { weekday: "long", month: "long", day: "numeric" });

/** "Thu, Nov 26, 2026" @param {number} at */
export const shortDay = (at) => write(at, { weekday: "short", month: "short", day: "numeric", year: "numeric" });

/** "14:20:07 UTC" @param {number} at */
export const withZone = (at) => write(at, { ...CLOCK, second: "2-digit", timeZoneName: "short" });

/** A day as a sortable key in the viewer's zone. @param {number} at */
export const dayKey = (at) => new Intl.DateTimeFormat("sv-SE").format(new Date(at * 1000));

/** "14:20" today, "Nov 25, 14:20" this year or near it, else with the year. @param {number} at @param {number} now */
export function moment(at, now) {
  if (dayKey(at) === dayKey(now)) return hourMinute(at);
  if (Math.abs(now - at) > 300 * DAY) return write(at, { month: "short", day: "numeric", year: "numeric" });
  if (Math.abs(now - at) > 30 * DAY) return write(at, { month: "short", day: "numeric" });
  return write(at, { month: "short", day: "numeric", ...CLOCK });
}

/** @param {number} at @param {number} now @returns {string|null} "today", "yesterday", "tomorrow" */
function near(at, now) {
  const key = dayKey(at);
  if (key === dayKey(now)) return "today";
  if (key === dayKey(now - DAY)) return "yesterday";
  return key === dayKey(now + DAY) ? "tomorrow" : null;
}

/** @param {number} at */
function ordinalDay(at) {
  const day = new Date(at * 1000).getDate();
  const tail = day % 100 >= 11 && day % 100 <= 13 ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th";
  return `${day}${tail}`;
}

/** @param {number} at @param {number} now */
function ago(at, now) {
  const diff = at - now;
  const [unit, size] = /** @type {[Intl.RelativeTimeFormatUnit, number]} */ (
    [["day", DAY], ["hour", 3600], ["minute", 60]].find(([, s]) => Math.abs(diff) >= Number(s)) ?? ["second", 1]);
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(diff / size), unit);
}

/** @type {Record<string, (at: number, now: number) => string>} */
const TOKENS = {
  date_num: (at) => dayKey(at),
  date_slash: (at) => write(at, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => `${write(at, { month: "long" })} ${ordinalDay(at)}, ${write(at, { year: "numeric" })}`,
  date_short: (at) => write(at, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (at) => `${write(at, { weekday: "long" })}, ${TOKENS.date(at, at)}`,
  date_long_full: (at) => `${write(at, { weekday: "long" })}, ${TOKENS.date(at, at)}`,
  time: (at) => hourMinute(at),
  time_secs: (at) => write(at, { ...CLOCK, second: "2-digit" }),
  ago,
};
for (const name of ["date", "date_short", "date_long"]) {
  TOKENS[`${name}_pretty`] = (at, now) => near(at, now) ?? TOKENS[name](at, now);
}
TOKENS.day_divider_pretty = TOKENS.date_long_pretty;

/** Fill Slack's date format. @param {number} at @param {string} format @param {number} now */
export function slackDate(at, format, now) {
  return format.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(TOKENS, name) ? TOKENS[name](at, now) : all));
}

/**
 * A <time> that is written anew by `refreshTimes` when the clock moves.
 * @param {number} at @param {string} format Slack date format, or "moment" @param {DomainClock} clock
 */
export function timeNode(at, format, clock) {
  const iso = new Date(at * 1000).toISOString();
  const title = `${shortDay(at)}, ${withZone(at)}`;
  return h("time", { datetime: iso, title, "data-at": at, "data-format": format },
    timeText(at, format, clock.now()));
}

/** @param {number} at @param {string} format @param {number} now */
function timeText(at, format, now) {
  return format === "moment" ? moment(at, now) : slackDate(at, format, now);
}

/** "today" becomes "yesterday" when the clock passes midnight. @param {DomainClock} clock */
export function refreshTimes(clock) {
  for (const node of document.querySelectorAll("time[data-format]")) {
    const { at, format } = /** @type {HTMLElement} */ (node).dataset;
    const text = timeText(Number(at), String(format), clock.now());
    if (node.textContent !== text) node.textContent = text;
  }
}
