"""A table as read, by columns and as a pandas frame."""

import numpy as np

from chorus_xl.domain.sheets import Table


def test_a_table_is_a_frame_of_objects_for_who_asks() -> None:
    columns = {"label": np.array(["Eau", None, "007"], dtype=object), "siret": np.array([None, 1.0, ""], dtype=object)}

    frame = Table("tblBudgets", columns, np.arange(3)).frame

    assert list(frame.columns) == ["label", "siret"]
    assert {str(kind) for kind in frame.dtypes} == {"object"}
    assert frame["label"].tolist() == ["Eau", None, "007"]
    assert frame["siret"].tolist() == [None, 1.0, ""]


def test_a_frame_serves_as_a_table_s_columns() -> None:
    columns = {"label": np.array(["Eau", None], dtype=object)}
    frame = Table("tblBudgets", columns, np.arange(2)).frame

    assert Table("tblBudgets", frame, np.arange(2)).cells("label") == ["Eau", None]
