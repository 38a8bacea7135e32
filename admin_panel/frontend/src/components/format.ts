/** Numbers and days as a person reads them. */
const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const DAY_SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const DAY_HERE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export const number = (value: number): string => NUMBER.format(value);
export const short = (value: number): string => SHORT.format(value);

/** 1 set, 2 sets. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** 1,234 kg, or 12.3 t from ten tonnes on. */
export function tonnage(kilos: number): string {
  return kilos < 10_000
    ? `${NUMBER.format(Math.round(kilos))} kg`
    : `${NUMBER.format(kilos < 100_000 ? Math.round(kilos / 100) / 10 : Math.round(kilos / 1000))} t`;
}

/** 62.5 kg; 0 is the body's own. */
export const weight = (kilos: number): string => (kilos === 0 ? "bodyweight" : `${number(kilos)} kg`);

/** A weight to its last digit: 61.23 is not the 61.23497 that 135 pounds are. */
export function exactly(kilos: number): string {
  return kilos === 0 ? "bodyweight" : `${kilos} kg`;
}

/** A calendar day (2026-03-11), which has no time zone. */
export const day = (iso: string): string => DAY.format(new Date(`${iso}T00:00:00Z`));
export const dayShort = (iso: string): string => DAY_SHORT.format(new Date(`${iso}T00:00:00Z`));
export const weekday = (iso: string): string => WEEKDAY.format(new Date(`${iso}T00:00:00Z`));

/** The day of a moment, in the time zone of who looks. */
export const dayOf = (iso: string): string => DAY_HERE.format(new Date(iso));

/** A moment, in the time zone of who looks. */
export const moment = (iso: string): string => MOMENT.format(new Date(iso));

export function nameOf(person: { first_name: string | null; last_name: string | null; id: number }): string {
  return [person.first_name, person.last_name].filter(Boolean).join(" ") || `Person ${person.id}`;
}

/** The day that a moment is on, here. */
export function isoDay(moment: Date): string {
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

export function daysBefore(iso: string, days: number): string {
  const moment = new Date(`${iso}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
}
