"""Write sentences.jsonl from source/*.txt: pairs of "@ relevance | areas | bodies | traps" and a line of text."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk")


def fields(cell: str) -> list[str]:
    """The comma-separated words of a header cell; a dash is none."""
    return [word.strip() for word in cell.split(",") if word.strip() not in ("", "-")]


def script_of(text: str) -> str:
    """Cyrl if most letters are Cyrillic, else Latn."""
    letters = [char for char in text if char.isalpha()]
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in letters)
    return "Cyrl" if 2 * cyrillic > len(letters) else "Latn"


def read(language: str) -> list[dict[str, Any]]:
    """The records of one language, numbered in the order of its file."""
    source = (HERE / "source" / f"{language}.txt").read_text(encoding="utf-8")
    records = []
    for number, block in enumerate(source.split("\n@ "), start=1):
        header, text = block.removeprefix("@ ").strip().split("\n")
        relevance, areas, bodies, traps = (cell.strip() for cell in header.split("|"))
        records.append(
            {
                "id": f"{language}-{number:02d}",
                "language": language,
                "script": script_of(text),
                "text": text.strip(),
                "bodies": fields(bodies),
                "relevance": relevance,
                "areas": fields(areas),
                "traps": fields(traps),
            }
        )
    return records


def main() -> None:
    """Build the file."""
    records = [record for language in LANGUAGES for record in read(language)]
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    (HERE / "sentences.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{len(records)} sentences written")


if __name__ == "__main__":
    main()
