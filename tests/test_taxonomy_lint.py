"""The linter: every rule finds the fault that it is for, where it stands; what is shipped is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from otswatch.entries import EntryFile
from otswatch.errors import UsageError
from otswatch.taxonomy import lint
from otswatch.taxonomy.lint import check, check_files
from otswatch.taxonomy.loader import FILES, Layer, shipped
from tests.clone import ROOT

REFERENCE = ROOT / "docs" / "reference" / "taxonomy.md"

NAMES = "names: {en: R, tr: R, az: R, kk: Р, ky: Р, uz: R, ru: Р, hu: R, tk: R}\n"


def layer(**content: str) -> Layer:
    """Files of the taxonomy with this content; an area `rivers` has its names, a second file of areas is `other`."""
    given = {name: [EntryFile(Path(f"{name}.yaml"), content[name])] if name in content else [] for name in FILES}
    if "other" in content:
        given["areas"].append(EntryFile(Path("other.yaml"), content["other"]))
    return given


def area(*terms: str, id_: str = "rivers") -> str:
    return f"id: {id_}\n{NAMES}terms:\n" + "".join(f"  - {{{term}}}\n" for term in terms)


def found(*layers: Layer) -> list[tuple[str, str, int, str, str]]:
    return [(each.rule, each.level, each.line, each.file.name, each.entry) for each in check(*layers)]


FAULTS = {
    "duplicate": [
        (
            layer(areas=area("term: Ferry*, lang: en", "term: dam, lang: en", "term: fErry*, lang: en")),
            ("error", 6, "areas.yaml", "rivers: fErry* (en)"),
        ),
        (
            layer(
                countries="- {id: az, "
                + NAMES.strip().replace("R", "[R]").replace("Р", "[Р]")
                + ", places: [Baku, Bakü]}\n"
            ),
            ("error", 1, "countries.yaml", "az: Bakü"),
        ),
    ],
    "redundant": [
        (
            layer(areas=area("term: 'tour operator*', lang: en", "term: tour operators, lang: en")),
            ("warning", 5, "areas.yaml", "rivers: tour operators (en)"),
        ),
        (
            layer(areas=area("term: 'ferry*', lang: en, weight: 2", "term: ferryman, lang: en, weight: 1.5")),
            ("warning", 5, "areas.yaml", "rivers: ferryman (en)"),
        ),
    ],
    "unreachable": [
        (
            layer(
                organisations="- {id: union, context: [River Bank]}\n",
                false_friends="- {id: bank, term: 'river bank*', lang: en, why: the side of a river}\n",
            ),
            ("error", 1, "organisations.yaml", "union: River Bank"),
        ),
    ],
    "short": [
        (layer(areas=area("term: 'sel*', lang: tr")), ("error", 4, "areas.yaml", "rivers: sel* (tr)")),
        (layer(areas=area("term: 'otel*', lang: tr")), ("warning", 4, "areas.yaml", "rivers: otel* (tr)")),
        (layer(areas=area("term: su, lang: tr")), ("error", 4, "areas.yaml", "rivers: su (tr)")),
    ],
    "clash": [
        (
            layer(areas=area("term: dry port, lang: en"), other=area("term: Dry Port, lang: en", id_="lakes")),
            ("warning", 4, "other.yaml", "lakes: Dry Port (en)"),
        ),
    ],
    "swallows": [
        (
            layer(areas=area("term: 'ports*', lang: en"), other=area("term: portsmouth, lang: en", id_="lakes")),
            ("warning", 4, "areas.yaml", "rivers: ports* (en)"),
        ),
    ],
    "organisation": [
        (
            layer(
                areas=area("term: River Union, lang: en"),
                organisations="- {id: union, names: [{name: River Union, lang: en}]}\n",
            ),
            ("error", 4, "areas.yaml", "rivers: River Union (en)"),
        ),
    ],
    "unknown-area": [
        (
            layer(
                organisations="- id: union\n  areas:\n    - rivers\n    - lakes\n", areas=area("term: ferry, lang: en")
            ),
            ("error", 4, "organisations.yaml", "union: lakes"),
        ),
    ],
    "missing-name": [
        (layer(areas="id: rivers\nnames: {en: Rivers}\n"), ("warning", 1, "areas.yaml", "rivers")),
    ],
    "script": [
        (layer(areas=area("term: паром, lang: tr")), ("error", 4, "areas.yaml", "rivers: паром (tr)")),
        (layer(areas=area("term: parom, lang: ru")), ("error", 4, "areas.yaml", "rivers: parom (ru)")),
    ],
    "mixed-script": [
        (layer(areas=area("term: пaром, lang: ru")), ("error", 4, "areas.yaml", "rivers: пaром (ru)")),
    ],
    "unreadable": [
        (layer(areas=area("term: ferry, lang: de")), ("error", 4, "areas.yaml", "terms.0.lang")),
        (layer(kinds="- id: news\n  cues: [\n"), ("error", 3, "kinds.yaml", "line 3")),
    ],
}


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in FAULTS.items() for case in cases])
def test_a_planted_fault_is_found_where_it_stands(rule: str, case: tuple[Layer, tuple[str, int, str, str]]) -> None:
    planted, expected = case
    assert [place for name, *place in found(planted) if name == rule] == [list(expected)]


@pytest.mark.parametrize(
    "terms",
    [
        ("term: 'sel~', lang: tr",),
        ("term: 'sel*', lang: tr, needs: any",),
        ("term: 'otel konakla*', lang: tr",),
        ("term: IMO, lang: en",),
        ("term: CubeSat, lang: ru", "term: кубсат, lang: ru"),
        ("term: 'ferry*', lang: en", "term: ferry, lang: tr"),
        (
            "term: 'ferry*', lang: en",
            "term: ferry minister, lang: en, weight: 3",
            "term: ferryman, lang: en, weight: 2",
        ),
        ("term: 'sel*', lang: tr, needs: any", "term: seller, lang: tr"),
        ("term: 'ўзанлар*', lang: uz", "term: 'сув йўли', lang: uz", "term: 'suv yoʻli*', lang: uz"),
    ],
)
def test_what_is_meant_so_is_no_fault(terms: tuple[str, ...]) -> None:
    assert found(layer(areas=area(*terms))) == []


def test_a_term_that_replaces_a_shipped_one_is_no_duplicate_of_it() -> None:
    shipped = layer(areas=area("term: ferry, lang: en", "term: dam, lang: en"))
    assert found(shipped, layer(areas="id: rivers\nterms: [{term: ferry, lang: en, weight: 3}]\n")) == []
    assert found(shipped, layer(areas="id: rivers\nterms: [{term: ferry, lang: en, weight: 0}]\n")) == []
    away = found(shipped, layer(other="id: rivers\nterms: [{term: 'ferry*', lang: en, weight: 0}]\n"))
    assert away == [("nothing-to-take-away", "warning", 2, "other.yaml", "rivers: ferry* (en)")]


def test_every_rule_has_its_test_and_its_line_in_the_reference() -> None:
    named = {rule.__name__.replace("_", "-") for rule in lint.RULES} | {"unreadable"}
    assert named == FAULTS.keys() | {"nothing-to-take-away"}
    reference = REFERENCE.read_text(encoding="utf-8")
    assert {rule for rule in named if f"| `{rule}` |" not in reference} == set()


# ------------------------------------------------------------------------------------------------------------- shipped


#: Warnings that a word list of nine languages cannot be without: a text may be about two areas, and `food*` is food.
TO_BE_LOOKED_AT = {"short", "clash", "swallows"}


@pytest.mark.slow
def test_what_is_shipped_is_clean() -> None:
    findings = check(shipped())
    assert [each for each in findings if each.level == "error"] == []
    assert [each for each in findings if each.rule not in TO_BE_LOOKED_AT] == []


# --------------------------------------------------------------------------------------------------------------- files


@pytest.mark.slow
def test_only_the_files_that_are_named_are_reported(tmp_path: Path) -> None:
    own = tmp_path / "taxonomy" / "areas"
    own.mkdir(parents=True)
    (own / "a.yaml").write_text("id: customs\nterms: [{term: 'qu*', lang: en}]\n", encoding="utf-8")
    (own / "b.yaml").write_text("id: customs\nterms: [{term: 'zy*', lang: en}]\n", encoding="utf-8")
    draft = tmp_path / "draft" / "areas" / "c.yaml"
    draft.parent.mkdir(parents=True)
    draft.write_text("id: customs\nterms: [{term: 'wy*', lang: en}]\n", encoding="utf-8")

    found = {
        each.entry for each in check_files(tmp_path, [own / "a.yaml", draft.parent.parent]) if each.rule == "short"
    }
    assert found == {"customs: qu* (en)", "customs: wy* (en)"}
    with pytest.raises(UsageError, match=r"words\.yaml.*areas/\*\.yaml"):
        check_files(tmp_path, [tmp_path / "words.yaml"])
