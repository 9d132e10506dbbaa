// Texts in drawings: cut to a width, as the browser will draw them.

let context;

export function textWidth(text, size = 13, weight = 400) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = `${weight} ${size}px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif`;
  return context.measureText(text).width;
}

export function cut(text, width, size = 13, weight = 400) {
  const whole = String(text ?? "");
  if (textWidth(whole, size, weight) <= width) return whole;
  let [low, high] = [0, whole.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${whole.slice(0, middle)}…`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return `${whole.slice(0, low)}…`;
}
