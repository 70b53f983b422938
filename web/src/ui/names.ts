/** What a chemical name is sorted by: without stereo descriptors and locants, so that (R)-methadone stands at M. */
export function sortName(label: string): string {
  return label.replace(/^(?:\([^)]*\)-|[\d',]+-)+/, "").toLowerCase();
}

export const byName = (a: string, b: string): number => sortName(a).localeCompare(sortName(b), "en") || a.localeCompare(b, "en");
