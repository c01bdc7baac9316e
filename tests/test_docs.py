# SPDX-License-Identifier: GPL-3.0-or-later
"""The built module describes itself: each public name, in one style, with the arguments that it really takes."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any, Dict, List, Set, Tuple

import c104
import pytest

STUB = ast.parse(Path(c104.__file__).with_suffix(".pyi").read_text())
CLASSES = {name: value for name, value in vars(c104).items() if inspect.isclass(value)}
FUNCTIONS = {name: value for name, value in vars(c104).items() if callable(value) and name not in CLASSES and name[0] != "_"}
INITS = {
    cls.name: ast.unparse(node.args)
    for cls in STUB.body
    if isinstance(cls, ast.ClassDef)
    for node in cls.body
    if isinstance(node, ast.FunctionDef) and node.name == "__init__"
}
MEMBERS = {
    f"{owner}.{name}": value
    for owner, cls in CLASSES.items()
    for name, value in vars(cls).items()
    if (name == "__init__" or not name.startswith("_")) and (callable(value) or isinstance(value, property))
    if not isinstance(value, cls) and not (name == "__init__" and "NoReturn" in INITS.get(owner, ""))  # not to be made by hand
}
ENUMERATIONS = sorted(name for name, cls in CLASSES.items() if hasattr(cls, "__members__"))
# Their constructors take one number, which the class describes.
NUMBERS = {*ENUMERATIONS, "Int7", "Int16", "UInt5", "UInt7", "UInt16", "NormalizedFloat"}


def description(name: str) -> str:
    """Without the signature, which stands first except in classes."""
    value = MEMBERS.get(name) or FUNCTIONS.get(name) or CLASSES[name]
    text = str(value.__doc__ or "")
    return text if name in CLASSES else text.partition("\n\n")[2]


@pytest.mark.parametrize(
    "name", [name for name in [*CLASSES, *FUNCTIONS, *MEMBERS] if name.partition(".")[0] not in ENUMERATIONS]
)
def test_public_name_is_described(name: str) -> None:
    if name.endswith(".__init__") and name.partition(".")[0] in NUMBERS:
        return
    prose = description(name).partition(">>>")[0].strip()
    assert len(re.findall(r"\w+", prose)) >= 3, f"too thin: {prose!r}"
    assert prose[0].isupper() or re.match(r"\w+: ", prose), f"begins with a small letter: {prose!r}"
    assert prose.endswith((".", ":", ")")), f"no sentence: {prose!r}"


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_members_of_enumerations_are_described(name: str) -> None:
    prose, _, listed = CLASSES[name].__doc__.partition("Members:")
    assert re.match(r"[A-Z].{10,}\.\s", prose, re.DOTALL), prose
    if name == "TlsCipher":  # names of IANA's registry say all
        return
    texts = dict(re.findall(r"^  (\w+): (\S.*)$", listed, re.MULTILINE))
    assert set(texts) == set(CLASSES[name].__members__)


Forms = Set[Tuple[Tuple[str, str], ...]]


def forms_of(functions: List[ast.FunctionDef]) -> Forms:
    """Names and defaults of the arguments, one entry an overload."""
    forms = set()
    for function in functions:
        given = function.args
        defaults = [None] * (len(given.args) - len(given.defaults)) + list(given.defaults)
        pairs: List[Tuple[ast.arg, Any]] = [*zip(given.args, defaults)]
        if given.kwonlyargs:
            pairs += [(ast.arg("*"), None), *zip(given.kwonlyargs, given.kw_defaults)]
        names = {**vars(c104), "c104": c104}
        forms.add(tuple((a.arg, repr(eval(ast.unparse(d), names)) if d else "") for a, d in pairs if a.arg != "self"))
    return forms


def forms_of_module(owner: str, name: str) -> Forms:
    """The same from the error of pybind11 for arguments that fit nothing: that text it makes of what it really takes."""
    with pytest.raises(TypeError) as raised:
        if name == "__init__":
            CLASSES[owner](nothing_has_this_name=None)
        elif owner:
            getattr(CLASSES[owner], name)(*[object()] * 20)
        else:
            FUNCTIONS[name](*[object()] * 20)
    texts = re.findall(r"^    \d+\. (?:c104\.\w+)?\((.*?)\)(?: -> .*)?$", str(raised.value), re.MULTILINE)
    sources = [re.sub(r"<(\w+\.\w+): \d+>", r"c104.\1", f"def f({text}): ...") for text in texts]
    return forms_of([node for source in sources for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)])


def stub_functions() -> Dict[Tuple[str, str], List[ast.FunctionDef]]:
    found: Dict[Tuple[str, str], List[ast.FunctionDef]] = {}
    for owner in [STUB, *(node for node in STUB.body if isinstance(node, ast.ClassDef))]:
        for node in owner.body:
            if not isinstance(node, ast.FunctionDef) or (node.name.startswith("_") and node.name != "__init__"):
                continue
            if all("overload" in ast.unparse(decorator) for decorator in node.decorator_list):
                found.setdefault((getattr(owner, "name", ""), node.name), []).append(node)
    return found


@pytest.mark.parametrize("owner, name", stub_functions())
def test_arguments_are_those_of_the_stub(owner: str, name: str) -> None:
    functions = stub_functions()[owner, name]
    if "NoReturn" in ast.unparse(functions[0].args):
        with pytest.raises(TypeError, match=f"c104.{owner} has no constructor: "):
            CLASSES[owner]()
        return
    assert forms_of_module(owner, name) == forms_of(functions)
