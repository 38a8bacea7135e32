import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { describe, expect, it, onTestFinished } from "vitest";

import { addressOf, client } from "./client";
import { Refusal } from "./refusal";
import { type Session, SessionOver } from "./session";

function api(answers: (() => Response)[], tokens: (string | Error)[] = []) {
  const sent: { address: string; headers: Record<string, string>; method: string; body: unknown }[] = [];
  let backs = 0;
  const session = {
    name: () => "ann",
    token: () => {
      const next = tokens.shift() ?? "first";
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    back: () => {
      backs += 1;
      return Promise.resolve();
    },
  } as unknown as Session;
  const fetching = (address: unknown, what?: RequestInit) => {
    sent.push({
      address: String(address),
      headers: what?.headers as Record<string, string>,
      method: what?.method ?? "",
      body: what?.body,
    });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("network");
    return Promise.resolve(answer());
  };
  return { api: client(session, fetching), sent, backs: () => backs };
}

const refused = (status: number, headers = {}) => () =>
  Response.json({ error: "stale", detail: "Somebody changed it.", request_id: "1" }, { status, headers });

describe("an address", () => {
  it.each([
    [{ path: { muscle_id: 7 } }, "/api/v1/muscles/7"],
    [{ path: { muscle_id: "a/b?" } }, "/api/v1/muscles/a%2Fb%3F"],
    [
      { path: { muscle_id: 7 }, query: { search: "a&b", state: "", cursor: undefined, limit: 50 } },
      "/api/v1/muscles/7?search=a%26b&limit=50",
    ],
  ])("%j", (request, address) => {
    expect(addressOf("/api/v1/muscles/{muscle_id}", request)).toBe(address);
  });
});

describe("a request", () => {
  it("carries the token, the version and the body", async () => {
    const { api: it, sent } = api([() => Response.json({ id: 7 })]);
    await it.patch("/api/v1/muscles/{muscle_id}", { path: { muscle_id: 7 }, body: { name: "Neck" }, version: "abc" });
    expect(sent).toEqual([
      {
        address: "/api/v1/muscles/7",
        method: "PATCH",
        headers: { Authorization: "Bearer first", "If-Match": '"abc"', "Content-Type": "application/json" },
        body: '{"name":"Neck"}',
      },
    ]);
  });

  it("is sent again with a renewed token", async () => {
    const { api: it, sent } = api([refused(401), () => Response.json({ items: [] })], ["first", "second"]);
    await it.get("/api/v1/muscles", {});
    expect(sent.map(({ headers }) => headers.Authorization)).toEqual(["Bearer first", "Bearer second"]);
  });

  it("waits for its person when the session has ended", async () => {
    const there = api([refused(401), () => Response.json({ items: [] })], ["first", new SessionOver(), "second"]);
    await there.api.get("/api/v1/muscles", {});
    expect(there.sent).toHaveLength(2);
    expect(there.backs()).toBe(1);
  });

  it("whose new token is refused too is refused", async () => {
    const { api: it, sent } = api([refused(401), refused(401)], ["first", "second"]);
    await expect(it.get("/api/v1/muscles", {})).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(2);
  });

  it("that is refused says so in the API's words", async () => {
    const { api: it } = api([refused(412, { "Retry-After": "7" })]);
    const error = await it.get("/api/v1/muscles", {}).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ status: 412, code: "stale", message: "Somebody changed it.", retryAfter: 7 });
  });

  it("that meets somebody else's words, or nobody, is a sentence too", async () => {
    const { api: it } = api([() => new Response("<html>oops</html>", { status: 502 })]);
    await expect(it.get("/api/v1/muscles", {})).rejects.toMatchObject({ status: 502, code: "unreadable" });
    await expect(it.get("/api/v1/muscles", {})).rejects.toMatchObject({ status: 0, code: "offline" });
  });

  it("that meets an answer of another kind, or none to read, is a sentence or nothing", async () => {
    const { api: it } = api([() => new Response("<html>"), () => new Response(null, { status: 204 })]);
    await expect(it.get("/api/v1/muscles", {})).rejects.toMatchObject({ code: "unreadable" });
    await expect(it.post("/api/v1/auth/logout", {})).resolves.toBeUndefined();
  });
});

describe("a change whose answer is lost", () => {
  const gone = { path: { set_id: "7" }, version: "abc" };

  it.each([
    ["on the way", []],
    ["by somebody between", [() => new Response("<html>bad gateway</html>", { status: 502 })]],
    ["when it is read", [() => new Response("{")]],
  ])("%s may have been done", async (_, answers) => {
    const { api: it } = api(answers);
    await expect(it.remove("/api/v1/training/{set_id}", gone)).rejects.toMatchObject({
      code: "unknown",
      message: expect.stringContaining("Whether it was done is not known") as string,
    });
  });

  it("is told from one that is refused, and from one that was never sent", async () => {
    const { api: it } = api([refused(503)], ["first", new Refusal(0, "offline", "No token came.")]);
    await expect(it.remove("/api/v1/training/{set_id}", gone)).rejects.toMatchObject({ status: 503, code: "stale" });
    await expect(it.remove("/api/v1/training/{set_id}", gone)).rejects.toMatchObject({ code: "offline" });
  });
});

describe("an answer", () => {
  /** An API that begins to answer, if that, and a client of it that waits no longer than so many milliseconds. */
  async function dawdling(begins: boolean, patience: number, longPatience = 60_000) {
    const server = createServer((_, answer) => {
      if (begins) answer.writeHead(200, { "Content-Type": "application/json" }).write("{");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const session = { name: () => "ann", token: () => Promise.resolve("first") } as unknown as Session;
    const here = `http://127.0.0.1:${port}`;
    return client(session, (address, what) => fetch(`${here}${address as string}`, what), patience, longPatience);
  }

  it.each([
    ["begins", false],
    ["ends", true],
  ])("that never %s is given up", async (_, begins) => {
    const it = await dawdling(begins, 20);
    await expect(it.get("/api/v1/muscles", {})).rejects.toMatchObject({ code: "slow" });
    const change = it.post("/api/v1/muscles", { body: { name: "Neck" } });
    await expect(change).rejects.toMatchObject({
      code: "unknown",
      message: expect.stringMatching(/takes too long.*Whether it was done is not known/) as string,
    });
  });

  it("that moves a whole history is waited for longer, not for ever", async () => {
    const merging = { path: { exercise_id: 1 }, body: { into: 2, into_version: "b" }, version: "a" };
    const it = await dawdling(false, 1, 20);
    await expect(it.post("/api/v1/exercises/{exercise_id}/merge", merging)).rejects.toMatchObject({ code: "unknown" });
    const patient = await dawdling(false, 20, 60_000);
    const isFirst = await Promise.race([
      patient.post("/api/v1/exercises/{exercise_id}/merge", merging).catch(() => "the merge"),
      patient.get("/api/v1/muscles", {}).catch(() => "the list"),
    ]);
    expect(isFirst).toBe("the list");
  });

  it("that is not wanted any more is no failure", async () => {
    const it = await dawdling(true, 60_000);
    const gone = new AbortController();
    const asked = it.get("/api/v1/muscles", { signal: gone.signal });
    const refused = expect(asked).rejects.toHaveProperty("name", "AbortError");
    gone.abort();
    await refused;
  });
});
