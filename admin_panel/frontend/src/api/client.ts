/** Requests to the admin API, typed by its own description (schema.d.ts). */
import { broken, LONG_PATIENCE, lost, OFFLINE, PATIENCE, refusalOf, UNREADABLE } from "./refusal";
import type { paths } from "./schema";
import { type Session, SessionOver } from "./session";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Operation<P extends keyof paths, M extends Method> = paths[P][M];
/** The addresses that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Responses<O> = O extends { responses: infer All } ? All : never;
export type Answer<P extends keyof paths, M extends Method> =
  Responses<Operation<P, M>> extends { 200: infer Ok }
    ? Json<Ok>
    : Responses<Operation<P, M>> extends { 201: infer Made }
      ? Json<Made>
      : undefined;

type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type PathParts<O> = O extends { parameters: { path: infer Parts } } ? { path: Parts } : { path?: never };
type BodyOf<O> = O extends { requestBody: { content: { "application/json": infer Body } } }
  ? { body: Body }
  : { body?: never };
export type Request<P extends keyof paths, M extends Method> = PathParts<Operation<P, M>> &
  BodyOf<Operation<P, M>> & {
    query?: QueryOf<Operation<P, M>>;
    /** The version that was looked at, for If-Match. */
    version?: string;
    signal?: AbortSignal | undefined;
  };

export type Api = ReturnType<typeof client>;

/** What reads or moves whole histories may take minutes. */
const LONG = [
  "get /api/v1/exercises/{exercise_id}/merge",
  "post /api/v1/exercises/{exercise_id}/merge",
  "patch /api/v1/exercises/{exercise_id}",
  "delete /api/v1/muscles/{muscle_id}",
];

/** Make what asks the API in the name of whoever is signed in. */
export function client(
  session: Session,
  fetching: typeof fetch = (...request) => fetch(...request),
  patience = PATIENCE,
  longPatience = LONG_PATIENCE,
) {
  async function send(method: Method, address: string, request: AnyRequest): Promise<Response> {
    const whose = session.name(); // what one admin asked for is never done in another's name
    if (whose === null) throw new SessionOver();
    const token = await present(whose);
    const answer = await once(method, address, request, token);
    // A new token that is refused too is an answer: asking on would never end.
    return answer.status === 401 ? once(method, address, request, await present(whose, token)) : answer;
  }

  /** A token; when the session has ended, the request waits until its person has signed in again. */
  async function present(whose: string, refused?: string): Promise<string> {
    for (;;) {
      try {
        return await session.token(whose, refused);
      } catch (error) {
        if (!(error instanceof SessionOver)) throw error;
        await session.back(whose);
      }
    }
  }

  async function once(method: Method, address: string, request: AnyRequest, token: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (request.version !== undefined) headers["If-Match"] = `"${request.version}"`;
    if (request.body !== undefined) headers["Content-Type"] = "application/json";
    const signals = request.signal ? [request.signal] : [];
    if (request.patience !== undefined) signals.push(AbortSignal.timeout(request.patience));
    try {
      return await fetching(address, {
        method: method.toUpperCase(),
        headers,
        signal: AbortSignal.any(signals),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
    } catch (error) {
      throw method === "get" ? broken(error, "offline", OFFLINE) : lost(error);
    }
  }

  async function answered<P extends keyof paths, M extends Method>(
    method: M,
    path: P,
    request: Request<P, M>,
    waits?: number,
  ): Promise<Response> {
    const answer = await send(method, addressOf(path, request), { ...request, patience: waits });
    if (!answer.ok) throw await refusalOf(answer, method !== "get");
    return answer;
  }

  async function ask<P extends keyof paths, M extends Method>(
    method: M,
    path: P,
    request: Request<P, M>,
  ): Promise<Answer<P, M>> {
    const waits = LONG.includes(`${method} ${path}`) ? longPatience : patience;
    const answer = await answered(method, path, request, waits);
    try {
      return (answer.status === 204 ? undefined : await answer.json()) as Answer<P, M>;
    } catch (error) {
      throw method === "get"
        ? broken(error, "unreadable", UNREADABLE)
        : lost(error, "The answer could not be read.");
    }
  }

  return {
    session,
    get: <P extends PathOf<"get">>(path: P, request: Request<P, "get">) => ask("get", path, request),
    post: <P extends PathOf<"post">>(path: P, request: Request<P, "post">) => ask("post", path, request),
    patch: <P extends PathOf<"patch">>(path: P, request: Request<P, "patch">) => ask("patch", path, request),
    remove: <P extends PathOf<"delete">>(path: P, request: Request<P, "delete">) => ask("delete", path, request),
    /** Fetch a file, for the person to keep; it may take as long as it does, for it can be called off. */
    file: async <P extends PathOf<"get">>(path: P, request: Request<P, "get">): Promise<Blob> => {
      const answer = await answered("get", path, request);
      try {
        return await answer.blob();
      } catch (error) {
        throw broken(error, "cut", "The file broke off before its end. Try again.");
      }
    },
  };
}

interface AnyRequest {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  version?: string;
  signal?: AbortSignal | undefined;
  patience?: number | undefined;
}

/** Fill in the parts of an address, and add the query; what is empty is left out. */
export function addressOf(path: string, { path: parts, query }: AnyRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((parts as Record<string, unknown>)[name])),
  );
  const given = Object.entries((query ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? filled : `${filled}?${text}`;
}
