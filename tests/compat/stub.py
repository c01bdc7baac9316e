# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the stub file of the installed c104 as JSON: {"Class.method": "(names and defaults)", "Class.method.argument": "takes types"}.

Runs under either interpreter. Types are in one spelling, so that what means the same compares equal.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

import c104

Entry = Tuple[str, str]
ALIASES: Dict[str, ast.expr] = {}


def members(node: ast.expr | None) -> Set[str]:
    """Of a union, or the one type: without quotes, aliases and module names. An int goes where a float does."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = ast.parse(node.value, mode="eval").body
    if isinstance(node, ast.BinOp):
        found = members(node.left) | members(node.right)
        return found - {"int"} if "float" in found else found
    if isinstance(node, ast.Name) and node.id in ALIASES:
        return members(ALIASES[node.id])
    if isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if spelled(node.value) == "Union":
            return set().union(*map(members, inside)) - ({"int"} if "float" in map(spelled, inside) else set())
        return {f"{spelled(node.value)}[{', '.join(map(spelled, inside))}]"}
    if isinstance(node, ast.List):
        return {f"[{', '.join(map(spelled, node.elts))}]"}
    return {"None" if node is None else ast.unparse(node).rsplit(".", 1)[-1]}


def spelled(node: ast.expr | None) -> str:
    return " | ".join(sorted(members(node)))


def method(name: str, function: ast.FunctionDef) -> Iterator[Entry]:
    """Operators have no names or defaults that a caller could use; they are skipped."""
    if name.rsplit(".", 1)[-1].startswith("__") and function.name != "__init__":
        return
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    keywords = list(zip(given.kwonlyargs, given.kw_defaults))
    pairs = [pair for pair in [*zip(plain, defaults), *keywords] if pair[0].arg != "self"]
    shown = [argument.arg + (f"={ast.unparse(default)}" if default else "") for argument, default in pairs]
    if keywords:
        shown.insert(-len(keywords), "*")
    yield name, f"({', '.join(shown)})"
    yield f"{name}.return", spelled(function.returns)
    for argument, _ in pairs:
        yield f"{name}.{argument.arg}", f"takes {spelled(argument.annotation)}"


def entries(body: List[ast.stmt], prefix: str = "") -> Iterator[Entry]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.name, f"class of bases {[b for b in map(ast.unparse, node.bases) if b != 'object']}"
            yield from entries(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            name = prefix + node.name
            decorators = {ast.unparse(d).rsplit(".", 1)[-1] for d in node.decorator_list}
            if "setter" in decorators:
                yield f"{name}.set", f"takes {spelled(node.args.args[-1].annotation)}"
            elif "property" in decorators:
                yield name, f"property of {spelled(node.returns)}"
            else:
                yield from method(name, node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if "TypeAlias" in ast.unparse(node.annotation) and node.value:
                ALIASES[node.target.id] = node.value
            else:
                yield prefix + node.target.id, f"attribute of {spelled(node.annotation)}"


def stub() -> Dict[str, str]:
    """Overloads in one entry: forms side by side, arguments with the types of all."""
    found: Dict[str, List[str]] = {}
    text = Path(c104.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    for name, what in entries(ast.parse(text).body):
        if what not in found.setdefault(name, []):
            found[name].append(what)
    return {name: " | ".join(forms) for name, forms in found.items()}


if __name__ == "__main__":
    print(json.dumps(stub(), indent=1, sort_keys=True))
