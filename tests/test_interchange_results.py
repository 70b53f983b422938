"""Results as CSV, Parquet and NetCDF say the same numbers as the answer itself, with units and where they come from."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from clearway.answers import compare_case, run_case
from clearway.cli import main
from clearway.errors import InputError
from clearway.interchange import results as module
from clearway.interchange.results import Results, results, to_csv, to_netcdf, to_parquet, writer
from clearway.library import Library
from clearway.regimen import Case

CASE = Path(__file__).parents[1] / "examples" / "methadone-efavirenz.yaml"


@pytest.fixture(scope="module")
def case(library: Library) -> Case:
    return Case.load(CASE, library)


@pytest.fixture(scope="module")
def found(case: Case, library: Library) -> Results:
    return results(case, library)


def test_the_long_table(found: Results) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(found).decode())))
    curves = found.curves
    assert len(rows) == len(curves.times) * 2 * (len(curves.plasma) + len(curves.activity))
    mine = [r for r in rows if (r["arm"], r["quantity"], r["name"]) == ("test", "concentration", "methadone")]
    assert {r["unit"] for r in mine} == {"ng/mL"} and {r["site"] for r in mine} == {"plasma"}
    assert [float(r["value"]) for r in mine] == pytest.approx(curves.plasma["methadone"]["test"].tolist(), rel=1e-8)
    assert [float(r["time"]) for r in mine] == pytest.approx(curves.times.tolist())
    gut = [float(r["value"]) for r in rows if (r["arm"], r["name"], r["site"]) == ("test", "CYP3A4", "gut")]
    assert gut == pytest.approx(curves.activity[("CYP3A4", "gut")]["test"].tolist(), rel=1e-8)


def test_parquet_is_the_same_table(found: Results) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(to_parquet(found)))
    rows = list(csv.DictReader(io.StringIO(to_csv(found).decode())))
    assert table.column_names == list(rows[0])
    for name in ("arm", "quantity", "name", "site", "unit"):
        assert table[name].to_pylist() == [r[name] for r in rows]
    assert table["value"].to_numpy() == pytest.approx(np.array([float(r["value"]) for r in rows]), rel=1e-8)
    said = table.schema.metadata
    assert said[b"title"] == b"methadone, with and without efavirenz" and said[b"source"].startswith(b"clearway")
    assert to_parquet(found) == to_parquet(found)


def test_netcdf_has_axes_units_and_provenance(found: Results) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5py")
    with xarray.open_dataset(io.BytesIO(to_netcdf(found)), engine="h5netcdf") as data:
        assert data.concentration.dims == ("arm", "compound", "time") and data.activity.dims == ("arm", "enzyme", "organ", "time")
        assert (data.concentration.units, data.time.units, data.activity.units) == ("ng mL-1", "h", "1")
        assert data.attrs["source"].startswith("clearway") and "supports a professional" in data.attrs["comment"]
        one = data.concentration.sel(arm="control", compound="methadone-s").values
        assert one == pytest.approx(found.curves.plasma["methadone-s"]["control"])
        assert data.activity.sel(arm="test", enzyme="CYP2B6", organ="liver").values == pytest.approx(
            found.curves.activity[("CYP2B6", "liver")]["test"]
        )
        assert np.isnan(data.activity.sel(enzyme="CYP2B6", organ="gut").values).all() == (("CYP2B6", "gut") not in found.curves.activity)


def test_answers_as_frames(case: Case, library: Library) -> None:
    pytest.importorskip("polars")
    pytest.importorskip("xarray")
    both = compare_case(case, library, attribute=False, interval=False)
    assert both.to_polars()["auc"].to_list() == [r["auc"] for r in both.to_dict()["ratios"]]
    assert both.to_xarray().sizes["arm"] == 2
    one = run_case(case, library)
    frame = one.to_polars()
    assert set(frame["arm"]) == {"run"} and frame.height == len(one.curves.times) * (len(one.curves.plasma) + len(one.curves.activity))
    assert one.to_xarray().concentration.sel(arm="run", compound="methadone").values == pytest.approx(one.curves.plasma["methadone"]["run"])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "results", str(CASE), str(tmp_path / "r.csv")]) == 0
    assert (tmp_path / "r.csv").read_text().startswith("arm,quantity,name,site,time,value,unit\n")
    assert main(["export", "results", str(CASE), str(tmp_path / "r.xlsx")]) == 2
    assert "is no kind of results file (name it with one of: .csv, .parquet, .nc)" in capsys.readouterr().err


def test_a_missing_package_is_said_before_the_model_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(module.importlib, "import_module", gone)
    for name in ("r.parquet", "r.nc"):
        with pytest.raises(InputError, match=r"which is not installed \(pip install 'clearway\[interop\]'\)"):
            writer(Path(name))
    assert writer(Path("r.csv")) is to_csv
