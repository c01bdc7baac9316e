# SPDX-License-Identifier: GPL-3.0-or-later
"""python tools/docstrings.py STUB OUTPUT: the docstrings of the stub as rows {"Class.member", "text"} for src/bindings/docs.cpp.

The stub is the one place where the public names are described; the build puts its text into the module. A method's text begins
with its signature, a property's with its type, an enumeration's ends with its members.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Tuple


class Spelling(ast.NodeTransformer):
    """Annotations as a user of the package writes them: classes with their package, aliases of the stub written out."""

    def __init__(self, body: List[ast.stmt]) -> None:
        self.classes = {node.name for node in body if isinstance(node, ast.ClassDef)}
        self.aliases: Dict[str, ast.expr] = {
            node.target.id: node.value
            for node in body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        }

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.aliases:
            return self.visit(self.aliases[node.id])  # type: ignore[no-any-return]
        return ast.Name(f"c104.{node.id}", node.ctx) if node.id in self.classes else node

    def __call__(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return json.dumps(node.value)
        return ast.unparse(self.visit(node)).replace("typing_extensions.", "")


def is_decorated(function: ast.FunctionDef, word: str) -> bool:
    return any(ast.unparse(d).endswith(word) for d in function.decorator_list)


def signature(function: ast.FunctionDef, owner: str, spell: Spelling) -> str:
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    parts = []
    for argument, default in [*zip(plain, defaults), (None, None), *zip(given.kwonlyargs, given.kw_defaults)]:
        if argument is None:
            parts += ["*"] if given.kwonlyargs else []
        elif argument.arg == "self":
            parts.append(f"self: c104.{owner}")
        else:
            kind = spell(argument.annotation) if argument.annotation else "object"
            parts.append(f"{argument.arg}: {kind}" + (f" = {spell(default)}" if default else ""))
    return f"{function.name}({', '.join(parts)}) -> {spell(function.returns) if function.returns else 'None'}"


def of_functions(functions: List[ast.FunctionDef], owner: str, spell: Spelling) -> str:
    """A property with its setter, or a function with its overloads."""
    first = functions[0]
    if is_decorated(first, "property"):
        head = [
            f"{first.name}: {spell(first.returns) if first.returns else 'None'}{' (settable)' if len(functions) > 1 else ''}"
        ]
    else:
        head = [signature(function, owner, spell) for function in functions]
    texts = [text for text in map(ast.get_docstring, functions) if text]
    return "\n\n".join(["\n".join(head), *texts])


def members(body: List[ast.stmt]) -> List[str]:
    """Of an enumeration: each with the text below it."""
    found = []
    for node, after in zip(body, [*body[1:], None]):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and not node.target.id.startswith("_"):
            text = str(after.value.value) if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found.append(f"  {node.target.id}" + (f": {text}" if text else ""))
    return found


def rows(body: List[ast.stmt], owner: str, spell: Spelling) -> Iterator[Tuple[str, str]]:
    functions: Dict[str, List[ast.FunctionDef]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            listed = members(node.body)
            yield (
                node.name,
                "\n\n".join([ast.get_docstring(node) or "", *(["Members:\n\n" + "\n".join(listed)] if listed else [])]),
            )
            yield from rows(node.body, node.name, spell)
    for name, forms in functions.items():
        # Operators say nothing that Python doesn't; constructors without a text are described by their class.
        if not name.startswith("__") or (name == "__init__" and any(map(ast.get_docstring, forms))):
            yield f"{owner}.{name}" if owner else name, of_functions(forms, owner, spell)


def main() -> None:
    stub, output = map(Path, sys.argv[1:])
    body = ast.parse(stub.read_text(encoding="utf-8")).body
    lines = [f'{{"{name}", R"doc({text})doc"}},' for name, text in rows(body, "", Spelling(body))]
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
