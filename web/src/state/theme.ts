/** The theme: as the system says, or chosen by hand. The only thing that the page remembers. */
import { makeStore } from "./store";

export type Theme = "auto" | "light" | "dark";
const KEY = "clearway-theme";

const store = makeStore<Theme>(remembered());
apply(store.get());

export const useTheme = store.use;

export function setTheme(theme: Theme): void {
  store.set(theme);
  apply(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // a browser without storage forgets the choice, no more
  }
}

function remembered(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
}

function apply(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
