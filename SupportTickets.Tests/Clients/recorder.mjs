// Between a library and the feed: remembers what is sent, lets nothing go elsewhere, and stands in for the browser's XMLHttpRequest.
const feed = new URL(process.argv[2]);
const send = globalThis.fetch;
const told = ["accept", "content-type", "if-match", "prefer"];
let sent = [];

function requests() {
  const these = sent;
  sent = [];
  return these;
}

/** Gives a function that does one thing and tells what was sent for it and what came of it; explain is for errors of the library. */
export const watch = explain => async work => {
  requests();
  try { return { value: await work(), requests: requests() }; }
  catch (error) { return { error: await explain(error), requests: requests() }; }
};

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.origin !== feed.origin)
    throw new Error(`${url} is not the feed.`);
  const headers = told.filter(name => request.headers.has(name)).map(name => [name, request.headers.get(name)]);
  const body = await request.clone().text();
  const line = `${request.method} ${decode(url.href.slice(feed.href.length))}`;
  sent.push({ line, ...Object.fromEntries(headers), ...(body && { body }) });
  return send(request);
};

/** As a person would read it. */
function decode(text) {
  try { return decodeURIComponent(text); }
  catch { return text; }
}

/** Over fetch, asynchronous and for text. */
globalThis.XMLHttpRequest = class {
  readyState = 0;
  status = 0;
  responseText = "";
  withCredentials = false;
  #headers = new Headers();
  #answer;

  open(method, url) { Object.assign(this, { method, url }); }
  setRequestHeader(name, value) { this.#headers.append(name, value); }
  getResponseHeader(name) { return this.#answer?.headers.get(name) ?? null; }
  abort() { }

  async send(body) {
    try {
      this.#answer = await fetch(this.url, { method: this.method, headers: this.#headers, body });
      this.responseText = await this.#answer.text();
      this.status = this.#answer.status;
      this.statusText = this.#answer.statusText;
    } catch { this.status = 0; }
    this.readyState = 4;
    this.onreadystatechange?.();
  }
};
