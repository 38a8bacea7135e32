/**
 * Who is signed in, shared by all tabs of this browser.
 *
 * The refresh token counts once: when it is sent twice, the API ends the whole session. So one tab renews at a time
 * (Web Locks), and whoever waited for the lock takes what the other has brought, out of the vault: what is in
 * localStorage, which tells all tabs who is in, may be seen late.
 */
import type { components } from "./schema";
import { browserVault, type Vault } from "./vault";
import { OFFLINE, Refusal, refusalOf } from "./refusal";

type Tokens = components["schemas"]["Tokens"];

export interface Kept {
  name: string;
  access: string;
  accessEnds: number;
  refresh: string;
}

/** in: signed in. ended: the API lets this session in no more, who was there may come back. out: nobody. */
export type State = { is: "in"; kept: Kept } | { is: "ended"; name: string } | { is: "out" };

export interface Surroundings {
  store: Pick<Storage, "getItem" | "setItem">;
  vault: Vault;
  fetch: typeof fetch;
  now: () => number;
  /** Runs what is given while no other tab does. */
  alone: <T>(work: () => Promise<T>) => Promise<T>;
}

const PLACE = "gym-panel-session";
const EARLY = 30_000; // milliseconds before its end a token is renewed: a request takes its time, and clocks differ

export class SessionOver extends Refusal {
  constructor() {
    super(401, "unauthorized", "You are signed out.");
  }
}

export class Session {
  private listeners = new Set<() => void>();
  private renewing: Promise<string> | null = null;
  private text: string | null = null;
  private present: State = { is: "out" };

  constructor(private readonly around: Surroundings) {}

  /** What is so now; the same object until something changes. */
  state = (): State => {
    const text = this.around.store.getItem(PLACE);
    if (text !== this.text) {
      this.text = text;
      this.present = read(text);
    }
    return this.present;
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Tell everybody to look again; also called when another tab has written. */
  changed = (): void => {
    for (const listener of [...this.listeners]) listener();
  };

  async signIn(name: string, password: string): Promise<void> {
    const form = new URLSearchParams({ username: name, password });
    const answer = await this.post("/api/v1/auth/login", { body: form });
    if (!answer.ok) throw await refusalOf(answer);
    await this.keep(name, (await answer.json()) as Tokens);
  }

  /** A token to send; renewed first when it is about to end. */
  async token(): Promise<string> {
    const state = this.state();
    if (state.is !== "in") throw new SessionOver();
    return state.kept.accessEnds - this.around.now() > EARLY ? state.kept.access : this.renewed(state.kept.access);
  }

  /** A token other than the one that was refused; many may ask at once, one request is sent. */
  renewed(refused: string): Promise<string> {
    this.renewing ??= this.around
      .alone(() => this.renew(refused))
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }

  private async renew(refused: string): Promise<string> {
    const here = this.state();
    if (here.is !== "in") throw new SessionOver();
    const text = (await this.around.vault.read()) ?? JSON.stringify({ name: here.kept.name });
    const state = read(text);
    if (state.is !== "in") {
      this.show(text);
      throw new SessionOver();
    }
    if (state.kept.access !== refused) {
      this.show(text); // another tab was faster
      return state.kept.access;
    }
    const answer = await this.post("/api/v1/auth/refresh", {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: state.kept.refresh }),
    });
    if (answer.status === 401) {
      await this.end();
      throw new SessionOver();
    }
    if (!answer.ok) throw await refusalOf(answer);
    const tokens = (await answer.json()) as Tokens;
    await this.keep(state.kept.name, tokens);
    return tokens.access_token;
  }

  /** The API lets this session in no more; the name stays, so that the same person can go on. */
  private async end(): Promise<void> {
    const state = this.state();
    if (state.is === "in") await this.write({ name: state.kept.name });
  }

  /** Nobody is signed in here any more. */
  leave(): Promise<void> {
    return this.write({});
  }

  /** Wait until the person is back; SessionOver when they leave instead. */
  back(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const state = this.state();
        if (state.is === "ended") return;
        stop();
        if (state.is === "in") resolve();
        else reject(new SessionOver());
      };
      const stop = this.subscribe(look);
      look();
    });
  }

  private async post(path: string, what: RequestInit): Promise<Response> {
    try {
      return await this.around.fetch(path, { method: "POST", ...what });
    } catch {
      throw new Refusal(0, "offline", OFFLINE);
    }
  }

  private keep(name: string, tokens: Tokens): Promise<void> {
    return this.write({
      name,
      access: tokens.access_token,
      accessEnds: this.around.now() + tokens.expires_in * 1000,
      refresh: tokens.refresh_token,
    });
  }

  private async write(what: Partial<Kept>): Promise<void> {
    const text = JSON.stringify(what);
    await this.around.vault.write(text);
    this.show(text);
  }

  private show(text: string): void {
    this.around.store.setItem(PLACE, text);
    this.changed();
  }
}

function read(text: string | null): State {
  let kept: Partial<Kept> = {};
  try {
    kept = JSON.parse(text ?? "{}") as Partial<Kept>;
  } catch {
    // somebody else's writing: nobody is signed in
  }
  if (kept.name === undefined) return { is: "out" };
  const { name, access, accessEnds, refresh } = kept;
  if (access === undefined || accessEnds === undefined || refresh === undefined) return { is: "ended", name };
  return { is: "in", kept: { name, access, accessEnds, refresh } };
}

/** The session of this browser. */
export function browserSession(): Session {
  const session = new Session({
    store: localStorage,
    vault: browserVault(PLACE),
    fetch: (...request) => fetch(...request),
    now: () => Date.now(),
    // Browsers have locks only where nobody listens on the way (https, or this computer); else each tab minds itself.
    alone: async (work) => ("locks" in navigator ? await navigator.locks.request("gym-panel-renewal", work) : work()),
  });
  window.addEventListener("storage", (event) => {
    if (event.key === PLACE || event.key === null) session.changed();
  });
  return session;
}
