from pathlib import Path

from headrace.user_code import work


def test_names_the_folder_that_it_was_told(tmp_path: Path) -> None:
    work.use(tmp_path / "kept" / "here")
    assert work.work_folder() == tmp_path / "kept" / "here"
    assert work.work_folder().is_dir()
