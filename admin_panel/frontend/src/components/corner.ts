/** What stands in the corner: one line for each thing that was done or failed. */
export type Kind = "success" | "error" | "info";

export interface Toast {
  id: number;
  kind: Kind;
  text: string;
}

const MOST = 3;

/** One line more. Beyond a few the oldest goes, but never a failure: it stays until somebody has seen it. */
export function withToast(toasts: readonly Toast[], toast: Toast): Toast[] {
  const all = [...toasts, toast];
  const oldest = all.find(({ id, kind }) => kind !== "error" && id !== toast.id);
  return all.length > MOST && oldest !== undefined ? all.filter((each) => each !== oldest) : all;
}
