from pathlib import Path

FEATURE = ".feature"


def belongs(path: Path) -> bool:
    return False


def load_feature(path: Path):
    raise NotImplementedError
