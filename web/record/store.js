/**
 * What a visit leaves on this device: its ticket, its log and the server's verdicts, in IndexedDB,
 * or in memory where the browser keeps nothing.
 */

/** @import { Entry, Verdict } from "../messages.js" */

/**
 * @typedef {object} VisitRow
 * @property {string} visit the server's id, or `local-…` for a visit that is not recorded
 * @property {string} token empty for a visit that is not recorded
 * @property {number} seed
 * @property {string} venue
 * @property {string} package the hash of the package that the visit is pinned to
 * @property {number} startedAt when it began, by this device's clock
 * @property {number} accepted the last entry that the server has acknowledged
 * @property {number} [consent] the version of the text by which the visitor agreed to being recorded; 0
 *   or nothing while they do not
 * @property {string} [registration] the enrolment by which a learning system launched it
 */

/**
 * @typedef {object} Store
 * @property {(venue: string) => Promise<VisitRow | null>} current the visit that this device is on
 * @property {() => Promise<VisitRow[]>} all every visit on this device, the newest first
 * @property {(row: VisitRow) => Promise<void>} begin makes a visit the current one of its venue
 * @property {(row: VisitRow) => Promise<void>} save
 * @property {(visit: string, entries: Entry[]) => Promise<void>} append
 * @property {(visit: string) => Promise<Entry[]>} entries in order
 * @property {(visit: string, verdicts: Verdict[]) => Promise<void>} learn
 * @property {(visit: string) => Promise<Verdict[]>} verdicts in order
 * @property {(visit: string, entries: Entry[], reason: string) => Promise<void>} quarantine sets entries
 *   aside that the server will not take; they stay on this device
 * @property {(visit: string) => Promise<{entry: Entry, reason: string}[]>} quarantined
 * @property {(row: VisitRow) => Promise<void>} forget removes everything of a visit
 */

const NAME = "xinghuo";
const VERSION = 1;
const TABLES = ["entries", "verdicts", "quarantine"];

/** @returns {Promise<{store: Store, durable: boolean}>} */
export async function openStore() {
  try {
    return { store: inDatabase(await openDatabase()), durable: true };
  } catch {
    return { store: inMemory(), durable: false };
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("visits", { keyPath: "visit" });
      database.createObjectStore("current");
      for (const table of TABLES) database.createObjectStore(table);
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older store open"));
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function inDatabase(database) {
  /**
   * Runs `work` in one transaction and resolves when that is on disk.
   * @template T
   * @param {string[]} tables @param {IDBTransactionMode} mode
   * @param {(table: (name: string) => IDBObjectStore) => IDBRequest<T> | void} work
   * @returns {Promise<T>}
   */
  const transact = (tables, mode, work) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(tables, mode);
      const request = work((name) => transaction.objectStore(name));
      transaction.oncomplete = () => resolve(/** @type {T} */ (request ? request.result : undefined));
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  /** @param {string} visit */
  const ofVisit = (visit) => IDBKeyRange.bound([visit, 0], [visit, Number.MAX_SAFE_INTEGER]);

  return {
    async current(venue) {
      const visit = await transact(["current"], "readonly", (table) => table("current").get(venue));
      if (!visit) return null;
      return (await transact(["visits"], "readonly", (table) => table("visits").get(visit))) ?? null;
    },
    async all() {
      /** @type {VisitRow[]} */
      const rows = await transact(["visits"], "readonly", (table) => table("visits").getAll());
      return rows.sort((a, b) => b.startedAt - a.startedAt);
    },
    begin: (row) =>
      transact(["visits", "current"], "readwrite", (table) => {
        table("visits").put(row);
        table("current").put(row.visit, row.venue);
      }),
    save: (row) =>
      transact(["visits"], "readwrite", (table) => {
        table("visits").put(row);
      }),
    append: (visit, entries) =>
      transact(["entries"], "readwrite", (table) => {
        for (const entry of entries) table("entries").put(entry, [visit, entry.seq]);
      }),
    entries: (visit) =>
      transact(["entries"], "readonly", (table) => table("entries").getAll(ofVisit(visit))),
    learn: (visit, verdicts) =>
      transact(["verdicts"], "readwrite", (table) => {
        for (const verdict of verdicts) table("verdicts").put(verdict, [visit, verdict.seq]);
      }),
    verdicts: (visit) =>
      transact(["verdicts"], "readonly", (table) => table("verdicts").getAll(ofVisit(visit))),
    quarantine: (visit, entries, reason) =>
      transact(["entries", "quarantine"], "readwrite", (table) => {
        for (const entry of entries) {
          table("quarantine").put({ entry, reason }, [visit, entry.seq]);
          table("entries").delete([visit, entry.seq]);
        }
      }),
    quarantined: (visit) =>
      transact(["quarantine"], "readonly", (table) => table("quarantine").getAll(ofVisit(visit))),
    forget: (row) =>
      transact(["visits", "current", ...TABLES], "readwrite", (table) => {
        table("visits").delete(row.visit);
        const current = table("current").get(row.venue);
        current.onsuccess = () => {
          if (current.result === row.visit) table("current").delete(row.venue);
        };
        for (const name of TABLES) table(name).delete(ofVisit(row.visit));
      }),
  };
}

/** @returns {Store} */
export function inMemory() {
  /** @type {Map<string, VisitRow>} */
  const current = new Map();
  /** @type {Map<number, Entry>} */
  const entries = new Map();
  /** @type {Map<number, Verdict>} */
  const verdicts = new Map();
  /** @type {{entry: Entry, reason: string}[]} */
  const aside = [];
  /** @param {VisitRow} row */
  const keep = async (row) => {
    current.set(row.venue, { ...row });
  };
  const clear = () => {
    entries.clear();
    verdicts.clear();
    aside.length = 0;
  };
  return {
    current: async (venue) => current.get(venue) ?? null,
    all: async () => [...current.values()].sort((a, b) => b.startedAt - a.startedAt),
    async begin(row) {
      clear();
      await keep(row);
    },
    save: keep,
    async append(_visit, more) {
      for (const entry of more) entries.set(entry.seq, entry);
    },
    entries: async () => [...entries.values()].sort((a, b) => a.seq - b.seq),
    async learn(_visit, more) {
      for (const verdict of more) verdicts.set(verdict.seq, verdict);
    },
    verdicts: async () => [...verdicts.values()].sort((a, b) => a.seq - b.seq),
    async quarantine(_visit, refused, reason) {
      for (const entry of refused) {
        aside.push({ entry, reason });
        entries.delete(entry.seq);
      }
    },
    quarantined: async () => aside,
    async forget(row) {
      current.delete(row.venue);
      clear();
    },
  };
}
