"""`make fuzz`: pages that were made wrong, through the pipeline's own code and limits.

Nothing may crash, hang, be dated after its fetch, or bear evidence that is not in its text; `invariants.py` has all
that is checked. Each page is a number; `--only SEED:NUMBER` makes it again, keeps it as a file, shows where it hangs.
"""

from __future__ import annotations

import argparse
import faulthandler
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median

from benchmarks.invariants import Seen, broken
from benchmarks.mutants import Mutant, sources
from benchmarks.mutations import MUTATIONS, mutate
from benchmarks.pagesets import ROOT
from otswatch.cli.common import out, progress, table
from otswatch.consumers.background import Snapshot, key
from otswatch.consumers.document import from_page
from otswatch.consumers.extract import PageTask, warm, work_on_page, workers
from otswatch.consumers.outcome import Failed, Quarantined
from otswatch.errors import Discard, Quarantine
from otswatch.records import Article, Discovery, Page
from otswatch.settings import Settings
from otswatch.status import Reason
from otswatch.urls import URL_RULES, page_id

#: What a page may be quarantined for. All else says that something is wrong here, not with the page.
NAMED = {Reason.NOT_HTML, Reason.UNDECODABLE, Reason.TOO_DEEP}
#: Each so manieth page is worked on twice: the same must come out.
TWICE = 10
_QUICK = 2.0
KEPT = ROOT / ".cache" / "fuzz"
_ADDRESS = "pages/0/0"
#: A page may take so many times its limit by the clock, which a busy machine uses up; by its own CPU time, only once.
PATIENCE = 3
_SLOWEST, _SHOWN = 5, 3


@dataclass(frozen=True, slots=True)
class Task:
    """A page to make and to look at, in a worker process."""

    seed: int
    number: int
    own_only: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a page: seconds are of work, memory is the most that the process had so far."""

    number: int
    source: str
    mutations: tuple[str, ...]
    outcome: str
    findings: tuple[str, ...] = ()
    seconds: float = 0.0
    size: int = 0
    memory: int = 0


# ---------------------------------------------------------------------------------------------------------- in a worker


def made(task: Task) -> Mutant:
    """The page of a task."""
    return mutate(task.seed, task.number, sources(own_only=task.own_only))


@cache
def background() -> Snapshot:
    """Some of the paragraphs that mutants are made of stand under many stories."""
    return Snapshot(1, frozenset(known for each in sources(own_only=True).paragraphs[::5] if (known := key(each))))


def as_fetched(mutant: Mutant) -> Page:
    """A page as the crawler publishes it."""
    return Page(
        id=page_id(mutant.url),
        url=mutant.url,
        url_rules=URL_RULES,
        requested_url=mutant.url,
        source="fuzz",
        http_status=200,
        headers={"content-type": mutant.content_type},
        body=Page.compress(mutant.body),
        fetched_at=mutant.fetched_at,
        first_seen=mutant.fetched_at,
        discovery=Discovery(by="feed", via="https://steppe-wire.example/rss", published=mutant.listed),
    )


def look(task: Task) -> Report:
    """Make a page, let the pipeline work on it, and check what it makes of it."""
    return examine(made(task), twice=task.number % TWICE == 0)


def examine(mutant: Mutant, *, twice: bool = False) -> Report:
    """What the pipeline makes of a page, and what is wrong with that.

    An exception is let through: the pool reports it as it would one of the pipeline's.
    """
    page = as_fetched(mutant)
    task = PageTask(page.to_json(), _ADDRESS, background())
    begin = time.process_time()
    outcome = work_on_page(task)
    seconds = time.process_time() - begin
    findings: list[str] = []
    if isinstance(outcome, Quarantined):
        word = f"quarantined: {outcome.reason}"
        findings += _unexpected(outcome.reason, outcome.detail)
    else:
        article = Article.from_json(outcome.outgoing[0].value)
        word = f"{article.status}: {article.reason}" if article.reason else article.status
        findings += _of_article(article, page, mutant.listed)
    if twice and seconds < _QUICK and work_on_page(task) != outcome:
        findings.append("pure: another result the second time")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = len(mutant.body)
    return Report(mutant.number, mutant.source, mutant.mutations, word, tuple(findings), seconds, size, memory)


def _unexpected(reason: str, detail: str) -> Iterator[str]:
    if reason not in NAMED:
        yield f"{reason}: {detail}"


def _of_article(article: Article, page: Page, listed: str | None) -> list[str]:
    try:
        document = from_page(page)
        document.tree  # noqa: B018 - parsed here or nowhere
    except (Discard, Quarantine):
        return [] if article.content is None else ["status: there is an article of a page that cannot be read"]
    return broken(Seen(article, document, listed))


# -------------------------------------------------------------------------------------------------------------- running


def run(tasks: Sequence[Task], settings: Settings, function: Callable[[Task], Report] = look) -> Iterator[Report]:
    """A report for each task, in order, under the pipeline's limits."""
    limit = settings.page_timeout
    with workers(function, settings.model_copy(update={"page_timeout": PATIENCE * limit})) as pool:
        for task, outcome in zip(tasks, pool.map(tasks), strict=True):
            if not isinstance(outcome, Report):
                yield _given_up(task, outcome)
            elif outcome.seconds > limit:
                hangs = f"hangs: {outcome.seconds:.1f} s of CPU, more than {limit:g}"
                yield replace(outcome, findings=(hangs, *outcome.findings))
            else:
                yield outcome


