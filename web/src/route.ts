import { useSyncExternalStore } from "react";

const subscribe = (listener: () => void) => {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
};

/** The parts of the address behind `#/`: `#/compounds/methadone` is ["compounds", "methadone"]. Never anything of a person. */
export function useRoute(): string[] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const parts = hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);
  return parts.length ? parts : ["case"];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
