// Light or dark: what the system says, until somebody chooses. Runs before anything is drawn.
const chosen = (() => {
  try {
    return localStorage.getItem("headrace-theme");
  } catch {
    return null;
  }
})();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
