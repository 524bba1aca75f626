"""Parses PowerShell scripts: a JSON list of texts on standard input, a JSON list of what is in each on standard output."""

import json
import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def reading(script: str) -> dict:
    source = script.encode()
    found = {"errors": [], "commands": [], "functions": []}
    stack = [parser.parse(source).root_node]
    while stack:
        node = stack.pop()
        text = source[node.start_byte : node.end_byte].decode(errors="replace")
        if node.is_error or node.is_missing:
            found["errors"].append(f"line {node.start_point[0] + 1}: {text[:200]}")
        if node.type == "command_name":
            found["commands"].append(text)
        if node.type == "function_name":
            found["functions"].append(text)
        stack.extend(reversed(node.children))
    return found


json.dump([reading(script) for script in json.load(sys.stdin)], sys.stdout)
