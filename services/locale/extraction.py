"""How `make texts` finds what to translate: in the syntax tree, as Babel's own reader passes over f-strings."""

import ast
from collections.abc import Collection, Iterator
from typing import IO

Found = tuple[int, str, tuple[str | None, ...], list[str]]


def calls(file: IO[bytes], keywords: Collection[str], comment_tags: object, options: object) -> Iterator[Found]:
    """A Babel extraction method: each call of a keyword, with None for an argument that is no literal text."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            values = (argument.value if isinstance(argument, ast.Constant) else None for argument in node.args)
            yield node.lineno, node.func.id, tuple(value if isinstance(value, str) else None for value in values), []
