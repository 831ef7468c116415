"""The files in ``mkbroute/content``: YAML that remembers its lines, so that an error says where it stands."""

import hashlib
import json
from pathlib import Path

import yaml


class ContentError(Exception):
    """A content file that cannot be loaded; says the file, the line and the reason."""

    def __init__(self, file: Path, line: int, reason: str):
        super().__init__(f"{file}, regel {line}: {reason}")


class Mapping(dict):
    """A mapping of a content file, with the lines of its keys."""

    def __init__(self, file: Path, line: int):
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def error(self, reason: str, key: str | None = None) -> ContentError:
        """What to raise when this mapping, or the value of one of its keys, is not right."""
        return ContentError(self.file, self.lines.get(key, self.line), reason)


class _Reader(yaml.CSafeLoader):
    """Reads every mapping as a ``Mapping`` and refuses a key that stands there twice."""

    file: Path

    def read_mapping(self, node: yaml.MappingNode) -> Mapping:
        mapping = Mapping(self.file, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key, line = self.construct_object(key_node), key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise ContentError(self.file, line, f"{key!r} is geen naam; zet er aanhalingstekens om.")
            if key in mapping:
                raise ContentError(self.file, line, f"'{key}' staat er twee keer.")
            mapping[key] = value = self.construct_object(value_node, deep=True)
            mapping.lines[key] = line
            if isinstance(value, Mapping):
                value.line = line
        return mapping


_Reader.add_constructor("tag:yaml.org,2002:map", _Reader.read_mapping)


def read(file: Path) -> Mapping:
    """The mapping in the file; a file that is not there, or is empty, holds nothing.

    Raises ContentError when it is not YAML in UTF-8 or not a mapping.
    """
    if not file.exists():
        return Mapping(file, 1)
    try:
        reader = _Reader(file.read_text(encoding="utf-8"))
        reader.file = file
        content = reader.get_single_data()
    except UnicodeDecodeError as error:
        raise ContentError(file, 1, "het bestand is geen UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentError(file, mark.line + 1, f"geen geldige YAML ({error.problem}).") from error
    except yaml.YAMLError as error:
        raise ContentError(file, 1, f"geen geldige YAML ({error}).") from error
    if content is None:
        return Mapping(file, 1)
    if not isinstance(content, Mapping):
        raise ContentError(file, 1, "hier horen namen met inhoud te staan, zoals 'titel: ...'.")
    return content


def fingerprint(values: dict) -> str:
    """A short text that changes when anything in the values does."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


def read_pages(directory: Path) -> dict[str, Mapping]:
    """The pages below the directory by their path, parents first and siblings by ``order``.

    The path is the address: ``over/financiering`` for ``over/financiering.yaml``; the home page is ``index``.
    Raises ContentError for a page without a parent.
    """
    pages = {file.relative_to(directory).with_suffix("").as_posix(): read(file) for file in directory.rglob("*.yaml")}
    for path, page in pages.items():
        if parent_path(path) not in (None, *pages):
            raise page.error(f"er is geen bestand voor de pagina erboven ({parent_path(path)}.yaml).")
    return dict(sorted(pages.items(), key=lambda item: _rank(*item)))


def parent_path(path: str) -> str | None:
    """The path of the page above; of the home page None."""
    if path == "index":
        return None
    above, _slash, _name = path.rpartition("/")
    return above or "index"


def _rank(path: str, page: Mapping) -> tuple:
    order = page.get("order", 0)
    if not isinstance(order, int):
        raise page.error("'order' is een heel getal.", "order")
    return (path != "index", path.count("/"), order, path)
