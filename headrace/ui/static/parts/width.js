// The width that a drawing has.
import { useLayoutEffect, useState } from "../html.js";

/** Follow the width of an element; `otherwise` until it is known. */
export function useWidth(ref, otherwise = 640) {
  const [width, setWidth] = useState(otherwise);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(120, Math.floor(entry.contentRect.width))));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
