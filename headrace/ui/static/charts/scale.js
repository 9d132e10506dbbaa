// Scales and ticks.

export function linear([low, high], [from, to]) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** A scale by ratios; values that are not above zero go to its start. */
export function logarithmic([low, high], [from, to]) {
  const scale = linear([Math.log(low), Math.log(high)], [from, to]);
  return (value) => scale(Math.log(Math.max(value, low)));
}

/** Choose round values from `low` to `high`, about `wanted` of them. */
export function ticks(low, high, wanted = 5) {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) found.push(Number(value.toPrecision(12)));
  return found;
}

/** Choose round durations from 0 to `high` seconds. */
export function timeTicks(high, wanted = 6) {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 172800, 604800];
  const step = steps.find((size) => size >= high / wanted) ?? high / wanted;
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, turn) => turn * step);
}
