/**
 * Where the pages of a list begin. The API has cursors in place of page numbers: each page names the next one.
 *
 * The panel's lists count 1, 2, 3 inside; this remembers which cursor each of them stands for, also when the page is
 * loaded again. Of a page whose cursor is not known here (an address from elsewhere) the first is shown instead.
 */
import { Refusal } from "../api/refusal";

export interface Shelf {
  getItem: (name: string) => string | null;
  setItem: (name: string, value: string) => void;
}

export class UnknownPage extends Refusal {
  constructor() {
    super(404, "unknown_cursor", "This page of the list is not known here any more: it begins at the first one.");
  }
}

export class Places {
  constructor(private readonly shelf: Shelf) {}

  /** The cursor of a page; undefined is the first one. */
  find(list: string, page: number): string | undefined {
    if (page <= 1) return undefined;
    const cursor = this.read(list)[page - 2];
    if (cursor === undefined) throw new UnknownPage();
    return cursor;
  }

  /** Remember what comes after a page; pages further on were of what the list held before. */
  note(list: string, page: number, next: string | null): void {
    const known = this.read(list).slice(0, page - 1);
    this.shelf.setItem(place(list), JSON.stringify(next === null ? known : [...known, next]));
  }

  private read(list: string): string[] {
    try {
      return JSON.parse(this.shelf.getItem(place(list)) ?? "[]") as string[];
    } catch {
      return [];
    }
  }
}

function place(list: string): string {
  return `gym-panel-pages ${list}`;
}
