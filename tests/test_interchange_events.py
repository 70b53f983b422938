"""Event tables in NONMEM's columns: rows derived by hand from the data items' own description, round trips, bad values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.cli import main
from clearway.errors import InputError
from clearway.interchange import Imported, event_table, parse_map, read_events, write_events
from clearway.interchange._runs import runs
from clearway.library import Library
from clearway.regimen import Case, Dose

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))
COLUMNS = "ID,TIME,AMT,EVID,CMT,RATE,ADDL,II,SS"
MAP = ["1=midazolam:oral", "2=midazolam:iv"]


def doses(case: Case) -> list[Dose]:
    return sorted(case.test.doses, key=lambda d: (d.time_h, d.drug, d.route, d.dose_mg))


def same(a: list[Dose], b: list[Dose]) -> bool:
    """Equal but for the last digits of a decimal text, and the number of the entry."""
    words = [(d.drug, d.route, d.product, d.form, d.fraction_mucosal) for d in a] == [
        (d.drug, d.route, d.product, d.form, d.fraction_mucosal) for d in b
    ]
    numbers = [[(d.dose_mg, d.amount_umol, d.time_h, d.duration_h) for d in rows] for rows in (a, b)]
    return words and len(a) == len(b) and all(x == pytest.approx(y, rel=1e-9, abs=1e-9) for x, y in zip(*numbers, strict=True))


def read(rows: str, library: Library, maps: list[str] = MAP, **how: str) -> list[Imported]:
    return read_events(f"{COLUMNS}\n{rows}", library, map=parse_map(maps, library), file="t.csv", **how)


def taken(rows: str, library: Library, **how: str) -> list[tuple[float, float, str, float]]:
    (one,) = read(rows, library, **how)
    case = Case.parse(one.to_yaml(), library)
    return [(d.time_h, round(d.dose_mg, 9), d.route, round(d.duration_h, 9)) for d in doses(case)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_case_to_table_to_case_gives_the_same_doses(path: Path, library: Library) -> None:
    case = Case.load(path, library)
    (back,) = read_events(write_events(case, library), library)
    again = Case.parse(back.to_yaml(), library)
    assert same(doses(again), doses(case))
    assert same(sorted(again.doses, key=lambda d: (d.time_h, d.drug)), sorted(case.doses, key=lambda d: (d.time_h, d.drug)))
    assert [(s.product, s.interval_h, s.start_h) for s in again.steady_state] == [
        (s.product, s.interval_h, s.start_h) for s in case.steady_state
    ]


def test_the_rows_of_a_case(library: Library) -> None:
    """ADDL is the count of doses after the first; SS=1 for the first record at steady state and SS=2, which adds, for the next; an
    infusion of 0.5 h is RATE = AMT/0.5; a tablet counts as one."""
    text = """
format: clearway.case/1
person: {weight: 70 kg}
regimen:
  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 3}
  - {drug: sertraline, dose: 50 mg, route: oral, times: [8 h, 20 h], days: "1-2"}
  - {drug: midazolam, dose: 0.1 mg/kg, route: iv infusion, over: 30 min, start: 30 h}
  - {drug: biktarvy, dose: 1 tablet, route: oral}
compare:
  - {drug: ritonavir, route: oral, doses: [{time: 0 h, dose: 100 mg}, {time: 10 h, dose: 200 mg}, {time: 20 h, dose: 100 mg}]}
