"""Programs of other languages in other words. [041]"""

import pytest

from acclimate.parts._grammars import GRAMMARS
from acclimate.parts._programs import language_of, tree_of
from acclimate.parts.generators import CodeTransforms
from acclimate.parts.generators._rewriting import (
    own_names,
    renamed_in,
    sound,
    with_idle_code,
    without_comments,
)
from acclimate.parts.part import Context
from acclimate.tables import Corpus

PROGRAMS = {
    "java": (
        """/** Sums. */
class Sums {
  private int limit = 3;
  int sum(int[] parts, String name) {  // of all
    int total = 0;
    for (int part : parts) {
      total += Math.abs(part) + this.limit;
    }
    return parts.length + total;
  }
}
""",
        ["parts", "name", "total", "part"],
    ),
    "c-sharp": (
        """class Sums {
  private int limit = 3;
  public int Sum(int[] parts, string name) {
    var total = 0;
    foreach (var part in parts) { total += Math.Abs(part) + limit; }
    return Run(parts, name: total);
  }
}
""",
        ["parts", "total", "part"],
    ),
    "go": (
        """package sums

func Sum(parts []int, name string) (out int) {
\ttotal := 0
\tfor _, part := range parts {
\t\ttotal += part.Size
\t}
\treturn P{total: total}.of(name)
}
""",
        ["Sum", "parts", "name", "out", "part"],
    ),
    "rust": (
        """fn sum(parts: &[u32], name: &str) -> u32 {
    let mut total = 0;
    for part in parts {
        total += part.size;
    }
    println!("{name} {}", total);
    let (low, high) = (1, 2);
    low + high
}
""",
        ["sum", "parts", "part", "low", "high"],
    ),
    "c": (
        """#define TWICE(x) (2 * scale)
static int scale = 2;
int sum(const int *parts, int count) {
  int total = 0;
  for (int at = 0; at < count; at++) total += parts[at] + box->count;
  return total;
}
""",
        ["sum", "parts", "total", "at"],
    ),
    "cpp": (
        """int sum(const std::vector<int>& parts) {
  auto total = 0;
  for (auto& part : parts) { total += std::abs(part); }
  return total;
}
""",
        ["sum", "parts", "total", "part"],
    ),
    "javascript": (
        """export function kept(one) { return one; }
function sum(parts, {scale, of: name}) {
  let total = 0;
  for (const part of parts) { total += part.size; }
  const mean = (all) => all / parts.length;
  return {total, mean: mean(name)};
}
""",
        ["one", "sum", "parts", "name", "part", "mean", "all"],
    ),
    "typescript": (
        """class A { constructor(private size: number) {} }
function sum(parts: number[], name?: string): number {
  let total = 0;
  const size = parts.length;
  return total + size;
}
""",
        ["sum", "parts", "name", "total"],
    ),
    "php": (
        """class Sums {
  public $limit = 3;
  function sum($parts, $name) {
    $total = 0;
    foreach ($parts as $key => $part) { $total += $part->limit; }
    global $limit;
    return "$name $total" . $_GET['x'] . $this->limit;
  }
}
""",
        ["$parts", "$name", "$total", "$key", "$part"],
    ),
    "ruby": (
        """def sum(parts, scale: 2)
  # all of them
  total = 0
  parts.each do |part|
    total += part.size
  end
  send(:reset, total)
end
""",
        ["sum", "parts", "total", "part"],
    ),
}
NAMES = {name: GRAMMARS[name].names for name in PROGRAMS}


def canonical(language, text):
    """The kinds of all nodes, with what the leaves say; names of its own are numbered."""
    own = {name: str(n) for n, name in enumerate(own_names(language, text))}

    def shown(node):
        said = node.text.decode()
        if node.type in NAMES[language] and said in own:
            return f"name {own[said]}"
        return [node.type, *(shown(n) for n in node.children)] if node.child_count else said

    return shown(tree_of(language, text).root_node)


def bare(language):
    return without_comments(language, PROGRAMS[language][0])


@pytest.mark.parametrize("language", PROGRAMS)
def test_names_that_others_may_know_are_not_its_own(language: str) -> None:
    text, own = PROGRAMS[language]
    assert sorted(own_names(language, text)) == sorted(own)


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_renamed_program_has_the_same_tree_after_canonical_renaming(language: str) -> None:
    """[041]: renamed code still parses and has the same tree after canonical renaming."""
    text, sigil = bare(language), GRAMMARS[language].sigil
    names = {name: f"{sigil}v{n}" for n, name in enumerate(own_names(language, text))}
    changed = renamed_in(language, text, names)
    assert sound(language, changed)
    assert changed != text
    assert canonical(language, changed) == canonical(language, text)
    back = {new: old for old, new in names.items()}
    assert renamed_in(language, changed, back) == text


@pytest.mark.parametrize("language", PROGRAMS)
def test_an_idle_statement_leaves_a_program(language: str) -> None:
    """[041]: dead-coded functions still parse; without the statement they are what they were."""
    text = bare(language)
    name = GRAMMARS[language].sigil + "v9"
    for statement in GRAMMARS[language].idle:
        for place in (0.2, 0.8):
            more = with_idle_code(language, text, statement, place, name)
            idle = statement.format(name=name)
            assert sound(language, more)
            assert more.count(idle) == 1
            at = more.index(idle)
            assert more[:at] + more[at + len(idle) :].lstrip() == text
            assert "return" not in more[:at] or language in {"javascript", "c"}


def test_a_macro_in_a_parameter_is_no_name_of_the_program() -> None:
    text = "Object *run(Object *UNUSED(module), Object *given) { return given; }"
    assert own_names("cpp", text) == own_names("c", text) == ["run", "given"]


@pytest.mark.parametrize("language", ["java", "ruby"])
def test_comments_go_and_lines_of_nothing_else(language: str) -> None:
    text = PROGRAMS[language][0]
    lines = bare(language).splitlines()
    assert len(lines) == len(text.splitlines()) - 1
    assert not any(line != line.rstrip() for line in lines)
    assert "of all" not in bare(language)
    assert "Sums." not in bare(language)


def test_a_comment_inside_of_a_line_leaves_the_rest_apart() -> None:
    assert without_comments("java", "int /* big */ a; // end\nint b;") == "int  a;\nint b;"


def test_a_program_without_a_function_stays_as_it_is() -> None:
    assert with_idle_code("java", "class A { int a; }", "int {name} = 0;", 0.5, "v") == (
        "class A { int a; }"
    )


@pytest.mark.parametrize("language", PROGRAMS)
def test_every_language_is_asked_with(language: str) -> None:
    text = PROGRAMS[language][0]
    corpus = Corpus.of(
        [{"doc_id": f"a.{GRAMMARS[language].endings[0]}", "title": "", "text": text}]
    )
    ctx = Context()
    (query,) = CodeTransforms(rename_rate=1, shortest=1)(corpus, ctx)["text"]
    assert language_of("a", query, language) == language
    assert "parts" not in own_names(language, query)
    assert ctx.notes["languages"] == {language: 1}


def test_new_names_stand_nowhere_in_the_program() -> None:
    text = "function a(v0, b) {\n  const v2 = v0 + b;\n  return v2;\n}"
    corpus = Corpus.of([{"doc_id": "a.js", "title": "", "text": text}])
    part = CodeTransforms(rename_rate=1, dead_code=False, shortest=1)
    (query,) = part(corpus, Context())["text"]
    assert query == "function v1(v3, v4) {\n  const v5 = v3 + v4;\n  return v5;\n}"
