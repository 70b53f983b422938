import { expect, it } from "vitest";
import { begin, push, redo, undo } from "./history";

it("edits under one key undo as one", () => {
  const typed = push(push(push(begin("a"), "b"), "bc", "title"), "bcd", "title");
  expect(undo(typed).present).toBe("b");
  expect(undo(undo(typed)).present).toBe("a");
  expect(redo(undo(typed)).present).toBe("bcd");
});
it("a new edit drops what was undone", () => {
  const changed = push(undo(push(begin(1), 2)), 3);
  expect(redo(changed)).toBe(changed);
});
it("at the ends nothing happens", () => expect(undo(begin(1)).present).toBe(1));
