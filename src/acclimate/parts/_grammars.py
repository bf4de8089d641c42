"""What is to be known of a programming language, apart from its parser: names, bodies, idle code.

A language's query marks, in the syntax of tree-sitter's queries:

- `@bound`: names that the code gives, of parameters, variables and functions of its own;
- `@known`: the same kind of word where others know it: members, keys, imports;
- `@text`: text in which names may stand as words;
- `@body`: the statements of a function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

ProgramLanguage: TypeAlias = Literal[
    "python",
    "java",
    "go",
    "rust",
    "php",
    "javascript",
    "typescript",
    "c",
    "cpp",
    "c-sharp",
    "ruby",
]


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """One language.

    Args:
        package: of its parser.
        endings: of its files' names.
        query: its marks.
        idle: statements that do nothing; `{name}` is a name nobody reads.
        function: of the package, that gives the parser.
        names: nodes that are names.
        sigil: what its variables begin with.
    """

    package: str
    endings: tuple[str, ...]
    query: str
    idle: tuple[str, ...]
    function: str = "language"
    names: tuple[str, ...] = ("identifier",)
    sigil: str = ""


_TYPED = (
    "int {name} = 0;",
    "if (0 > 1) {{ int {name} = 0; }}",
    "for (int {name} = 0; {name} < 0; {name}++) {{ }}",
    "{{ int {name} = 0; }}",
)
_SCRIPT = (
    "let {name} = 0;",
    "if (0 > 1) {{ let {name} = 0; }}",
    "for (let {name} = 0; {name} < 0; {name}++) {{ }}",
    "while (0 > 1) {{ }}",
)

_JAVA = """
(formal_parameter name: (identifier) @bound)
(variable_declarator name: (identifier) @bound)
(enhanced_for_statement name: (identifier) @bound)
(catch_formal_parameter name: (identifier) @bound)
(resource name: (identifier) @bound)
(lambda_expression parameters: (identifier) @bound)
(inferred_parameters (identifier) @bound)
(program (method_declaration name: (identifier) @bound))
(field_declaration declarator: (variable_declarator name: (identifier) @known))
(class_body (method_declaration name: (identifier) @known))
(method_invocation object: (_) name: (identifier) @known)
(field_access field: (identifier) @known)
(method_reference (identifier) @known)
(scoped_identifier (identifier) @known)
(element_value_pair key: (identifier) @known)
(labeled_statement (identifier) @known)
(break_statement (identifier) @known)
(continue_statement (identifier) @known)
(method_declaration body: (block) @body)
(constructor_declaration body: (constructor_body) @body)
"""

_C_SHARP = """
(parameter name: (identifier) @bound)
(variable_declarator name: (identifier) @bound)
(foreach_statement left: (identifier) @bound)
(catch_declaration name: (identifier) @bound)
(local_function_statement name: (identifier) @bound)
(field_declaration (variable_declaration (variable_declarator name: (identifier) @known)))
(member_access_expression name: (identifier) @known)
(property_declaration name: (identifier) @known)
(method_declaration name: (identifier) @known)
(argument name: (identifier) @known)
(initializer_expression (assignment_expression left: (identifier) @known))
(implicit_parameter) @known
(qualified_name (identifier) @known)
(method_declaration body: (block) @body)
(constructor_declaration body: (block) @body)
(local_function_statement body: (block) @body)
"""

_GO = """
(parameter_declaration name: (identifier) @bound)
(variadic_parameter_declaration name: (identifier) @bound)
(short_var_declaration left: (expression_list (identifier) @bound))
(var_spec name: (identifier) @bound)
(range_clause left: (expression_list (identifier) @bound))
(function_declaration name: (identifier) @bound)
(keyed_element (literal_element (identifier) @known))
(function_declaration body: (block) @body)
(method_declaration body: (block) @body)
"""

_RUST = """
(parameter pattern: (identifier) @bound)
(let_declaration pattern: (identifier) @bound)
(tuple_pattern (identifier) @bound)
(for_expression pattern: (identifier) @bound)
(closure_parameters (identifier) @bound)
(source_file (function_item name: (identifier) @bound))
(tuple_struct_pattern (identifier) @known)
(match_pattern (identifier) @known)
(shorthand_field_initializer (identifier) @known)
(shorthand_field_identifier) @known
(scoped_identifier (identifier) @known)
(token_tree (identifier) @known)
(string_content) @text
(function_item body: (block) @body)
"""

_C = """
(parameter_declaration declarator: (identifier) @bound)
(pointer_declarator declarator: (identifier) @bound)
(array_declarator declarator: (identifier) @bound)
(init_declarator declarator: (identifier) @bound)
(declaration declarator: (identifier) @bound)
(function_definition declarator: (function_declarator declarator: (identifier) @bound))
(function_definition declarator:
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @bound)))
(declaration (storage_class_specifier) declarator: (identifier) @known)
(declaration declarator: (function_declarator declarator: (identifier) @known))
(enumerator name: (identifier) @known)
(preproc_arg) @text
(preproc_def name: (identifier) @known)
(preproc_function_def name: (identifier) @known)
(field_identifier) @known
(function_definition body: (compound_statement) @body)
"""

_CPP = (
    _C
    + """
