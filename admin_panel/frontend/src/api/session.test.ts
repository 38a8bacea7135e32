import { describe, expect, it } from "vitest";

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
  const answers: (() => Response)[] = [];

  function pair(): Response {
    issued += 1;
    valid = `refresh-${issued}`;
    return Response.json({ access_token: `access-${issued}`, expires_in: 900, refresh_token: valid, token_type: "bearer" });
  }
  const fetching = async (path: unknown, what?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    asked.push(String(path));
    const other = answers.shift();
    if (other) return other();
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
    tab: () => new Session(around),
    /** A tab that still sees what was written before. */
    lateTab: () => {
      const seen = new Map(shelf);
      return new Session({ ...around, store: { getItem: (name) => seen.get(name) ?? null, setItem: (name, value) => void seen.set(name, value) } });
    },
    later: (seconds: number) => {
      now += seconds * 1000;
    },
    answer: (response: () => Response) => answers.push(response),
    revoke: () => {
      valid = "";
    },
    asked,
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
    await expect(session.token()).rejects.toBeInstanceOf(SessionOver);
  });

  it("gives its token until shortly before the end, and then another", async () => {
    const { there, session } = await signedIn();
    there.later(860);
    expect(await session.token()).toBe("access-1");
    there.later(20);
    expect(await session.token()).toBe("access-2");
  });

  it("is renewed once for many requests and several tabs, be one of them late", async () => {
    const { there, session } = await signedIn();
    const others = [there.tab(), there.lateTab(), there.lateTab()];
    there.later(900);
    const tokens = await Promise.all([session, session, ...others, ...others].map((tab) => tab.token()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(there.asked.filter((path) => path.endsWith("/refresh"))).toHaveLength(1);
  });

  it("that was ended elsewhere keeps its name, and what waits goes on when the person is back", async () => {
    const { there, session } = await signedIn();
    there.revoke();
    await expect(session.renewed("access-1")).rejects.toBeInstanceOf(SessionOver);
    expect(session.state()).toEqual({ is: "ended", name: "ann" });
    const back = session.back();
    await session.signIn("ann", "a password");
    await back;
    expect(await session.token()).toBe("access-2");
  });

  it("outlives an API that is away", async () => {
    const { there, session } = await signedIn();
    there.later(900);
    there.answer(() => {
      throw new TypeError("network");
    });
    there.answer(() => new Response("<html>", { status: 502 }));
    await expect(session.token()).rejects.toMatchObject({ code: "offline" });
    await expect(session.token()).rejects.toMatchObject({ status: 502 });
    expect(await session.token()).toBe("access-2");
  });

  it("that is left is left in every tab, and nothing waits for it", async () => {
    const { there, session } = await signedIn();
    const late = there.lateTab();
    await session.leave();
    expect(there.tab().state()).toEqual({ is: "out" });
    await expect(session.back()).rejects.toBeInstanceOf(SessionOver);
    await expect(late.renewed("access-1")).rejects.toBeInstanceOf(SessionOver);
    expect(late.state()).toEqual({ is: "out" });
    expect(there.asked).toHaveLength(1);
  });
});
