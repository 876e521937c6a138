/**
 * Domain time, and how it is written: the sandbox's clock can be moved on, so nothing on the page may use the
 * browser's own idea of "now". Written in the viewer's time zone, 24 hours, as one person's Slack would: dates that a
 * message has in the language that they chose there, and those of the page itself in its own.
 */

import { h } from "./dom.js";

const OF_PAGE = "en-US";
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

/** Whoever looks at the page. @typedef {{clock: DomainClock, locale: string}} Viewer */

/** @param {number} at epoch seconds @param {Intl.DateTimeFormatOptions} options @param {string} [locale] */
function write(at, options, locale = OF_PAGE) {
  return new Intl.DateTimeFormat(locale, options).format(new Date(at * 1000));
}

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** "14:20" @param {number} at @param {string} [locale] */
export const hourMinute = (at, locale) => write(at, CLOCK, locale);

/** "Thursday, November 26" @param {number} at */
export const longDay = (at) => write(at, { weekday: "long", month: "long", day: "numeric" });

/** @type {Intl.DateTimeFormatOptions} */
const SHORT_DAY = { weekday: "short", month: "short", day: "numeric", year: "numeric" };

/** "Thu, Nov 26, 2026" @param {number} at @param {string} [locale] */
export const shortDay = (at, locale) => write(at, SHORT_DAY, locale);

/** "14:20:07 UTC" @param {number} at @param {string} [locale] */
export const withZone = (at, locale) => write(at, { ...CLOCK, second: "2-digit", timeZoneName: "short" }, locale);

/** A day as a sortable key in the viewer's zone. @param {number} at */
export const dayKey = (at) => new Intl.DateTimeFormat("sv-SE").format(new Date(at * 1000));

/** "14:20" today, "Nov 25, 14:20" this year or near it, else with the year. @param {number} at @param {number} now */
export function moment(at, now) {
  if (dayKey(at) === dayKey(now)) return hourMinute(at);
  if (Math.abs(now - at) > 300 * DAY) return write(at, { month: "short", day: "numeric", year: "numeric" });
  if (Math.abs(now - at) > 30 * DAY) return write(at, { month: "short", day: "numeric" });
  return write(at, { month: "short", day: "numeric", ...CLOCK });
}

/** @param {number} at @param {number} now @param {string} locale @returns {string|null} "today", "yesterday", "tomorrow" */
function near(at, now, locale) {
  const days = [0, -1, 1].find((each) => dayKey(at) === dayKey(now + each * DAY));
  return days === undefined ? null : relative(locale).format(days, "day");
}

/** @param {string} locale */
const relative = (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** "November 26th, 2026", as Slack has it in English. @param {number} at */
function ordinalDate(at) {
  const day = new Date(at * 1000).getDate();
  const tail = day % 100 >= 11 && day % 100 <= 13 ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th";
  return `${write(at, { month: "long" })} ${day}${tail}, ${write(at, { year: "numeric" })}`;
}

/** @param {number} at @param {number} now @param {string} locale */
function ago(at, now, locale) {
  const diff = at - now;
  const [unit, size] = /** @type {[Intl.RelativeTimeFormatUnit, number]} */ (
    [["day", DAY], ["hour", 3600], ["minute", 60]].find(([, s]) => Math.abs(diff) >= Number(s)) ?? ["second", 1]);
  return relative(locale).format(Math.round(diff / size), unit);
}

/** @param {string} locale */
const isEnglish = (locale) => locale.startsWith("en");

/** @param {number} at @param {string} locale */
const longDate = (at, locale) => (isEnglish(locale) ? ordinalDate(at) : write(at, { dateStyle: "long" }, locale));

/** @param {number} at @param {string} locale */
const fullDate = (at, locale) => (isEnglish(locale)
  ? `${write(at, { weekday: "long" })}, ${ordinalDate(at)}`
  : write(at, { dateStyle: "full" }, locale));

/** @type {Record<string, (at: number, now: number, locale: string) => string>} */
const TOKENS = {
  date_num: (at) => dayKey(at),
  date_slash: (at, _now, locale) => write(at, { year: "numeric", month: "2-digit", day: "2-digit" }, locale),
  date: (at, _now, locale) => longDate(at, locale),
  date_short: (at, _now, locale) => write(at, { month: "short", day: "numeric", year: "numeric" }, locale),
  date_long: (at, _now, locale) => fullDate(at, locale),
  date_long_full: (at, _now, locale) => fullDate(at, locale),
  time: (at, _now, locale) => hourMinute(at, locale),
  time_secs: (at, _now, locale) => write(at, { ...CLOCK, second: "2-digit" }, locale),
  ago,
};
for (const name of ["date", "date_short", "date_long"]) {
  TOKENS[`${name}_pretty`] = (at, now, locale) => near(at, now, locale) ?? TOKENS[name](at, now, locale);
}
TOKENS.day_divider_pretty = TOKENS.date_long_pretty;

/** Fill Slack's date format. @param {number} at @param {string} format @param {number} now @param {string} locale */
export function slackDate(at, format, now, locale) {
  return format.replace(/\{(\w+)\}/g, (all, name) =>
    (Object.hasOwn(TOKENS, name) ? TOKENS[name](at, now, locale) : all));
}

/**
 * A <time> of the page itself, that is written anew by `refreshTimes` when the clock moves.
 * @param {number} at @param {DomainClock} clock
 */
export const momentNode = (at, clock) => node(at, "", moment(at, clock.now()), OF_PAGE);

/**
 * The same for a date in a message, in the viewer's language.
 * @param {number} at @param {string} format Slack's @param {Viewer} viewer
 */
export const timeNode = (at, format, viewer) =>
  node(at, format, slackDate(at, format, viewer.clock.now(), viewer.locale), viewer.locale);

/** @param {number} at @param {string} format @param {string} text @param {string} locale */
function node(at, format, text, locale) {
  const iso = new Date(at * 1000).toISOString();
  const title = `${shortDay(at, locale)}, ${withZone(at, locale)}`;
  return h("time", { datetime: iso, title, "data-at": at, "data-format": format }, text);
}

/** "today" becomes "yesterday" when the clock passes midnight. @param {Viewer} viewer */
export function refreshTimes(viewer) {
  const now = viewer.clock.now();
  for (const shown of document.querySelectorAll("time[data-format]")) {
    const { at, format } = /** @type {HTMLElement} */ (shown).dataset;
    const text = format ? slackDate(Number(at), format, now, viewer.locale) : moment(Number(at), now);
    if (shown.textContent !== text) shown.textContent = text;
  }
}