steady_state: [methadone, sertraline]
"""
    table = event_table(Case.parse(text, library), library)
    assert table.to_csv().splitlines() == [
        f"{COLUMNS},DRUG,ROUTE,ARM,UNIT",
        "1,0,60,1,1,0,2,24,1,methadone,oral,both,mg",
        "1,0,1,1,2,0,0,0,0,biktarvy,oral,both,tablet",
        "1,0,100,1,5,0,1,20,0,ritonavir,oral,test,mg",
        "1,8,50,1,3,0,3,12,2,sertraline,oral,both,mg",
        "1,10,200,1,5,0,0,0,0,ritonavir,oral,test,mg",
        "1,30,7,1,4,14,0,0,0,midazolam,iv-infusion,both,mg",
    ]
    assert any("sertraline is at steady state before its first record" in note for note in table.notes)


def test_additional_doses_as_described(library: Library) -> None:
    """The example of the ADDL data item: 15 at 10 h with ADDL 2, II 12 is 15 at 10, 22 and 34 h; the extra dose between is apart."""
    rows = "1,10,15,1,1,0,2,12,0\n1,15,.,0,1,.,.,.,.\n1,20,10,1,1,0,0,0,0\n1,36,.,0,.,.,.,.,.\n"
    explicit = "1,10,15,1,1,0,0,0,0\n1,20,10,1,1,0,0,0,0\n1,22,15,1,1,0,0,0,0\n1,34,15,1,1,0,0,0,0\n"
    wanted = [(10, 15, "oral", 0), (20, 10, "oral", 0), (22, 15, "oral", 0), (34, 15, "oral", 0)]
    assert taken(rows, library) == taken(explicit, library) == wanted
    assert "left out: 2 of EVID 0 (observations)" in read(rows, library)[0].notes


def test_rates_resets_other_events_and_units(library: Library) -> None:
    assert taken("1,0,.,3,.,.,.,.,.\n1,0,5,4,2,10,0,0,0\n1,1,.,2,.,.,.,.,.\n1,2,5,1,2,0,0,0,0", library) == [
        (0, 5, "iv infusion", 0.5), (2, 5, "iv bolus", 0),
    ]  # fmt: skip
    # Days, and RATE per day: 5 mg at 10 mg/d last 12 h. Fortran's exponent D.
    assert taken("1,1,5D0,1,2,10,1,2,0", library, time_unit="d", unit="mg") == [(24, 5, "iv infusion", 12), (72, 5, "iv infusion", 12)]
    assert taken("1,0,500,1,1,0,0,0,0", library, unit="µg") == [(0, 0.5, "oral", 0)]
    # Without EVID, AMT tells a dose; without CMT the only drug of the map is meant; blanks or tabs part columns too.
    text = "C just a remark\n# another\nid time amt\n1 0 2\n1 1 .\nC 1 1\n"
    (one,) = read_events(text, library, map=parse_map(["1=midazolam:oral"], library))
    assert one.case_document["regimen"] == [{"drug": "midazolam", "dose": "2 mg", "route": "oral", "start": "0 h"}]


def test_steady_state(library: Library) -> None:
    """SS stands for the doses before; ADDL goes on with the pattern. SS=2 adds to what another drug left."""
    (one,) = read("1,0,2,1,1,0,6,24,1\n1,0,60,1,3,0,6,24,2", library, [*MAP, "3=methadone:oral"])
    case = Case.parse(one.to_yaml(), library)
    assert [(s.product, s.interval_h, s.start_h) for s in case.steady_state] == [("midazolam", 24, 0), ("methadone", 24, 0)]
    assert len(case.regimen.doses) == 7 * 3  # methadone in two halves
    (single,) = read("1,0,2,1,1,0,0,24,1", library)
    assert single.case_document["regimen"][0]["count"] == 1 and single.case_document["steady_state"] == ["midazolam"]


def test_infusions_at_steady_state_have_no_additional_doses(library: Library) -> None:
    """'For steady-state infusions, ADDL must be 0': the later ones stand in a record of their own."""
    text = """
