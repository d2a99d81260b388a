"""What is particular to the embedded index: its file, its tables, and what it asks FTS5."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from otswatch.errors import NewerDataError
from otswatch.index import SCORE, Document, Search
from otswatch.index.mapping import kinds, mapping_of
from otswatch.index.sqlite import MIGRATIONS, SqliteIndex
from otswatch.index.sqlite_search import Conditions
from otswatch.query import parse, words
from otswatch.sqlite import Database

NOON = datetime(2025, 4, 15, 12, tzinfo=UTC)


def test_what_was_put_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "index.sqlite"
    index = SqliteIndex(path)
    index.put([Document("articles", "a", 1, {"id": "a", "title": "Zirve"}, {"id": "a"})])
    index.close()
    index = SqliteIndex(path)
    assert index.search(Search(query=parse("zirve"))).documents == ({"id": "a"},)
    index.close()


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    SqliteIndex(tmp_path / "index.sqlite").close()
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerDataError, match="upgrade"):
        SqliteIndex(tmp_path / "index.sqlite")


def test_data_of_the_first_version_is_upgraded_and_takes_the_kinds_that_came_later(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    database = Database(path, MIGRATIONS[:1])
    with database.transaction() as connection:
        connection.execute("INSERT INTO documents VALUES (1, 'articles', 'a', 1, 0, '{\"id\": \"a\"}')")
        connection.execute("INSERT INTO text_articles (rowid, title) VALUES (1, 'zirve')")
    assert database.version == 1
    database.close()
    index = SqliteIndex(path)
    quote = {"text": "The corridor is open.", "speaker_names": ["Ayla Ersoy"], "first_seen": NOON}
    assert index.put([Document("quotes", "q", 1, quote, {"id": "q"})])[0].result == "stored"
    assert index.search(Search(query=parse("zirve"))).documents == ({"id": "a"},)
    for query in ("corridor", "speaker:ersoy"):
        assert index.search(Search("quotes", parse(query), sort=SCORE)).documents == ({"id": "q"},)
    index.close()


def test_a_batch_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path / "index.sqlite")
    batches = [[Document("articles", f"{n}-{m}", 1, {"title": "zirve"}, {}) for m in range(5)] for n in range(40)]
    writer = threading.Thread(target=lambda: [index.put(batch) for batch in batches])
    writer.start()
    totals = []
    while writer.is_alive():
        totals.append(index.search(Search(query=parse("zirve"))).total)
    writer.join()
    assert all(total % 5 == 0 for total in totals)
    assert totals == sorted(totals)
    index.close()


def test_the_tables_of_text_have_the_text_fields_of_the_mappings(tmp_path: Path) -> None:
    """A new text field in mappings/ needs a migration."""
    SqliteIndex(tmp_path / "index.sqlite").close()
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    for kind in kinds():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info(text_{kind})")]
        assert columns == [field.name for field in mapping_of(kind).fields.values() if field.type == "text"]
    connection.close()


def test_fts5_divides_the_words_exactly_where_folding_does(tmp_path: Path) -> None:
    text = "Türkiye'nin e-ticareti; ҚАЗАҚСТАН, ңü 2025 TDT’ye oʻzbek Ⅻ naïve straße 東京 𐰅𐰇𐰼𐰜 कि"
    index = SqliteIndex(tmp_path / "index.sqlite")
    index.put([Document("articles", "a", 1, {"id": "a", "title": text, "speaker_names": ["A B", "C"]}, {})])
    index.close()
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'text_articles', 'instance')")
    rows = connection.execute("SELECT term, col FROM vocabulary ORDER BY col, offset").fetchall()
    assert [term for term, column in rows if column == "title"] == words(text)
    assert [term for term, column in rows if column == "speaker_names"] == ["a", "b", "¶", "c"]
    connection.close()


@pytest.mark.parametrize(
    ("query", "matches", "sets"),
    [
        ('(zirve OR "e mail") title:a* -b', 1, 0),
        ("a b area:energy", 1, 1),
        ("a OR b OR area:energy OR c", 1, 1),
        ("-a", 1, 0),
        ("area:energy (a OR (b lang:tr))", 2, 2),
    ],
)
def test_text_alone_is_asked_for_at_once(query: str, matches: int, sets: int) -> None:
    sql = Conditions(mapping_of("articles"), Search(query=parse(query))).matching().text
    assert (sql.count("MATCH"), sql.count("FROM postings")) == (matches, sets)


def test_what_a_reader_types_is_bound_never_written_into_sql() -> None:
    search = Search(query=parse('zirve area:"x\' OR 1=1"'), filters={"source": ["y'; DROP TABLE documents"]})
    sql = Conditions(mapping_of("articles"), search).matching()
    assert not any(word in sql.text for word in ("zirve", "1=1", "DROP"))
    assert sql.text.count("?") == len(sql.values)


def test_a_replaced_document_leaves_nothing_behind(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path / "index.sqlite")
    whole = {"id": "a", "title": "Zirve", "area": ["energy", "space"], "first_seen": NOON, "published": NOON}
    for version in range(1, 4):
        index.put([Document("articles", "a", version, whole, {})])
    index.put([Document("articles", "a", 9, {"id": "a", "gone": NOON}, {})])
    index.close()
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    for table in ("postings", "dates", "text_articles"):
        count = f"SELECT count(*) FROM {table}"  # noqa: S608 - the names above
        assert connection.execute(count).fetchone() == (0,)
    connection.execute("INSERT INTO text_articles (text_articles) VALUES ('integrity-check')")
    connection.close()
