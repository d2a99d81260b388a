"""taxonomy check, try and add as a user meets them; and that adding a term touches nothing else of a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.entries import EntryFile
from otswatch.errors import UsageError
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Content
from otswatch.taxonomy.adding import addition, with_term
from otswatch.taxonomy.loader import load
from otswatch.taxonomy.schema import Term
from tests.factory import article
from tests.test_cli import Command, command  # noqa: F401 - a fixture

FERRY = Term(term="ferry*", lang="en", weight=2)
ITEM = '{term: "ferry*", lang: en, weight: 2}'


def added(text: str, term: Term = FERRY) -> str:
    return with_term(EntryFile(Path("customs.yaml"), text), "customs", term)


# -------------------------------------------------------------------------------------------------------- into the text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"id: customs\nterms:\n  - {ITEM}\n"),
        ("# mine\n", f"# mine\nid: customs\nterms:\n  - {ITEM}\n"),
        ("id: customs\n", f"id: customs\nterms:\n  - {ITEM}\n"),
        ("id: customs", f"id: customs\nterms:\n  - {ITEM}\n"),
        ("id: customs\nterms:\n", f"id: customs\nterms:\n  - {ITEM}\n"),
        ("id: customs\nterms: []\n", f"id: customs\nterms: [{ITEM}]\n"),
        (
            "id: customs\nterms: [{term: a b, lang: en}] # x\n",
            f"id: customs\nterms: [{{term: a b, lang: en}}, {ITEM}] # x\n",
        ),
        (
            "id: customs\nterms:\n- {term: dam, lang: en}   # the old one\n\n# the end\n",
            f"id: customs\nterms:\n- {{term: dam, lang: en}}   # the old one\n- {ITEM}\n\n# the end\n",
        ),
        (
            "id: customs\nterms:\n    - term: dam\n      lang: en\n# names\nnames: {en: Customs}\n",
            f"id: customs\nterms:\n    - term: dam\n      lang: en\n    - {ITEM}\n# names\nnames: {{en: Customs}}\n",
        ),
        (
            "- id: ict\n- id: customs\n  covers: |\n    x\n    y\n- id: space\n",
            f"- id: ict\n- id: customs\n  covers: |\n    x\n    y\n  terms:\n    - {ITEM}\n- id: space\n",
        ),
        ("- {id: customs, official: true}\n", f"- {{id: customs, official: true, terms: [{ITEM}]}}\n"),
        ("id: customs\r\nterms:\r\n  - {term: dam, lang: en}\r\n", None),
        ("id: customs\nterms:\n  - {term: gömrük*, lang: az}\n  - {term: 'кеден*', lang: kk}\nofficial: true\n", None),
    ],
)
def test_a_term_is_one_line_more(before: str, after: str | None) -> None:
    result = added(before)
    if after is not None:
        assert result == after
    else:
        newline = "\r\n" if "\r\n" in before else "\n"
        lines = result.split(newline)
        lines.remove(f"  - {ITEM}")
        assert newline.join(lines) == before


def test_what_cannot_be_added_to_safely_is_left_alone() -> None:
    with pytest.raises(UsageError, match=r"by hand: \{term"):
        added("id: customs\nterms: !!set {a}\n")


COMMENT = st.sampled_from(["", "  # why", " # ünïcode — 'quoted'"])
GAP = st.sampled_from(["", "\n", "# a note\n", "\n\n# two\n"])
TERM = st.builds(
    Term,
    term=st.sampled_from(
        ["dam*", "кеден *".strip(" *") + "*", 'say "x"', "gümrük: kapı", "o'zbek # x", "WHO", "a * b"]
    ),
    lang=st.sampled_from(["en", "kk", "uz"]),
    weight=st.sampled_from([0, 0.5, 1, 2.5]),
    needs=st.sampled_from([None, "any"]),
)


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """A file as people write them."""
    margin = " " * draw(st.sampled_from([0, 2, 4]))
    lines = [draw(GAP), f"id: customs{draw(COMMENT)}\n", draw(GAP)]
    for term in draw(st.lists(TERM, max_size=4)):
        lines += ["terms:\n"] if "terms:\n" not in lines else []
        if draw(st.booleans()):
            item = yaml.safe_dump(
                term.model_dump(exclude_defaults=True), default_flow_style=True, allow_unicode=True, width=999
            )
            lines.append(f"{margin}- {item.strip()}{draw(COMMENT)}\n")
        else:
            item = yaml.safe_dump(term.model_dump(exclude_defaults=True), allow_unicode=True, width=999)
            lines.append(f"{margin}- " + item.replace("\n", f"\n{margin}  ").rstrip(" "))
        lines.append(draw(GAP))
    lines.append(draw(st.sampled_from(["", "official: true\n", "covers: |\n  some\n  text\n"])))
    return "".join(lines)


@settings(max_examples=60, deadline=None)
@given(text=layouts(), term=TERM)
def test_adding_keeps_every_line_and_adds_the_term(text: str, term: Term) -> None:
    result = added(text, term)
    before, after = yaml.safe_load(text), yaml.safe_load(result)
    new = after["terms"].pop()
    assert Term.model_validate(new) == term
    assert {**before, "terms": before.get("terms") or []} == after
    rest = iter(result.splitlines())
    assert all(line in rest for line in text.splitlines())


# ------------------------------------------------------------------------------------------------------ into the folder


@pytest.mark.slow
def test_a_new_file_is_made_and_then_added_to(tmp_path: Path) -> None:
    for term in (FERRY, Term(term="dry port*", lang="en")):
        addition(tmp_path, "customs", term).write()
    assert (tmp_path / "taxonomy" / "areas" / "customs.yaml").read_text(encoding="utf-8") == (
        f'id: customs\nterms:\n  - {ITEM}\n  - {{term: "dry port*", lang: en}}\n'
    )
    load.cache_clear()
    assert {"ferry*", "dry port*"} <= {term.term for term in load(tmp_path).areas["customs"].terms}
    assert [path.name for path in (tmp_path / "taxonomy" / "areas").iterdir()] == ["customs.yaml"]


@pytest.mark.slow
def test_the_file_that_has_the_area_is_added_to_whatever_its_name(tmp_path: Path) -> None:
    mine = tmp_path / "taxonomy" / "areas" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("- {id: ict}\n- {id: customs}\n", encoding="utf-8")
    addition(tmp_path, "customs", FERRY).write()
    assert mine.read_text(encoding="utf-8") == f"- {{id: ict}}\n- {{id: customs, terms: [{ITEM}]}}\n"


@pytest.mark.slow
def test_what_is_there_already_is_refused(tmp_path: Path) -> None:
    addition(tmp_path, "customs", FERRY).write()
    with pytest.raises(UsageError, match="already, with this weight"):
        addition(tmp_path, "customs", FERRY)
    with pytest.raises(UsageError, match=r"customs\.yaml, line 3: has 'ferry\*' in en already; change it there"):
        addition(tmp_path, "customs", FERRY.model_copy(update={"weight": 3}))
    with pytest.raises(UsageError, match="no area 'custom'; there are: agriculture"):
        addition(tmp_path, "custom", FERRY)
    (tmp_path / "taxonomy" / "areas" / "space.yaml").write_text("id: ict\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"space\.yaml holds another area"):
        addition(tmp_path, "space", FERRY)


# --------------------------------------------------------------------------------------------------------- the commands


@pytest.mark.slow
def test_check_shows_faults_and_exits_1(command: Command, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    mine = tmp_path / "otswatch.d" / "taxonomy" / "areas" / "customs.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text('id: customs\nterms:\n  - {term: "qu*", lang: en}\n', encoding="utf-8")
    said = command("taxonomy", "check", str(mine))
    assert said.code == 1
    assert said.out.startswith(
        f"{mine.relative_to(tmp_path)}, line 3: error short: customs: qu* (en): a stem of 2 letters"
    )
    assert said.err.startswith("1 errors, ")
    findings = json.loads(command("taxonomy", "check", str(mine), "--format", "json").out)
    assert (3, "short", "error") in [(each["line"], each["rule"], each["level"]) for each in findings]
    mine.write_text('id: customs\nterms:\n  - {term: "quay*", lang: en, needs: any}\n', encoding="utf-8")
    said = command("taxonomy", "check", str(mine))
    assert (said.code, said.out, said.err) == (0, "", "0 errors, 0 warnings\n")


@pytest.mark.slow
def test_what_is_worth_a_look_in_shipped_words_is_no_noise(command: Command, tmp_path: Path) -> None:  # noqa: F811
    mine = tmp_path / "otswatch.d" / "taxonomy" / "areas" / "customs.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text('id: customs\nterms:\n  - {term: "quay*", lang: en}\n', encoding="utf-8")
    said = command("taxonomy", "check")
    assert said.out.count("\n") == 1
    assert f"{mine.relative_to(tmp_path)}, line 3: warning short" in said.out
    assert "warnings of shipped words are not listed: --shipped" in said.err
    assert command("taxonomy", "check", "--shipped").out.count("\n") > 1


def test_try_shows_what_does_not_count_and_why(command: Command, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    own = tmp_path / "otswatch.d" / "taxonomy"
    (own / "areas").mkdir(parents=True)
    wine = "- {id: port_wine, term: 'port wine*', lang: en, why: a drink}\n"
    (own / "false_friends.yaml").write_text(wine, encoding="utf-8")
    (own / "areas" / "x.yaml").write_text(
        "id: customs\nterms: [{term: quay, lang: en, needs: any}]\n", encoding="utf-8"
    )
    text = "The OTG cable lay on the quay beside the port wine, in Kazakhstan."
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    tried = json.loads(command("taxonomy", "try", "--file", "note.txt", "--language", "en", "--json").out)
    ignored = {item["text"]: item for item in tried["ignored"]}
    assert ignored["port"]["why"] == "stands inside port_wine: port wine*, a drink"
    assert ignored["quay"]["why"] == "a short stem: counts only beside another term of customs"
    assert all(text[item["start"] : item["end"]] == item["text"] for item in tried["ignored"])
    assert "kz" in [mention["id"] for mention in tried["mentions"]]
    shown = command("taxonomy", "try", text, "--language", "en").out
    assert "port: stands inside port_wine: port wine*, a drink" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("try",), "give a text, or a file with --file, and not both"),
        (("try", "x", "--file", "y"), "give a text, or a file with --file, and not both"),
        (("try", "--file", "nothing.txt"), "nothing.txt cannot be read"),
        (("try", " "), "there is no text to try"),
        (("add", "customs", "ferry", "--lang", "de"), "lang: Input should be 'en', 'tr'"),
        (("add", "customs", "***", "--lang", "en"), "term: '***' has no word to begin with"),
        (
            ("add", "customs", "ferry", "--lang", "en", "--weight", "9"),
            "weight: Input should be less than or equal to 5",
        ),
        (("add", "ferries", "ferry", "--lang", "en"), "no area 'ferries'; there are: agriculture"),
        pytest.param(
            ("add", "customs", "qu*", "--lang", "en"),
            "not added: short: customs: qu* (en): a stem of 2 letters",
            marks=pytest.mark.slow,
        ),
        (("check", "words.yaml"), "no file of the taxonomy is called so; there are: areas/*.yaml"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(
    command: Command,  # noqa: F811 - the fixture
    arguments: tuple[str, ...],
    error: str,
) -> None:
    said = command("taxonomy", *arguments)
    assert (said.code, said.out) == (2, "")
    assert error in said.error


@pytest.mark.slow
def test_add_says_what_would_change_and_what_to_do_next(command: Command, tmp_path: Path) -> None:  # noqa: F811
    seen = datetime.now(UTC)
    index = SqliteIndex(tmp_path / "data" / "index.sqlite")
    texts = {
        "near": "A dry port was opened near Khorgos. Dry ports are built.",
        "apart": "The port was dry. Ships lay in it.",
        "old": "A dry port was opened long ago.",
    }
    for id_, text in texts.items():
        at = seen - timedelta(days=60 if id_ == "old" else 1)
        made = article(id_, text, content=Content(title="News", text=text, language="en", extractor="test/1"))
        index.put([project_article(made.replace(trace=made.trace.replace(first_seen=at)))])
    index.close()
    said = command("taxonomy", "add", "customs", "dry port*", "--lang", "en", "--weight", "4")
    assert said.code == 0, said.err
    assert (
        "of 2 kept articles of the last 30 days with these words, 1 would get the label customs, 0 would lose it"
        in said.out
    )
    assert f"written to {Path('otswatch.d/taxonomy/areas/customs.yaml')}" in said.err
    assert (
        f"next: otswatch reprocess --since {seen - timedelta(days=30):%Y-%m-%d} --stage classify --dry-run" in said.err
    )