format: clearway.case/1
regimen: [{drug: midazolam, dose: 2 mg, route: iv infusion, over: 1 h, every: 12 h, count: 4}]
steady_state: [midazolam]
"""
    case = Case.parse(text, library)
    table = write_events(case, library)
    assert [row.split(",")[:9] for row in table.splitlines()[1:]] == [
        ["1", "0", "2", "1", "1", "2", "0", "12", "1"], ["1", "12", "2", "1", "1", "2", "2", "12", "0"],
    ]  # fmt: skip
    assert same(doses(Case.parse(read_events(table, library)[0].to_yaml(), library)), doses(case))


def test_one_case_for_each_id(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = f"{COLUMNS}\n7,0,2,1,1,0,0,0,0\n7,5,.,0,1,0,0,0,0\n9,0,4,1,1,0,0,0,0\n"
    (tmp_path / "t.csv").write_text(rows)
    assert main(["import", "events", str(tmp_path / "t.csv"), "--map", "1=midazolam:oral", "-o", str(tmp_path)]) == 0
    found = [Case.load(tmp_path / f"case-{n}.yaml", library).doses[0].dose_mg for n in (1, 2)]
    assert found == pytest.approx([2, 4])
    assert main(["import", "events", str(tmp_path / "t.csv"), "--map", "1=midazolam:oral"]) == 2
    assert "holds 2 people" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "place", "said"),
    [
        ("1,0,x,1,1,0,0,0,0", "t.csv:2:5: AMT", "not a number ('x'; allowed 0 to 1e+09; use a decimal point)"),
        ("1,0,-5,1,1,0,0,0,0", "t.csv:2:5: AMT", "out of range (-5; allowed 0 to 1e+09)"),
        ("1,0,nan,1,1,0,0,0,0", "t.csv:2:5: AMT", "not a number"),
        ("1,0,1e999,1,1,0,0,0,0", "t.csv:2:5: AMT", "out of range"),
        ("1,0,0,1,1,0,0,0,0", "t.csv:2:5: AMT", "must be above 0 in a dose record"),
        ("1,-1,5,1,1,0,0,0,0", "t.csv:2:3: TIME", "add the same number to every TIME"),
        ("1,10:30,5,1,1,0,0,0,0", "t.csv:2:3: TIME", "clock times and dates are not read"),
        ("1,.,5,1,1,0,0,0,0", "t.csv:2:3: TIME", "is missing"),
        ("1,5,5,1,1,0,0,0,0\n1,4,5,1,1,0,0,0,0", "t.csv:3:3: TIME", "goes back (4 after 5; sort the records of an ID)"),
        ("1,0,5,1,1,-1,0,0,0", "t.csv:2:11: RATE", "a rate that the model estimates"),
        ("1,0,5,1,1,-2,0,0,0", "t.csv:2:11: RATE", "a duration that the model estimates"),
        ("1,0,5,1,1,2,0,0,0", "t.csv:2:11: RATE", "an infusion by the route oral is not modelled"),
        ("1,0,5,1,2,2,0,0,1", "t.csv:2:15: II", "a steady state needs the interval"),
        ("1,0,0,1,2,2,0,12,1", "t.csv:2:5: AMT", "a constant infusion to steady state"),
        ("1,0,5,1,1,0,3,0,0", "t.csv:2:15: II", "must be above 0 with ADDL"),
        ("1,0,5,1,1,0,-9,24,0", "t.csv:2:13: ADDL", "use SS=1 instead"),
        ("1,0,5,1,1,0,1.5,24,0", "t.csv:2:13: ADDL", "must be a whole number"),
        ("1,0,5,1,-1,0,0,0,0", "t.csv:2:9: CMT", "compartments cannot be turned off"),
        ("1,0,5,1,7,0,0,0,0", "t.csv:2:9: CMT", "no drug is named for compartment 7 (add --map 7=drug:route, or columns DRUG and ROUTE)"),
        ("1,0,5,7,1,0,0,0,0", "t.csv:2:7: EVID", "out of range (7; allowed 0 to 4)"),
        ("1,0,5,1,1,0,0,0,0\n1,9,.,3,1,0,0,0,0", "t.csv:3:7: EVID", "a reset after doses is not modelled"),
        ("1,0,5,1,1,0,0,0,0\n1,9,5,4,1,0,0,0,0", "t.csv:3:7: EVID", "a reset with a dose after doses is not modelled"),
        ("1,0,5,0,1,0,0,0,0", "t.csv:2:5: AMT", "EVID 0 is no dose"),
        ("1,0,5,1,1,0,0,0,0\n1,24,5,1,2,0,0,24,1", "t.csv:3:19: SS", "SS=1 sets to zero what was taken before it (line 2; write SS=2"),
        ("1,0,5,1,1,0,0,0,0\n1,24,5,1,1,0,0,24,2", "t.csv:3:19: SS", "was dosed before its steady state (line 2"),
        ("1,0,5,1,1,0,0,0,0\n2,0,5,1,1,0,0,0,0\n1,5,5,1,1,0,0,0,0", "t.csv:4:1: ID", "comes back after another ID"),
        ("1,0,5,1,1,0,0,0", "t.csv:2:1", "8 values for 9 columns"),
        ("1,0,5,1,1,0,20000,1,0", "t.csv:2:13: ADDL", "too many doses of one person (20001; at most 20000)"),
        ("1,0,1e8,1,1,0,0,0,0", "t.csv", "makes no valid case (regimen[0].dose: out of range"),
        ("1,0,.,0,1,0,0,0,0", "t.csv", "no dose records"),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_with_its_place(rows: str, place: str, said: str, library: Library) -> None:
    with pytest.raises(InputError) as caught:
        read(rows, library)
    assert str(caught.value).startswith(f"{place}: ") and said in str(caught.value)


def test_every_bad_value_is_told_at_once(library: Library) -> None:
    with pytest.raises(InputError) as caught:
        read("1,0,x,1,1,0,0,0,0\n1,1,y,1,1,0,0,0,0\n", library)
    assert [p.line for p in caught.value.problems] == [2, 3]


def test_unequal_doses_at_steady_state_are_refused(library: Library) -> None:
    text = """
format: clearway.case/1
regimen: [{drug: sertraline, dose: 50 mg, route: oral, times: [8 h, 22 h], days: "1-5"}]
steady_state: [sertraline]
"""
    with pytest.raises(InputError, match="one SS record cannot hold"):
        write_events(Case.parse(text, library), library)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789.,-eE#@C\n \t;\"'IDTMEAVR"), max_size=200))
def test_no_table_breaks_the_reader(library: Library, text: str) -> None:
    """Either cases, or an `InputError`."""
    for table in (text, f"{COLUMNS}\n{text}"):
        try:
            assert read_events(table, library, map=parse_map(MAP, library))
        except InputError as error:
            assert error.problems


@given(st.lists(st.integers(0, 60), unique=True, min_size=1, max_size=30).map(sorted), st.integers(2, 4))
def test_runs_hold_every_time_once(times: list[int], least: int) -> None:
    found = runs([float(t) for t in times], least)
    assert [t for run in found for t in run.times] == pytest.approx(times)
    assert all(run.count == 1 or run.count >= least for run in found)
