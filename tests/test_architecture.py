"""The layers of the house: imports point down. See docs/architecture.md."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = ("mkbroute.core", "mkbroute.accounts", "network", "pilots", "research", "roadmap", "mkbroute")
"""From the ground up; a module may import from its own layer and those before it."""

BUILT_WITH_DATABASE_OF_ITS_OWN = {"mkbroute.postgres"}  # no Django in it: settings and manage.py use it before Django


def layer_of(module: str) -> int | None:
    """The height of a module's layer; None for libraries. The longest name wins, for the roof's name starts others."""
    found = [name for name in LAYERS if module == name or module.startswith(f"{name}.")]
    return LAYERS.index(max(found, key=len)) if found else None


def modules() -> list[tuple[str, Path]]:
    """Every Python module of the site with its file."""
    files = [
        path for app in ("mkbroute", "network", "pilots", "research", "roadmap") for path in (ROOT / app).rglob("*.py")
    ]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in files]


def imports(path: Path, module: str) -> set[str]:
    """The modules a file imports, relative ones resolved, those inside functions included."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([node.module] if node.module else [])])
            # "from mkbroute import checks" imports the module mkbroute.checks
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize(("module", "path"), [pytest.param(*pair, id=pair[0]) for pair in modules()])
def test_a_module_imports_only_from_its_own_layer_and_below(module, path):
    upward = [
        name
        for name in imports(path, module)
        if (height := layer_of(name)) is not None
        and height > layer_of(module)
        and not name.startswith(tuple(BUILT_WITH_DATABASE_OF_ITS_OWN))
    ]
    assert upward == []


def test_the_rule_catches_an_upward_import(tmp_path):
    offender = tmp_path / "models.py"
    offender.write_text("def late():\n    from pilots.models import Pilot\n")
    assert [layer_of(name) > layer_of("network.models") for name in imports(offender, "network.models")] == [True]


def test_apps_do_not_talk_by_signals():
    users = [
        module for module, path in modules() if "django.dispatch" in path.read_text() or "post_save" in path.read_text()
    ]
    assert users == []
