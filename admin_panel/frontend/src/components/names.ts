/** What makes two names the same, as app/utils/names.py has it (the API decides in the end). */
export function key(name: string): string {
  const lower = name.normalize("NFKC").toLowerCase();
  const folded = lower.replaceAll("ß", "ss").replaceAll("ς", "σ").replace(/[\ufe0e\ufe0f]/g, "");
  return folded.normalize("NFKC").split(/\s+/u).filter(Boolean).join(" ");
}

const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name in a sentence that no <bdi> can hold: written from the right, it would turn round the words beside it. */
export function isolated(name: string): string {
  return FROM_THE_RIGHT.test(name) ? `\u2068${name}\u2069` : name;
}

/** A name in a sentence, in quotation marks. */
export const quoted = (name: string): string => `“${isolated(name)}”`;
