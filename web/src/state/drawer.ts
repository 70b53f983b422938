/** The one drawer of the page, in which a number shows its evidence. */
import type { ReactNode } from "react";
import { makeStore } from "./store";

export type DrawerContent = { title: string; body: ReactNode } | null;
const store = makeStore<DrawerContent>(null);

export const useDrawer = store.use;
export const openDrawer = (title: string, body: ReactNode): void => store.set({ title, body });
export const closeDrawer = (): void => store.set(null);
