/** What makes two names the same, as app/utils/names.py has it (the API decides in the end). */
export function key(name: string): string {
  const folded = name.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").replace(/[\ufe0e\ufe0f]/g, "");
  return folded.normalize("NFKC").split(/\s+/u).filter(Boolean).join(" ");
}