def _given_up(task: Task, outcome: Quarantined | Failed) -> Report:
    """For a page that took too long, killed its process, or raised something."""
    page = made(task)
    if isinstance(outcome, Quarantined):
        word, finding = f"quarantined: {outcome.reason}", f"hangs: {outcome.detail}"
    elif outcome.reason == Reason.WORKER_DIED:
        word, finding = outcome.reason, f"dies: {outcome.error}"
    else:
        word, finding = outcome.reason, f"raises: {outcome.error}"
    return Report(task.number, page.source, page.mutations, word, (finding,), size=len(page.body))


def fuzz(tasks: Sequence[Task], settings: Settings) -> list[Report]:
    """Work on all, with a bar on a terminal."""
    reports: list[Report] = []
    with progress("fuzzing") as update:
        for report in run(tasks, settings):
            reports.append(report)
            update(len(reports), len(tasks))
    return reports


def again(task: Task, seconds: float) -> Report:
    """Make a page once more, keep it, and work on it in this process; past `seconds` say where it is, and end."""
    page = made(task)
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{task.seed}-{task.number}.html"
    path.write_bytes(page.body)
    out.print(f"{path.relative_to(ROOT)}: {page.source}, then {', '.join(page.mutations)}", soft_wrap=True)
    out.print(
        f"{page.url[:200]}, fetched {page.fetched_at}, {page.content_type[:200]!r}, feed says {page.listed!r}"[:600]
    )
    warm()
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)  # past what may stand in for it
    try:
        return examine(page, twice=True)
    finally:
        faulthandler.cancel_dump_traceback_later()


# ------------------------------------------------------------------------------------------------------------- printing


def show(reports: Sequence[Report], seed: int, seconds: float) -> None:
    """Print what became of the pages, the slowest ones, and all that is wrong."""
    _show_mutations(reports)
    slowest = sorted(reports, key=lambda report: -report.seconds)[:_SLOWEST]
    rows = table("CPU s", "kB", "page", "made from", "mutations", title="The slowest", right=("CPU s", "kB"))
    for report in slowest:
        kilobytes = f"{report.size / 1000:,.0f}"
        replay = f"{seed}:{report.number}"
        rows.add_row(f"{report.seconds:.1f}", kilobytes, replay, report.source, ", ".join(report.mutations))
    out.print(rows)
    for word, count in Counter(report.outcome for report in reports).most_common():
        out.print(f"{count:>7,}  {word}")
    memory = max(report.memory for report in reports) / 2**20
    middle = median(report.seconds for report in reports)
    out.print(f"\n{len(reports):,} pages, seed {seed}, {seconds:,.0f} s; CPU a page: median {1000 * middle:.0f} ms")
    out.print(f"no worker process had more than {memory:,.0f} MiB")
    _show_findings(reports, seed)


def _show_mutations(reports: Sequence[Report]) -> None:
    columns = ("pages", "ok", "discarded", "quarantined", "wrong", "most CPU s")
    rows = table("mutation", *columns, title="Pages, by each of their mutations", right=columns)
    for mutation in MUTATIONS:
        mine = [report for report in reports if mutation.name in report.mutations]
        words = Counter(report.outcome.partition(":")[0] for report in mine)
        wrong = sum(bool(report.findings) for report in mine)
        counts = (len(mine), words["ok"], words["discarded"], words["quarantined"], wrong)
        slowest = max((report.seconds for report in mine), default=0.0)
        rows.add_row(mutation.name, *map(str, counts), f"{slowest:.1f}")
    out.print(rows)


def _show_findings(reports: Sequence[Report], seed: int) -> None:
    kinds: dict[str, list[tuple[Report, str]]] = defaultdict(list)
    for report in reports:
        for finding in report.findings:
            kinds[_kind(finding)].append((report, finding))
    wrong = sum(bool(report.findings) for report in reports)
    out.print(f"{wrong} pages with findings" + (":" if wrong else ""))
    for found in sorted(kinds.values(), key=len, reverse=True):
        out.print(f"\n{len(found)} × {found[0][1]}", soft_wrap=True)
        for report, finding in found[:_SHOWN]:
            out.print(f"    --only {seed}:{report.number}  {finding[:300]}", soft_wrap=True)


def _kind(finding: str) -> str:
    """Findings that differ in numbers and words alone are of one kind."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "…", finding.partition("(")[0])[:60]


def main() -> None:
    """Run, print, and exit with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description="Let the pipeline meet broken pages."
    )
    parser.add_argument("--pages", type=int, default=10_000, metavar="N", help="how many (10,000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other pages (1)")
    parser.add_argument("--own", action="store_true", help="make them from the project's own pages alone")
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one page again, here, and keep it in .cache/fuzz")
    args = parser.parse_args()
    settings = Settings.load()
    begin = time.monotonic()
    if args.only:
        seed, number = map(int, args.only.split(":"))
        reports = [again(Task(seed, number, args.own), PATIENCE * settings.page_timeout)]
        out.print(f"{reports[0].outcome}, {reports[0].seconds:.1f} s")
        _show_findings(reports, seed)
    else:
        reports = fuzz([Task(args.seed, number, args.own) for number in range(args.pages)], settings)
        show(reports, args.seed, time.monotonic() - begin)
    sys.exit(any(report.findings for report in reports))


if __name__ == "__main__":
    main()
