"""Writes the files that Kibana imports, judges such files, and draws what they ask for.

python -m otswatch.kibana write [FOLDER]     make them anew, in deploy/kibana where none is named
python -m otswatch.kibana verify [FOLDER]    without a server: form, grid, references, versions
python -m otswatch.kibana verify [FOLDER] --index URL    with it: every panel, list, menu, filter and rule is asked
python -m otswatch.kibana draw [FOLDER] --index URL > page.html    the answers, as a page to look at
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from otswatch import elastic
from otswatch.kibana.bundle import bundle, write
from otswatch.kibana.drawing import draw
from otswatch.kibana.verify import Finding, Server, verify, verify_files
from otswatch.kibana.verify.files import texts_of


def main() -> int:
    """Exit code 1 where something is wrong with the files."""
    parser = argparse.ArgumentParser(prog="python -m otswatch.kibana", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("write", "verify", "draw"))
    parser.add_argument("folder", nargs="?", type=Path, default=Path("deploy/kibana"))
    parser.add_argument("--namespace", default="", help="OTSWATCH_NAMESPACE, where several share a cluster")
    parser.add_argument("--index", metavar="URL", help="the Elasticsearch that the files are for")
    asked = parser.parse_args()
    if asked.what == "write":
        write(asked.folder, bundle(asked.namespace))
        return 0
    if asked.what == "draw":
        if asked.index is None:
            parser.error("draw needs --index URL: there is nothing to be seen without it")
        with elastic.connect(asked.index) as client, elastic.translated(client):
            sys.stdout.write(draw(texts_of(asked.folder), Server(client)))
        return 0
    findings = _findings(asked.folder, asked.index)
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    sys.stdout.write(f"{len(findings)} findings in {asked.folder}\n")
    return 1 if findings else 0


def _findings(folder: Path, url: str | None) -> list[Finding]:
    texts = texts_of(folder)
    if url is None:
        return verify_files(texts)
    with elastic.connect(url) as client, elastic.translated(client):
        return verify(texts, Server(client))


if __name__ == "__main__":
    sys.exit(main())
