export type Filters = Readonly<Record<string, string | number>>;

/**
 * What a list was asked to hold. The address follows a while after, so that the next change is made to what was asked
 * for, not to what is shown: two fields that change at once both count.
 */
export class Asked {
  private underway: Filters[] = [];

  constructor(private shown: Filters) {}

  /** The address holds these now; what nobody asked for here (the way back, a link) overrules all that was. */
  seen(shown: Filters): void {
    if (isSame(shown, this.shown)) return;
    const place = this.underway.findIndex((each) => isSame(each, shown));
    this.underway = place < 0 ? [] : this.underway.slice(place + 1);
    this.shown = shown;
  }

  ask(filters: Filters): void {
    this.underway.push(filters);
  }

  latest(): Filters {
    return this.underway.at(-1) ?? this.shown;
  }
}

function isSame(one: Filters, other: Filters): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
