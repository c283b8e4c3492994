/** Answers that are remembered. */

const CACHED_CELLS = 50000;
const CACHE_TIME = 10 * 60 * 1000; // milliseconds: a server with new rules is noticed at the latest then

/** The least recently used ones are forgotten; a table weighs as many as its cells. */
const cache = {
  entries: new Map(),
  cells: 0,
  version: HEAD.version,

  get(key) {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    this.remove(key, entry);
    if (Date.now() - entry.since > CACHE_TIME) return null;
    this.keep(key, entry);
    return entry.outcome;
  },

  put(key, outcome) {
    const old = this.entries.get(key);
    if (old !== undefined) this.remove(key, old);
    const table = outcome.value !== null && typeof outcome.value === "object" ? outcome.value.values.length : 1;
    this.keep(key, { outcome, weight: table, since: Date.now() });
    for (const [oldest, entry] of this.entries) {
      if (this.cells <= CACHED_CELLS) break;
      this.remove(oldest, entry);
    }
  },

  keep(key, entry) {
    this.entries.set(key, entry);
    this.cells += entry.weight;
  },

  remove(key, entry) {
    this.entries.delete(key);
    this.cells -= entry.weight;
  },

  clear() {
    this.entries.clear();
    this.cells = 0;
  },

  /** Answers of other rules or figures are not to be shown beside new ones. */
  notice(version) {
    if (version === this.version) return;
    this.clear();
    this.version = version;
  },
};
