/**
 * Who is signed in, shared by all tabs of this browser.
 *
 * The refresh token counts once: when it is sent twice, the API ends the whole session. So one tab renews at a time
 * (Web Locks), and whoever waited for the lock takes what the other has brought, out of the vault: what is in
 * localStorage, which tells all tabs who is in, may be seen late.
 */
import type { components } from "./schema";
import { browserVault, type Vault } from "./vault";
import { broken, isRefusal, OFFLINE, PATIENCE, Refusal, refusalOf } from "./refusal";

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

  constructor(
    private readonly around: Surroundings,
    private readonly patience = PATIENCE,
  ) {}

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
    if (!answer.ok) throw await refused(answer);
    await this.write(this.textOf(name, (await answer.json()) as Tokens));
  }

  /** Who is in, or may come back; null: nobody. */
  name(): string | null {
    const state = this.state();
    return state.is === "in" ? state.kept.name : state.is === "ended" ? state.name : null;
  }

  /** A token to send; renewed first when it is about to end, or when it is the one that was refused. */
  async token(whose: string, refused?: string): Promise<string> {
    const state = this.state();
    if (state.is !== "in" || state.kept.name !== whose) throw new SessionOver();
    const { access, accessEnds } = state.kept;
    if (access !== refused && accessEnds - this.around.now() > EARLY) return access;
    const token = await this.renewed(access);
    if (this.name() !== whose) throw new SessionOver(); // somebody else came in meanwhile
    return token;
  }

  /** A token other than the present one; many may ask at once, one request is sent. */
  private renewed(present: string): Promise<string> {
    this.renewing ??= this.around
      .alone(() => this.renew(present))
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }

  private async renew(present: string): Promise<string> {
    const former = (await this.around.vault.read()) ?? JSON.stringify({ name: this.name() ?? undefined });
    const kept = this.take(former);
    if (kept.access !== present) return kept.access; // another tab was faster
    const answer = await this.post("/api/v1/auth/refresh", {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: kept.refresh }),
    });
    if (!answer.ok && answer.status !== 401) throw await refused(answer);
    // When the API lets this session in no more the name stays, so that the same person can go on.
    const next = answer.ok
      ? this.textOf(kept.name, (await answer.json()) as Tokens)
      : JSON.stringify({ name: kept.name });
    // Whoever signed out, or in, while this was on its way is not overruled.
    return this.take((await this.around.vault.swap(former, next)) ?? "{}").access;
  }

  /** Show what stands in the vault, and return the session that it is; SessionOver when it is none. */
  private take(text: string): Kept {
    this.show(text);
    const state = read(text);
    if (state.is !== "in") throw new SessionOver();
    return state.kept;
  }

  /** Nobody is signed in here any more. */
  leave(): Promise<void> {
    return this.write("{}");
  }

  /** Wait until this person is back; SessionOver when they leave, or somebody else comes instead. */
  back(whose: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const state = this.state();
        if (state.is === "ended" && state.name === whose) return;
        stop();
        if (this.name() === whose) resolve();
        else reject(new SessionOver());
      };
      const stop = this.subscribe(look);
      look();
    });
  }

  private async post(path: string, what: RequestInit): Promise<Response> {
    try {
      // All tabs wait for a renewal, so that it must end.
      return await this.around.fetch(path, { method: "POST", signal: AbortSignal.timeout(this.patience), ...what });
    } catch (error) {
      throw broken(error, "offline", OFFLINE);
    }
  }

  private textOf(name: string, tokens: Tokens): string {
    const kept: Kept = {
      name,
      access: tokens.access_token,
      accessEnds: this.around.now() + tokens.expires_in * 1000,
      refresh: tokens.refresh_token,
    };
    return JSON.stringify(kept);
  }

  private async write(text: string): Promise<void> {
    await this.around.vault.write(text);
    this.show(text);
  }

  private show(text: string): void {
    this.around.store.setItem(PLACE, text);
    this.changed();
  }
}

/** Why no tokens came. Whoever waits for them has sent nothing yet: a lost answer is no change that may be done. */
async function refused(answer: Response): Promise<Refusal> {
  const refusal = await refusalOf(answer);
  return isRefusal(refusal, "unknown") ? new Refusal(answer.status, "offline", OFFLINE) : refusal;
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
