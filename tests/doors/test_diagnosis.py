"""What the program says of itself."""

from chorus_xl import diagnosis


def test_assumptions_are_found_where_they_are_made() -> None:
    found = diagnosis.assumptions()

    assert len(found) > 5
    assert all(assumption["text"].endswith(".") for assumption in found)
    assert any("PISTE" in assumption["text"] for assumption in found)
    assert all(assumption["where"].startswith("chorus_xl/") for assumption in found)


def test_a_crash_leaves_frames_and_no_values() -> None:
    secret = "s3cret-of-nobody"
    try:
        int(secret)
    except ValueError as error:
        path = diagnosis.write_crash(error)

    text = path.read_text(encoding="utf-8")
    path.unlink()
    assert "ValueError" in text
    assert "test_diagnosis" in text
    assert secret not in text.replace('secret = "s3cret-of-nobody"', "")
