// Listens to the changes that the desk tells a page of, as long as the page is shown.
const RETRY_MS = 60_000;

/**
 * Starts listening.
 * @param {() => string} address Of the stream. It says what the page shows, so nothing is missed while there is no connection.
 * @param {object} page What to do: changed(id) when there is something new; alive(isAlive) when the connection comes or goes;
 *   refused() when the desk gives no stream: it fetches the page, which shows why, and tells whether that went well.
 * @returns A function that stops it for good.
 */
export function listen(address, { changed, alive = () => {}, refused }) {
  let stream, retry, stopped = false;

  function close() {
    clearTimeout(retry);
    stream?.close();
    stream = undefined;
  }

  function open() {
    close();
    if (stopped) return;
    stream = new EventSource(address());
    stream.addEventListener("ready", () => alive(true));
    stream.addEventListener("changed", ({ lastEventId }) => {
      alive(true);
      changed(lastEventId);
    });
    stream.addEventListener("error", () => {
      alive(false);
      // The browser connects again by itself unless it was refused.
      if (stream?.readyState === EventSource.CLOSED) tryLater(stream);
    });
  }

  function tryLater(closed) {
    retry = setTimeout(async () => {
      const isThere = await refused();
      if (stream !== closed) return; // the page was hidden meanwhile
      if (isThere) open();
      else tryLater(closed);
    }, RETRY_MS);
  }

  // A hidden page closes its connection: a browser has only six for a desk without HTTP/2.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { open(); return; }
    close();
    alive(false);
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", () => { if (!document.hidden) open(); });
  return () => { stopped = true; close(); };
}
