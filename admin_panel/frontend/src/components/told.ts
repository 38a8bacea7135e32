/** What an admin reads of a refusal: the API's own sentence, except where that tells programs what to send. */
import { Refusal, sentenceOf } from "../api/refusal";

const SENTENCES: Readonly<Record<string, string>> = {
  in_use: "Exercises, recorded sets or notes hang on it, so it cannot be deleted. Archive it instead: nothing is lost.",
  not_found: "It is not there, or not any more.",
  stale: "Somebody changed it since you looked, so nothing was done. Look again, then decide.",
  unauthorized: "You are not signed in any more. Sign in, then try again.",
};

export function told(error: unknown): string {
  return (error instanceof Refusal ? SENTENCES[error.code] : undefined) ?? sentenceOf(error);
}
