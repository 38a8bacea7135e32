/** What an admin reads of a refusal: the API's own sentence, except where that is for programs, or for the chat. */
import { Refusal } from "../api/refusal";

const SENTENCES: Readonly<Record<string, string>> = {
  bad_name: "A character in this name cannot be seen. Take it out, or type the name anew.",
  in_use: "Exercises, recorded sets or notes hang on it, so it cannot be deleted. Archive it instead: nothing is lost.",
  not_found: "It is not there, or not any more.",
  stale: "Somebody changed it since you looked, so nothing was done. Look again, then decide.",
  too_many_tries: "Too many tries.",
  unauthorized: "You are not signed in any more. Sign in, then try again.",
};
const BROKEN = "Something in the panel itself is broken. Load the page anew, then try again.";

export function told(error: unknown): string {
  return error instanceof Refusal ? (SENTENCES[error.code] ?? error.message) : BROKEN;
}
