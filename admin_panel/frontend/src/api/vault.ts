/**
 * One text that all tabs read alike. What one tab writes to localStorage another may see a moment later, and a refresh
 * token that is sent a second time ends the session; a transaction of IndexedDB sees all that was finished before it.
 */
export interface Vault {
  read: () => Promise<string | null>;
  write: (text: string) => Promise<void>;
  /** Write only where still stands what was read; return what stands there then. */
  swap: (former: string, text: string) => Promise<string | null>;
}

const STORE = "session";
const KEY = "present";

export function browserVault(name: string): Vault {
  /** Write what follows from what stands there, unless that is undefined; return what stood there. */
  async function changed(next: (present: string | null) => string | undefined): Promise<string | null> {
    const database = await opened(name);
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, "readwrite");
        const store = transaction.objectStore(STORE);
        const asked = store.get(KEY) as IDBRequest<string | undefined>;
        asked.onsuccess = () => {
          const text = next(asked.result ?? null);
          if (text !== undefined) store.put(text, KEY);
        };
        transaction.oncomplete = () => {
          resolve(asked.result ?? null);
        };
        transaction.onabort = () => {
          reject(transaction.error ?? new Error("the vault is shut"));
        };
      });
    } finally {
      database.close();
    }
  }
  return {
    read: () => changed(() => undefined),
    write: async (text) => {
      await changed(() => text);
    },
    swap: async (former, text) => {
      const found = await changed((present) => (present === former ? text : undefined));
      return found === former ? text : found;
    },
  };
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(STORE);
    };
    asked.onsuccess = () => {
      resolve(asked.result);
    };
    asked.onerror = () => {
      reject(asked.error ?? new Error("the vault is shut"));
    };
  });
}
