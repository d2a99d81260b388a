"""A small PDF with text in it, made by hand (ISO 32000-1: one font, no compression, letters of Windows-1252)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

_WIDTH = 88
_LINES = 50
_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """The title and the paragraphs, on as many pages as they need."""
    lines = [title, ""]
    for paragraph in paragraphs:
        lines += [*textwrap.wrap(paragraph, _WIDTH), ""]
    pages = [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, page in enumerate(pages):
        stream = _stream(page)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * index} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252', 'replace'))} >>\nstream\n{stream}\nendstream")
    return _file([one.encode("cp1252", "replace") for one in objects], title)


def _stream(lines: Iterable[str]) -> str:
    shown = "\n".join(f"({line.translate(_ESCAPES)}) '" for line in lines)
    return f"BT\n/F1 11 Tf\n14 TL\n64 790 Td\n{shown}\nET"


def _file(objects: list[bytes], title: str) -> bytes:
    """The objects with the table that says where each begins."""
    info = f"<< /Title ({title.translate(_ESCAPES)}) >>".encode("cp1252", "replace")
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate([*objects, info], start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()
