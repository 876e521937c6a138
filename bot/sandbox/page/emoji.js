/** The emoji short names that apps commonly write. A name that is not here stays as it was written. */

const EMOJI = Object.freeze({
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫",
  warning: "⚠️", information_source: "ℹ️", question: "❓", exclamation: "❗", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", stopwatch: "⏱️", alarm_clock: "⏰", clock1: "🕐", calendar: "📅", bell: "🔔",
  lock: "🔒", unlock: "🔓", key: "🔑", closed_lock_with_key: "🔐", shield: "🛡️", eyes: "👀", wave: "👋",
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", raised_hand: "✋", pray: "🙏", tada: "🎉",
  rocket: "🚀", memo: "📝", pencil: "📝", link: "🔗", mag: "🔍", gear: "⚙️", wrench: "🔧", robot_face: "🤖",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", house: "🏠", wastebasket: "🗑️", repeat: "🔁",
  arrows_counterclockwise: "🔄", red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", point_right: "👉", speech_balloon: "💬",
  leftwards_arrow_with_hook: "↩️", arrow_right: "➡️", heavy_minus_sign: "➖", heavy_plus_sign: "➕", fire: "🔥",
});

/** @param {string} name without colons @returns {string|null} */
export function emoji(name) {
  return Object.hasOwn(EMOJI, name) ? /** @type {Record<string, string>} */ (EMOJI)[name] : null;
}

/** Replace `:name:` in literal text. @param {string} text */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji(name) ?? all);
}
