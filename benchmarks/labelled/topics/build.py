"""Write a set's texts.jsonl from its source/*.txt: blocks of "@ relevance | areas | kind | traps", a title, paragraphs.

Usage: build.py [FOLDER]; without a folder, the set beside this file.
"""

import json
import sys
from pathlib import Path

import yaml

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


def read(folder: Path, language: str, mark: str) -> list[dict]:
    """The records of one language, numbered in the order of its file."""
    source = (folder / "source" / f"{language}.txt").read_text(encoding="utf-8")
    records = []
    for number, block in enumerate(source.split("\n@ "), start=1):
        header, title, *paragraphs = block.removeprefix("@ ").strip().split("\n")
        relevance, areas, kind, traps = (cell.strip() for cell in header.split("|"))
        text = "\n\n".join(line.strip() for line in paragraphs if line.strip())
        records.append(
            {
                "id": f"{language}-{mark}{number:02d}",
                "language": language,
                "script": script_of(text),
                "title": title.strip(),
                "text": text,
                "relevance": relevance,
                "areas": fields(areas),
                "kind": kind,
                "traps": fields(traps),
            }
        )
    return records


def main(folder: Path) -> None:
    """Build the file."""
    mark = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))["id_mark"]
    records = [record for language in LANGUAGES for record in read(folder, language, mark)]
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    (folder / "texts.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{len(records)} texts written")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