(reference_declarator (identifier) @bound)
(for_range_loop declarator: (identifier) @bound)
(qualified_identifier name: (identifier) @known)
"""
)

_ANY_SCRIPT = """
(assignment_pattern left: (identifier) @bound)
(rest_pattern (identifier) @bound)
(pair_pattern value: (identifier) @bound)
(array_pattern (identifier) @bound)
(variable_declarator name: (identifier) @bound)
(for_in_statement left: (identifier) @bound)
(catch_clause parameter: (identifier) @bound)
(arrow_function parameter: (identifier) @bound)
(program (function_declaration name: (identifier) @bound))
(shorthand_property_identifier) @known
(shorthand_property_identifier_pattern) @known
(export_statement (_ name: (identifier) @known))
(export_statement (lexical_declaration (variable_declarator name: (identifier) @known)))
(export_specifier (identifier) @known)
(import_specifier (identifier) @known)
(import_clause (identifier) @known)
(namespace_import (identifier) @known)
(function_declaration body: (statement_block) @body)
(function_expression body: (statement_block) @body)
(arrow_function body: (statement_block) @body)
(method_definition body: (statement_block) @body)
"""

_JAVASCRIPT = (
    _ANY_SCRIPT
    + """
(formal_parameters (identifier) @bound)
(jsx_opening_element name: (identifier) @known)
(jsx_self_closing_element name: (identifier) @known)
"""
)

_TYPESCRIPT = (
    _ANY_SCRIPT
    + """
(required_parameter pattern: (identifier) @bound)
(optional_parameter pattern: (identifier) @bound)
(required_parameter (accessibility_modifier) pattern: (identifier) @known)
"""
)

_PHP = """
(simple_parameter name: (variable_name) @bound)
(variadic_parameter name: (variable_name) @bound)
(assignment_expression left: (variable_name) @bound)
(foreach_statement (variable_name) @bound)
(foreach_statement (pair (variable_name) @bound))
(catch_clause name: (variable_name) @bound)
(global_declaration (variable_name) @known)
(property_element name: (variable_name) @known)
(property_promotion_parameter name: (variable_name) @known)
(scoped_property_access_expression name: (variable_name) @known)
(function_definition body: (compound_statement) @body)
(method_declaration body: (compound_statement) @body)
"""

_RUBY = """
(method_parameters (identifier) @bound)
(optional_parameter name: (identifier) @bound)
(splat_parameter name: (identifier) @bound)
(block_parameters (identifier) @bound)
(assignment left: (identifier) @bound)
(left_assignment_list (identifier) @bound)
(exception_variable (identifier) @bound)
(program (method name: (identifier) @bound))
(body_statement (method name: (identifier) @known))
(keyword_parameter name: (identifier) @known)
(call receiver: (_) method: (identifier) @known)
(simple_symbol) @text
(method body: (body_statement) @body)
"""

GRAMMARS: Mapping[str, Grammar] = {
    "java": Grammar(package="tree_sitter_java", endings=("java",), query=_JAVA, idle=_TYPED),
    "go": Grammar(
        package="tree_sitter_go",
        endings=("go",),
        query=_GO,
        idle=("var _ = 0", "if 0 > 1 {{ }}", "for {name} := 0; {name} < 0; {name}++ {{ }}"),
    ),
    "rust": Grammar(
        package="tree_sitter_rust",
        endings=("rs",),
        query=_RUST,
        idle=("let _ = 0;", "if false {{ }}", "while false {{ }}", "for _ in 0..0 {{ }}"),
    ),
    "php": Grammar(
        package="tree_sitter_php",
        endings=("php",),
        query=_PHP,
        idle=(
            "{name} = 0;",
            "if (false) {{ {name} = null; }}",
            "while (false) {{ }}",
            "for ({name} = 0; {name} < 0; {name}++) {{ }}",
        ),
        function="language_php_only",
        names=("variable_name",),
        sigil="$",
    ),
    "javascript": Grammar(
        package="tree_sitter_javascript",
        endings=("js", "jsx", "mjs", "cjs"),
        query=_JAVASCRIPT,
        idle=_SCRIPT,
    ),
    "typescript": Grammar(
        package="tree_sitter_typescript",
        endings=("ts", "mts", "cts"),
        query=_TYPESCRIPT,
        idle=_SCRIPT,
        function="language_typescript",
    ),
    "c": Grammar(package="tree_sitter_c", endings=("c",), query=_C, idle=_TYPED),
    "cpp": Grammar(
        package="tree_sitter_cpp",
        endings=("cpp", "cc", "cxx", "h", "hpp", "hh"),
        query=_CPP,
        idle=_TYPED,
    ),
    "c-sharp": Grammar(package="tree_sitter_c_sharp", endings=("cs",), query=_C_SHARP, idle=_TYPED),
    "ruby": Grammar(
        package="tree_sitter_ruby",
        endings=("rb",),
        query=_RUBY,
        idle=("{name} = 0", "{name} = nil if false", "[].each {{ |{name}| {name} }}"),
    ),
}
"""By name; where a text's language is not told, they are tried in this order."""
