/**
 * One text that all tabs read alike. What one tab writes to localStorage another may see a moment later, and a refresh
 * token that is sent a second time ends the session; a transaction of IndexedDB sees all that was finished before it.
 */
export interface Vault {
  read: () => Promise<string | null>;
  write: (text: string) => Promise<void>;
}

const STORE = "session";
const KEY = "present";

export function browserVault(name: string): Vault {
  async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await opened(name);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const asked = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => {
          resolve(asked.result);
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
    read: async () => ((await inStore("readonly", (store) => store.get(KEY))) as string | undefined) ?? null,
    write: async (text) => {
      await inStore("readwrite", (store) => store.put(text, KEY));
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
