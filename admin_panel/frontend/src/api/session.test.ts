import { describe, expect, it, vi } from "vitest";

import { client } from "./client";
import { OFFLINE } from "./refusal";
import { Session, SessionOver, type Surroundings } from "./session";

/** A browser with tabs: one vault and one lock for all, a store that each tab may see late, and an API that counts. */
function browser() {
  const shelf = new Map<string, string>();
  let vault: string | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let now = 1_000_000;
  let valid = "";
  const asked: string[] = [];
  let issued = 0;
  const answers: ((what?: RequestInit) => Response | Promise<Response>)[] = [];

  function pair(): Response {
    issued += 1;
    valid = `refresh-${issued}`;
    const tokens = { access_token: `access-${issued}`, expires_in: 900, refresh_token: valid, token_type: "bearer" };
    return Response.json(tokens);
  }
  const fetching = async (path: unknown, what?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    asked.push(String(path));
    const other = answers.shift();
    if (other) return other(what);
    if (String(path).endsWith("/login")) return pair();
    const { refresh_token } = JSON.parse(what?.body as string) as { refresh_token: string };
    if (refresh_token === valid) return pair();
    valid = ""; // it came twice: the whole session ends
    return Response.json({ error: "unauthorized", detail: "Sign in.", request_id: "1" }, { status: 401 });
  };
  const around: Surroundings = {
    store: { getItem: (name) => shelf.get(name) ?? null, setItem: (name, value) => void shelf.set(name, value) },
    vault: {
      read: () => Promise.resolve(vault),
      write: (text) => {
        vault = text;
        return Promise.resolve();
      },
      swap: (former, text) => {
        if (vault === former) vault = text;
        return Promise.resolve(vault);
      },
    },
    fetch: fetching,
    now: () => now,
    alone: (work) => {
      const mine = turn.then(work, work);
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
  return {
    tab: (patience?: number) => new Session(around, patience),
    /** A tab that still sees what was written before. */
    lateTab: () => {
      const seen = new Map(shelf);
      const setItem = (name: string, value: string) => void seen.set(name, value);
      return new Session({ ...around, store: { getItem: (name) => seen.get(name) ?? null, setItem } });
    },
    later: (seconds: number) => {
      now += seconds * 1000;
    },
    answer: (response: (typeof answers)[number]) => answers.push(response),
    pair,
    revoke: () => {
      valid = "";
    },
    asked,
    /** Wait until so many requests were sent. */
    sent: (times: number) => vi.waitUntil(() => asked.length === times),
  };
}

async function signedIn() {
  const there = browser();
  const session = there.tab();
  await session.signIn("ann", "a password");
  return { there, session };
}

describe("a session", () => {
  it("is nobody's at first", async () => {
    const session = browser().tab();
    expect(session.state()).toEqual({ is: "out" });
    await expect(session.token("ann")).rejects.toBeInstanceOf(SessionOver);
  });

  it("gives its token until shortly before the end, and then another", async () => {
    const { there, session } = await signedIn();
    there.later(860);
    expect(await session.token("ann")).toBe("access-1");
    there.later(20);
    expect(await session.token("ann")).toBe("access-2");
  });

  it("is renewed once for many requests and several tabs, be one of them late", async () => {
    const { there, session } = await signedIn();
    const others = [there.tab(), there.lateTab(), there.lateTab()];
    there.later(900);
    const tokens = await Promise.all([session, session, ...others, ...others].map((tab) => tab.token("ann")));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(there.asked.filter((path) => path.endsWith("/refresh"))).toHaveLength(1);
  });

  it("that was ended elsewhere keeps its name, and what waits goes on when the person is back", async () => {
    const { there, session } = await signedIn();
    there.revoke();
    await expect(session.token("ann", "access-1")).rejects.toBeInstanceOf(SessionOver);
    expect(session.state()).toEqual({ is: "ended", name: "ann" });
    const back = session.back("ann");
    await session.signIn("ann", "a password");
    await back;
    expect(await session.token("ann")).toBe("access-2");
  });

  it("outlives an API that is away", async () => {
    const { there, session } = await signedIn();
    there.later(900);
    there.answer(() => {
      throw new TypeError("network");
    });
    there.answer(() => new Response("<html>", { status: 502 }));
    await expect(session.token("ann")).rejects.toMatchObject({ code: "offline" });
    await expect(session.token("ann")).rejects.toMatchObject({ status: 502 });
    expect(await session.token("ann")).toBe("access-2");
  });

  it("whose tokens are lost on the way has changed nothing, and nothing that waited for them was sent", async () => {
    const { there, session } = await signedIn();
    const lost = { error: "unknown", detail: "Whether it was done is not known.", request_id: "1" };
    there.later(900);
    for (const ask of [
      () => client(session).remove("/api/v1/training/{set_id}", { path: { set_id: "7" }, version: "abc" }),
      () => session.signIn("ann", "a password"),
    ]) {
      there.answer(() => Response.json(lost, { status: 502 })); // the panel's server, when the API breaks off
      await expect(ask()).rejects.toMatchObject({ code: "offline", message: OFFLINE });
    }
    expect(there.asked).toHaveLength(3);
  });

  it("outlives an API that never answers, which no tab waits for without end", async () => {
    const { there } = await signedIn();
    there.later(900);
    there.answer(
      (what) =>
        new Promise((_, reject) => {
          what?.signal?.addEventListener("abort", () => {
            reject(what.signal?.reason as Error);
          });
        }),
    );
    await expect(there.tab(20).token("ann")).rejects.toMatchObject({ code: "slow" });
    expect(await there.tab().token("ann")).toBe("access-2");
  });

  it("that is left is left in every tab, and nothing waits for it", async () => {
    const { there, session } = await signedIn();
    const late = there.lateTab();
    await session.leave();
    expect(there.tab().state()).toEqual({ is: "out" });
    await expect(session.back("ann")).rejects.toBeInstanceOf(SessionOver);
    await expect(late.token("ann", "access-1")).rejects.toBeInstanceOf(SessionOver);
    expect(late.state()).toEqual({ is: "out" });
    expect(there.asked).toHaveLength(1);
  });

  it.each([
    ["left", (session: Session) => session.leave(), { is: "out" }],
    ["somebody else's", (session: Session) => session.signIn("ben", "his"), { is: "in", kept: { name: "ben" } }],
  ] as const)("that is %s while its renewal is on the way stays so", async (_, meanwhile, state) => {
    for (const answered of ["renewed", "refused"]) {
      const { there, session } = await signedIn();
      let release: (answer: Response) => void = () => undefined;
      there.later(900);
      there.answer(() => new Promise((resolve) => (release = resolve)));
      const asked = expect(session.token("ann")).rejects.toBeInstanceOf(SessionOver);
      await there.sent(2);
      await meanwhile(session);
      release(answered === "renewed" ? there.pair() : new Response(null, { status: 401 }));
      await asked;
      expect(session.state()).toMatchObject(state);
      expect(there.tab().state()).toMatchObject(state);
    }
  });

  it("that has ended is waited for by its own person alone", async () => {
    const { there, session } = await signedIn();
    there.revoke();
    await expect(session.token("ann", "access-1")).rejects.toBeInstanceOf(SessionOver);
    const back = expect(session.back("ann")).rejects.toBeInstanceOf(SessionOver);
    await session.signIn("ben", "his");
    await back;
    await expect(session.token("ann")).rejects.toBeInstanceOf(SessionOver);
    expect(await session.token("ben")).toBe("access-2");
  });
});
