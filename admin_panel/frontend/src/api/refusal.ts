/** Why a request came to nothing: the API's own sentence, or what can be said without one. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly retryAfter: number | null = null,
  ) {
    super(sentence);
    this.name = "Refusal";
  }
}

/** How long an answer may take to its end, in milliseconds: the API gives up before, after five minutes at most. */
export const PATIENCE = 75_000;
export const LONG_PATIENCE = 330_000;
export const OFFLINE = "The admin API cannot be reached. Look at the network, then try again.";
export const SLOW = "The admin API takes too long to answer. Try again in a moment.";
export const UNREADABLE = "The answer could not be read. Try again in a moment.";

/** A change was asked for, and its answer is lost: it may have been done. */
const UNKNOWN = "Whether it was done is not known: look at the list again before you try once more.";

/** Read a refusal out of an answer; what stands between us and the API may answer in words of its own. */
export async function refusalOf(answer: Response, isChange = false): Promise<Refusal> {
  const seconds = Number(answer.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null;
  let said: unknown = null;
  try {
    said = await answer.json();
  } catch {
    // no JSON: the sentence below has to do
  }
  if (said !== null && typeof said === "object" && "error" in said && "detail" in said) {
    return new Refusal(answer.status, String(said.error), String(said.detail), retryAfter);
  }
  if (isChange && answer.status >= 500) return unanswered("The answer could not be read.", answer.status);
  return new Refusal(answer.status, "unreadable", UNREADABLE, retryAfter);
}

/** What went wrong on the way; what was called off stays just that. */
export function broken(error: unknown, code: string, sentence: string): Error {
  if (!(error instanceof DOMException)) return new Refusal(0, code, sentence);
  return error.name === "TimeoutError" ? new Refusal(0, "slow", SLOW) : error;
}

/** The same of a change: what is sent may be done, whatever became of the answer. */
export function lost(error: unknown, why = "The admin API cannot be reached."): Error {
  if (!(error instanceof DOMException)) return unanswered(why);
  return error.name === "TimeoutError" ? unanswered("The admin API takes too long to answer.") : error;
}

function unanswered(why: string, status = 0): Refusal {
  return new Refusal(status, "unknown", `${why} ${UNKNOWN}`);
}

/** A part of the panel; that it does not come, or is of another version by now, is said. */
export function coming<T>(part: Promise<T>): Promise<T> {
  return part.catch(() => {
    throw new Refusal(0, "offline", "A part of the panel did not come. Look at the network, then try again.");
  });
}

export function isRefusal(error: unknown, ...codes: string[]): error is Refusal {
  return error instanceof Refusal && codes.includes(error.code);
}
