// Runs before the first paint, so that a remembered theme shows no flash of the other.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's preference decides.
  }
})();
