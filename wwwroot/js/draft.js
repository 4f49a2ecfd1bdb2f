// Keeps unsent text in this browser. If storage is off or full there is no draft, and the form says so. Each form that is open has a slot
// of its own, so what is sent from one tab deletes nothing that is typed in another.
const PREFIX = "draft "; // site.js forgets all that begin so when somebody signs out
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_LENGTH = 1_000_000; // UTF-16 units; a browser has about 5,000,000 for a whole site
const MAX_SLOTS = 5; // of one form: the oldest goes

/** What the other tabs are told just before a slot is deleted. */
export const SENT = "sent", DISCARDED = "discarded";

const isDraft = (draft) => typeof draft?.owner === "string" && typeof draft.at === "number" && typeof draft.values === "object" && draft.values !== null;

const parse = (text) => {
  try { return JSON.parse(text); } catch { return null; }
};

/** A name that no other slot has, and a key that no other form has. */
export const newSlot = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The drafts of a form.
 * @param {string} path Of the form.
 * @param {string} owner The person, or "" without one: nobody else gets to see them.
 */
export function draftsOf(path, owner) {
  const start = PREFIX + path;
  const nameOf = (slot) => `${start} ${slot}`;
  const remove = (name) => {
    try { localStorage.removeItem(name); } catch { /* There is none. */ }
  };
  const isOver = (draft) => !isDraft(draft) || Date.now() - draft.at > MAX_AGE_MS || (draft.owner !== owner && owner !== "");

  /** All drafts of this person, the newest first; deletes what is no draft any more. */
  function list() {
    const drafts = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name !== start && !name.startsWith(`${start} `)) continue;
        const draft = parse(localStorage.getItem(name));
        if (isOver(draft)) remove(name);
        else if (draft.owner === owner) drafts.push({ ...draft, name, slot: name.slice(start.length + 1) });
      }
    } catch { /* It is off. */ }
    return drafts.sort((one, other) => other.at - one.at);
  }

  return {
    /** The slot that this tab had last, also before it was loaded anew; null when there is none. */
    last() {
      try { return sessionStorage.getItem(start); } catch { return null; }
    },
    /** The draft of this tab, else the newest: its slot, when it was saved (in milliseconds since 1970), its values; null without one. */
    read() {
      const drafts = list();
      const draft = drafts.find(({ slot }) => slot === this.last()) ?? drafts[0] ?? null;
      if (draft?.name === start) { // as earlier versions of the desk kept it
        remove(start);
        draft.slot = draft.values.key ?? newSlot();
        this.save(draft.slot, draft.values);
      }
      return draft;
    },
    /** The draft of a slot; null without one. */
    find: (slot) => list().find((draft) => draft.slot === slot) ?? null,
    /** Remembers the slot of this tab. */
    use(slot) {
      try { sessionStorage.setItem(start, slot); } catch { /* Then the newest is offered. */ }
    },
    /** Saves values and tells whether it could. If they are too long, the draft is deleted rather than kept in an older state. */
    save(slot, values) {
      const text = JSON.stringify({ owner, at: Date.now(), values });
      if (text.length <= MAX_LENGTH) {
        try {
          const isNew = localStorage.getItem(nameOf(slot)) === null;
          localStorage.setItem(nameOf(slot), text);
          if (isNew) for (const old of list().filter((draft) => draft.slot !== slot).slice(MAX_SLOTS - 1)) remove(old.name);
          this.use(slot);
          return true;
        } catch { /* It is off, or full. */ }
      }
      remove(nameOf(slot));
      return false;
    },
    /** Deletes a draft. */
    forget(slot, why) {
      const name = nameOf(slot);
      try {
        if (localStorage.getItem(name) === null) return;
        localStorage.setItem(name, JSON.stringify(why));
      } catch { /* Nobody is told. */ }
      remove(name);
    },
    /**
     * Tells what other tabs do with a slot.
     * @param {() => string} slot The slot at that time.
     * @param {(what: any) => void} heard Gets SENT, DISCARDED or the draft that is there by now. Nothing is told when it was deleted
     *   because somebody signed out.
     */
    listen(slot, heard) {
      addEventListener("storage", ({ key, newValue }) => {
        if (key === nameOf(slot()) && newValue !== null) heard(parse(newValue));
      });
    },
  };
}
