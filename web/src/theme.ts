export type Theme = "system" | "light" | "dark";
const KEPT = "stook.theme";

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(chosen: Theme) {
  document.documentElement.dataset.theme = chosen;
  localStorage.setItem(KEPT, chosen);
}
