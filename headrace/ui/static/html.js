// The one place that knows which library draws: tagged templates to elements, and its hooks.
import { h } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";

export { Fragment, render } from "./vendor/preact.mjs";
export {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./vendor/hooks.mjs";

export const html = htm.bind(h);

/** Join the class names that are true. */
export const names = (...parts) => parts.filter(Boolean).join(" ");
