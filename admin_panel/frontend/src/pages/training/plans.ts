/**
 * Deleting with a way back. The API deletes for good, so the panel waits before it asks: until then nothing is deleted,
 * nothing says so, and Undo takes the intention back. Whoever closes the tab meanwhile has deleted nothing.
 */
import type { TrainingSet } from "../../api/types";

export const SECONDS = 8;

/** A set that is going to be deleted, and the seconds that are left to think again; 0: it is being deleted. */
export interface Planned {
  set: TrainingSet;
  left: number;
}

export class Plans {
  private planned: ReadonlyMap<string, Planned> = new Map();
  private running = new Map<string, Promise<void>>();
  private clock: ReturnType<typeof setInterval> | undefined;
  private listeners = new Set<() => void>();

  /** `remove` deletes a set, and says how that went. */
  constructor(private readonly remove: (set: TrainingSet) => Promise<void>) {}

  /** What is planned, by the sets' ids; the same object until something changes. */
  all = (): ReadonlyMap<string, Planned> => this.planned;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  plan = (set: TrainingSet): void => {
    this.change(set.id, { set, left: SECONDS });
    this.clock ??= setInterval(this.tick, 1000);
  };

  undo = (id: string): void => {
    if (!this.running.has(id)) this.change(id, null);
  };

  /** Delete it at once. */
  now = (id: string): void => {
    const found = this.planned.get(id);
    if (found === undefined || this.running.has(id)) return;
    this.change(id, { ...found, left: 0 });
    const ended = this.remove(found.set).finally(() => {
      this.running.delete(id);
      this.change(id, null);
    });
    this.running.set(id, ended);
  };

  /** Delete everything at once, and wait until that is done. */
  finish = async (): Promise<void> => {
    for (const id of this.planned.keys()) this.now(id);
    await Promise.all(this.running.values());
  };

  /** Forget what is not being deleted yet, and return it. */
  drop = (): TrainingSet[] => {
    const waiting = [...this.planned.values()].filter(({ left }) => left > 0).map(({ set }) => set);
    for (const { id } of waiting) this.change(id, null);
    return waiting;
  };

  private tick = (): void => {
    for (const [id, { set, left }] of this.planned) {
      if (left > 1) this.change(id, { set, left: left - 1 });
      else this.now(id);
    }
  };

  private change(id: string, to: Planned | null): void {
    const after = new Map(this.planned);
    if (to === null) after.delete(id);
    else after.set(id, to);
    this.planned = after;
    if (after.size === 0) {
      clearInterval(this.clock);
      this.clock = undefined;
    }
    for (const listener of [...this.listeners]) listener();
  }
}
