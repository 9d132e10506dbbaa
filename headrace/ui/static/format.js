// Numbers, times and sizes as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const units = ["B", "kB", "MB", "GB", "TB", "PB"];

export const count = (value) => (value === null || value === undefined ? "–" : whole.format(value));

/** Write a count with its noun: `1 run`, `3 runs`. */
export const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Write a number with four digits that count: 0.02513, 1,234, 3.1e-7. */
export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(Math.max(0, digits - 2)).replace("e+", "e");
  if (size >= 10 ** digits) return size < 1e4 ? String(Math.round(value)) : whole.format(value);
  return String(Number(value.toPrecision(digits)));
}

export function percent(share, digits = 1) {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  if (share > 0 && share < 0.001) return "<0.1 %";
  return `${Number((share * 100).toFixed(digits))} %`;
}

/** Write a difference with its sign. */
export const signed = (value) => (value > 0 ? `+${number(value, 3)}` : number(value, 3).replace("-", "−"));

/** Write seconds: 85 ms, 8.5 s, 1 m 05 s, 2 h 03 m, 3 d 4 h. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} m ${two(all % 60)} s`;
  if (all < 86400) return `${Math.floor(all / 3600)} h ${two(Math.floor((all % 3600) / 60))} m`;
  return `${Math.floor(all / 86400)} d ${Math.floor((all % 86400) / 3600)} h`;
}

export function bytes(size) {
  if (size === null || size === undefined) return "–";
  let amount = size;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return unit ? `${amount.toFixed(amount < 10 ? 1 : 0)} ${units[unit]}` : `${size} B`;
}

const day = { day: "numeric", month: "short" };
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Write a moment: 24 Nov 13:05, with the year where it is not this one. */
export function moment(seconds) {
  if (!seconds) return "–";
  const date = new Date(seconds * 1000);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return `${date.toLocaleDateString("en-GB", { ...day, ...year })} ${date.toLocaleTimeString("en-GB", clock)}`;
}

/** Write how long ago something was. */
export function ago(seconds, now = Date.now() / 1000) {
  if (!seconds) return "–";
  const past = now - seconds;
  if (past < 45) return "just now";
  if (past < 3600) return `${Math.round(past / 60)} min ago`;
  if (past < 86400) return `${Math.round(past / 3600)} h ago`;
  if (past < 30 * 86400) return plural(Math.round(past / 86400), "day") + " ago";
  return moment(seconds);
}

/** Write any plain value on one line. */
export function plain(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : number(value, 6);
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

/** Shorten a run's id to its date and time: a beginning of it, so a reference to it. */
export const shortRun = (id) => (/^\d{8}-\d{6}-\d{6}-\w{4}$/.test(id ?? "") ? id.slice(0, 15) : (id ?? ""));

const two = (value) => String(value).padStart(2, "0");
