/**
 * The one place that talks to the sandbox's server: JSON calls, and the stream that tells when to ask again.
 */

/** An answer that was not 2xx, or none at all. */
export class ApiError extends Error {}

/**
 * @param {string} path
 * @param {object} [body] makes it a POST
 * @returns {Promise<any>} the JSON answer; also of a 4xx that explains itself with `ok: false`
 * @throws {ApiError}
 */
export async function call(path, body) {
  let response;
  try {
    response = await fetch(path, body && {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new ApiError("The sandbox does not answer.");
  }
  /** @type {any} */
  const answer = await response.json().catch(() => null);
  if (response.ok || answer?.ok === false) return answer;
  throw new ApiError(answer?.error ?? `The sandbox answered ${response.status}.`);
}


const RETRY_MS = 2000;

/**
 * Listen to the sandbox's changes until `stop` is called. The browser reconnects by itself after a dropped
 * connection, but not after an error answer; that is retried here.
 * @param {string} as
 * @param {{changed: (what: string) => void, connected: (yes: boolean) => void}} tell
 * @returns {() => void} stop
 */
export function listen(as, tell) {
  /** @type {EventSource} */
  let source;
  let timer = 0;
  const open = () => {
    source = new EventSource(`/events?as=${encodeURIComponent(as)}`);
    source.onopen = () => tell.connected(true);
    source.onmessage = (event) => tell.changed(JSON.parse(event.data).what);
    source.onerror = () => {
      tell.connected(false);
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(open, RETRY_MS);
    };
  };
  open();
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}

/**
 * Wrap an asynchronous refresh so that calls made while it runs cause one more run, not many.
 * @param {() => Promise<void>} refresh
 * @returns {() => Promise<void>} settles when a run that began after the call has ended
 */
export function coalesce(refresh) {
  /** @type {Promise<void>|null} */
  let running = null;
  /** @type {Promise<void>|null} */
  let next = null;
  const run = () => {
    running = refresh().finally(() => { running = null; });
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running.catch(() => undefined).then(() => { next = null; return run(); });
    return next;
  };
}
