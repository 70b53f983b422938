import { describe, expect, it } from "vitest";
import type { CaseDoc, Drug } from "../api/types";
import { EMPTY } from "./case";
import { addDrug, moveEntry, removeEntry, setCourse, setGenotype, setPerson, tidy, updateEntry } from "./edits";

const drug = (id: string, every: string | null): Drug => ({
  id,
  label: id,
  kind: "compound",
  parts: [id],
  brands: [],
  synonyms: [],
  classes: [],
  routes: ["oral"],
  usual: { dose: "60 mg", route: "oral", every, basis: "" },
});
const methadone = drug("methadone", "24 h");
const efavirenz = drug("efavirenz", "24 h");
const alfentanil = drug("alfentanil", null);
const pair = addDrug(addDrug(EMPTY, methadone, "regimen"), efavirenz, "compare");

describe("adding drugs", () => {
  it("fills in the usual dose for three weeks, with what is taken at steady state", () => {
    expect(tidy(pair)).toEqual({
      format: "clearway.case/1",
      regimen: [{ drug: "methadone", dose: "60 mg", route: "oral", every: "24 h", count: 21 }],
      compare: [{ drug: "efavirenz", dose: "60 mg", route: "oral", every: "24 h", count: 21 }],
      steady_state: ["methadone"],
    });
  });
  it("puts a single dose on the last day, whichever came first", () => {
    expect(addDrug(pair, alfentanil, "regimen").regimen?.[1]?.start).toBe("480 h");
    const before = addDrug(EMPTY, alfentanil, "regimen");
    expect(before.regimen?.[0]?.start).toBeUndefined();
    expect(addDrug(before, efavirenz, "compare").regimen?.[0]?.start).toBe("480 h");
  });
  it("counts doses by the interval", () => {
    expect(addDrug(pair, drug("ritonavir", "12 h"), "compare").compare?.[1]?.count).toBe(42);
  });
});

describe("the two lists", () => {
  it("lose and gain steady state with the drug", () => {
    const moved = moveEntry(pair, "regimen", 0);
    expect(moved.compare?.map(({ drug }) => drug)).toEqual(["efavirenz", "methadone"]);
    expect(tidy(moved).steady_state).toBeUndefined();
    expect(moveEntry(moved, "compare", 0).steady_state).toEqual(["efavirenz"]);
    expect(removeEntry(pair, "regimen", 0).steady_state).toEqual([]);
  });
  it("keep no empty fields", () => {
    expect(updateEntry(pair, "regimen", 0, { every: "", fed: undefined, missed: [] }).regimen?.[0]).not.toHaveProperty("every");
  });
});

it("the course changes series and the single dose on its last day", () => {
  const short = setCourse(addDrug(pair, alfentanil, "regimen"), 7);
  expect(short.regimen?.map(({ count, start }) => [count, start])).toEqual([
    [7, undefined],
    [undefined, "144 h"],
  ]);
});

it("a person has only what was given", () => {
  const given = setGenotype(setPerson(EMPTY, "weight", "61 kg"), "CYP2B6", "*1/*6");
  expect(given.person).toEqual({ weight: "61 kg", genotype: { CYP2B6: "*1/*6" } });
  const none: CaseDoc = setGenotype(setPerson(given, "weight", undefined), "CYP2B6", "");
  expect(none).not.toHaveProperty("person");
});
