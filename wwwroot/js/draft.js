// Keeps unsent text in this browser. If storage is off or full there is no draft, and the form says so.
const PREFIX = "draft "; // site.js forgets all that begin so when somebody signs out
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_LENGTH = 1_000_000; // UTF-16 units; a browser has about 5,000,000 for a whole site

const isDraft = (draft) => typeof draft?.owner === "string" && typeof draft.at === "number" && typeof draft.values === "object" && draft.values !== null;

/**
 * The draft of a form.
 * @param {string} path Of the form; each has one draft.
 * @param {string} owner The person, or "" without one: nobody else gets to see it.
 */
export function draftOf(path, owner) {
  const name = PREFIX + path;
  const load = () => {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  };
  const remove = () => {
    try { localStorage.removeItem(name); } catch { /* There is none. */ }
  };
  return {
    /** The time when it was saved, in milliseconds since 1970, and its values by name; null when this person has none. */
    read() {
      const draft = load();
      if (!isDraft(draft) || Date.now() - draft.at > MAX_AGE_MS || (draft.owner !== owner && owner !== "")) {
        remove();
        return null;
      }
      return draft.owner === owner ? draft : null;
    },
    /** Saves values and tells whether it could. If they are too long, the draft is deleted rather than kept in an older state. */
    save(values) {
      const text = JSON.stringify({ owner, at: Date.now(), values });
      if (text.length <= MAX_LENGTH) {
        try {
          localStorage.setItem(name, text);
          return true;
        } catch { /* It is off, or full. */ }
      }
      remove();
      return false;
    },
    /** Deletes the draft, unless it has another key: then it is of another text, in another tab. */
    forget(key) {
      if ((load()?.values?.key ?? key) === key) remove();
    },
  };
}
