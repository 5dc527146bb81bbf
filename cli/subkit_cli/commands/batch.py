"""``subkit batch``: many titles, planned, run, watched and tried again."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch import (
    BatchLedger,
    CatalogueReport,
    LocalOptions,
    PostgresLedger,
    RayOptions,
    TitleJob,
    batch_folder,
    metrics_text,
    page_of_catalogue,
    plan_batch,
    read_source,
    rows_as_they_are,
    run_local,
    run_ray,
    title_tracks,
)
from subkit.compliance.signoff import Gate, read_gate
from subkit.errors import BatchError, InputError, PlanError, SubkitError
from subkit.store import publish
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.batch_report import plan_json, print_plan, print_status, status_json
from subkit_cli.exits import DONE, PARTLY
from subkit_cli.run_settings import (
    DISCLOSURE_KEYS,
    MODEL_KEYS,
    RECOGNITION_KEYS,
    STYLE_KEYS,
    TRANSLATION_KEYS,
    options_from,
    settings_from,
    undisclosed_by,
)
from subkit_cli.setting_values import RefusedValue, at_least_one, number_between
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from subkit.batch import BatchPlan, Listing

__all__ = ["add_arguments", "run"]

_GIB = 1 << 30

_ACTIONS = {
    "plan": "check every title of a manifest or folder, and say what will fail, before any work",
    "run": "run the titles of a manifest or folder; the same command goes on where it stopped",
    "status": "say how far a batch is, and what failed",
    "report": "write a page: throughput, failures, what people should look at first, approvals",
    "retry": "put titles in quarantine back among those that wait",
    "pause": "begin no more titles until resume",
    "resume": "begin titles again after pause or drain",
    "drain": "let runners end when their titles are done",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit batch``."""
    for name, action in add_actions(parser, _ACTIONS):
        if name in {"plan", "run"}:
            _add_work(action, runs=name == "run")
            continue
        action.add_argument("folder", type=Path, metavar="DIR", help="output folder of the batch")
        _add_ledger(action)
        if name == "status":
            action.add_argument(
                "--metrics", type=Path, metavar="FILE",
                help="file to write for Prometheus, replaced if it is there (FILE.prom)",
            )  # fmt: skip
        if name == "report":
            action.add_argument(
                "-o", "--output", type=Path, metavar="FILE",
                help="page to write (default: DIR/batch.html, replaced if it is there)",
            )  # fmt: skip
            action.add_argument(
                "--gate", type=Path, metavar="FILE", help="requirements to report on, TOML"
            )
            add_settings(action, ("overwrite", *STYLE_KEYS))
        if name == "retry":
            action.add_argument(
                "ids", nargs="*", metavar="TITLE", help="ids of titles (default: all in quarantine)"
            )


def _add_ledger(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--ledger",
        metavar="URL",
        default=os.environ.get("SUBKIT_LEDGER"),
        help="postgresql://HOST/DATABASE with the ledger (default: $SUBKIT_LEDGER, else a file "
        "in the output folder)",
    )


def _add_work(action: argparse.ArgumentParser, *, runs: bool) -> None:
    action.add_argument(
        "source",
        metavar="MANIFEST|FOLDER|GLOB",
        help="CSV or JSON lines (docs/batch.md), a folder with those in it, or a pattern of names",
    )
    action.add_argument(
        "--names",
        default="{id}.{language}",
        metavar="TEMPLATE",
        help="names of the subtitle files below the output folder, of {id}, {stem}, {language} and "
        "{purpose} (default: {id}.{language})",
    )
    action.add_argument(
        "--probes", default="8", metavar="N", help="media files read at the same time (default: 8)"
    )
    _add_ledger(action)
    if runs:
        action.add_argument(
            "--engine",
            choices=("local", "ray"),
            default="local",
            help="where titles are done: on this machine, or on a Ray cluster (default: local)",
        )
        action.add_argument(
            "--scratch",
            type=Path,
            metavar="DIR",
            help="folder on a disk of this machine for titles in work (default: in DIR)",
        )
        for flag, metavar, what in (
            ("workers", "N", "titles at the same time, each in its own process (default: 1)"),
            ("address", "ADDRESS", "Ray cluster (default: one is started on this machine)"),
            ("cpus", "N", "cores that a worker takes of a node of the Ray cluster (default: 1)"),
            ("gpus", "N", "GPUs that it takes, or a fraction (default: 0)"),
            ("max-memory", "GIB", "memory that a title may take, 0 for no limit (default: 0)"),
            ("max-time", "FACTOR", "times its duration that a title may take (default: 20)"),
            ("min-free", "GIB", "disk that must be free to begin a title (default: 1)"),
        ):  # fmt: skip
            action.add_argument(f"--{flag}", metavar=metavar, help=what)
    results = ("to", "output_dir", "output_format", "overwrite", "strict", *DISCLOSURE_KEYS)
    translation = (key for key in TRANSLATION_KEYS if key != "to")
    keys = (*results, *RECOGNITION_KEYS, *translation, *STYLE_KEYS)
    add_settings(
        action, (*keys, "shots", "speakers", "speaker_count", "encoding", "rules", *MODEL_KEYS)
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what the action says.

    Raises:
        PlanError: an argument cannot be used.
        BatchError: some titles are in quarantine, or cannot be begun.
    """
    if arguments.action in {"plan", "run"}:
        return _work(arguments)
    with _ledger(arguments.folder, arguments.ledger) as ledger:
        if arguments.action == "retry":
            again = ledger.retry(arguments.ids)
            _tell(arguments, {"retried": again}, f"{len(again)} titles wait again.")
        elif arguments.action == "report":
            return _report(arguments, ledger)
        elif arguments.action == "status":
            if arguments.metrics is not None:
                publish(arguments.metrics, metrics_text(ledger).encode("utf-8"), overwrite=True)
            folder = arguments.folder.absolute()
            if arguments.json:
                console.print_json(status_json(ledger, folder))
            elif print_status(ledger, folder, quiet=arguments.quiet):
                return PARTLY
        else:
            mode = {"pause": "pause", "resume": "run", "drain": "drain"}[arguments.action]
            ledger.set_mode(mode)
            _tell(arguments, {"mode": mode}, f"The batch is set to {mode}.")
    return DONE


def _report(arguments: argparse.Namespace, ledger: BatchLedger) -> int:
    folder = arguments.folder.absolute()
    style = options_from(settings_from(arguments)).style
    gate = read_gate(arguments.gate) if arguments.gate else Gate()
    rows = list(rows_as_they_are(ledger.rows(), folder))
    done = [row for row in rows if row["state"] == "done"]
    tracks = {}
    with console.progress(arguments, set()) as progress:
        progress.begin("read", len(done), "titles")
        for count, row in enumerate(done, 1):
            tracks[row["id"]] = title_tracks(folder, row, style, gate)
            progress.advance("read", count)
        progress.end("read")
    report = CatalogueReport(
        name=folder.name,
        rows=rows,
        stages=ledger.stages(),
        tracks=tracks,
        version=version("subkit"),
    )
    path = arguments.output or folder / "batch.html"
    replaces = arguments.output is None or settings_from(arguments).get("overwrite", False)
    publish(path, page_of_catalogue(report).encode("utf-8"), overwrite=replaces)
    lost = [row["id"] for row in rows if row["state"] == "lost"]
    _tell(arguments, {"file": str(path), "lost": lost}, str(path))
    for row in rows if lost and not arguments.json else ():
        if row["state"] == "lost":
            console.warn(f"{row['id']}: {row['failure']['message']}")
    return PARTLY if lost else DONE


def _ledger(folder: Path, url: str | None) -> BatchLedger:
    if url:
        return PostgresLedger(url)
    path = batch_folder(folder) / "ledger.sqlite"
    if not path.exists():
        raise InputError(
            f"{str(folder)!r} is not the output folder of a batch.",
            remedy="Begin one: subkit batch run MANIFEST -o DIR.",
        )
    return BatchLedger(path)


def _opened(folder: Path, url: str | None) -> BatchLedger:
    """The ledger of a batch, made if it is not there."""
    if url:
        return PostgresLedger(url, create=True)
    batch_folder(folder).mkdir(parents=True, exist_ok=True)
    return BatchLedger(batch_folder(folder) / "ledger.sqlite", create=True)


def _tell(arguments: argparse.Namespace, facts: dict[str, Any], sentence: str) -> None:
    if arguments.json:
        console.print_json(facts)
    elif not arguments.quiet:
        console.print_line(sentence)


def _work(arguments: argparse.Namespace) -> int:
    settings = settings_from(arguments)
    folder: Path | None = settings.get("output_dir")
    if folder is None:
        raise PlanError("A batch needs an output folder.", remedy="Name one with -o DIR.")
    folder = folder.absolute()
    runs = arguments.action == "run"
    local = _local_options(arguments) if runs else LocalOptions()
    cluster = _cluster(arguments) if runs else None
    listing = read_source(arguments.source, skip=folder)
    base = TitleJob(
        id="",
        media=Path(),
        options=options_from(settings),
        formats=settings.get("output_format", ("srt",)),
        names=arguments.names,
        overwrite=settings.get("overwrite", False),
        undisclosed_by=undisclosed_by(settings),
        strict=settings.get("strict", False),
    )
    known = {}
    path = batch_folder(folder) / "ledger.sqlite"
    if arguments.ledger or (path.exists() and path.stat().st_size):  # a full disk leaves it empty
        with _opened(folder, arguments.ledger) as ledger:
            known = {title: facts for title, (_, facts) in ledger.known().items()}
    probes = _number(arguments, "probes", at_least_one, 8)
    with console.progress(arguments, set()) as progress:
        plan = plan_batch(listing, base, folder, known=known, probes=probes, progress=progress)
    if arguments.action == "plan":
        if arguments.json:
            console.print_json(plan_json(plan))
        else:
            print_plan(plan, workers=1, quiet=arguments.quiet)
        return PARTLY if plan.problems else DONE
    return _run(arguments, plan, listing, base, folder=folder, local=local, cluster=cluster)


def _local_options(arguments: argparse.Namespace) -> LocalOptions:
    usual = LocalOptions()
    size = number_between(0, 1 << 20)
    return LocalOptions(
        workers=_number(arguments, "workers", at_least_one, usual.workers),
        scratch=arguments.scratch.absolute() if arguments.scratch else None,
        max_memory=round(_number(arguments, "max_memory", size, 0) * _GIB),
        max_time=_number(arguments, "max_time", number_between(0, 1e6), usual.max_time),
        min_free=round(_number(arguments, "min_free", size, usual.min_free / _GIB) * _GIB),
    )


def _cluster(arguments: argparse.Namespace) -> RayOptions | None:
    """Where the workers are placed; ``None`` is this machine without a cluster."""
    if arguments.engine == "local":
        given = [name for name in ("address", "cpus", "gpus") if getattr(arguments, name)]
        if given:
            raise PlanError(f"--{given[0]} is for a cluster.", remedy="Add --engine ray.")
        return None
    share = number_between(0, 4096)
    return RayOptions(
        address=arguments.address or "",
        cpus=_number(arguments, "cpus", share, 1.0),
        gpus=_number(arguments, "gpus", share, 0.0),
    )


def _number(
    arguments: argparse.Namespace, name: str, parse: Callable[[Any], Any], usual: float
) -> Any:
    given = getattr(arguments, name)
    if given is None:
        return usual
    try:
        return parse(given)
    except RefusedValue as error:
        flag = f"--{name.replace('_', '-')}"
        raise PlanError(f"{given!r} is not a value for {flag}: it takes {error}.") from None


def _run(
    arguments: argparse.Namespace,
    plan: BatchPlan,
    listing: Listing,
    base: TitleJob,
    *,
    folder: Path,
    local: LocalOptions,
    cluster: RayOptions | None,
) -> int:
    for problem in plan.problems:
        _warn_problem(problem.titles, f"{problem.message} {problem.remedy}".strip())
    for note in plan.notes:
        console.warn(note)
    with _opened(folder, arguments.ledger) as ledger:
        ledger.add((title.job, title.facts) for title in plan.titles)
        ledger.refuse(_refused(plan, listing, base))
        lost = [r for r in rows_as_they_are(ledger.rows(), folder) if r["state"] == "lost"]
        for row in lost:
            _warn_problem((row["id"],), f"{row['failure']['message']} It is made again.")
        ledger.reopen([row["id"] for row in lost])
        ledger.set_mode("run")
        with console.progress(arguments, set()) as progress:
            if cluster is None:
                run_local(ledger, folder, local, progress=progress)
            else:
                run_ray(ledger, folder, local, cluster, progress=progress)
        failed = [row for row in ledger.rows() if row["state"] == "quarantined"]
        total = sum(ledger.counts().values())
        if arguments.json:
            facts = status_json(ledger, folder)
            console.print_json({**facts, "problems": plan_json(plan)["problems"]})
            return PARTLY if failed or plan.problems else DONE
        print_status(ledger, folder, quiet=arguments.quiet)
    if failed or plan.problems:
        broken = {name: p.message for p in plan.problems for name in p.titles}
        broken |= {row["id"]: row["failure"]["message"] for row in failed}
        raise BatchError(
            f"{len(broken)} of {total} titles failed.",
            remedy=f"subkit batch report {folder} shows why; subkit batch retry tries again.",
            failures={name: SubkitError(message) for name, message in broken.items()},
        )
    return DONE


def _refused(
    plan: BatchPlan, listing: Listing, base: TitleJob
) -> Iterator[tuple[TitleJob, dict[str, str]]]:
    """What cannot be begun, and why."""
    entries = {**{entry.id: entry for entry in listing.entries}, **plan.refused}
    begun = {title.job.id for title in plan.titles}
    for problem in plan.problems:
        told = {"kind": problem.kind, "message": problem.message, "remedy": problem.remedy}
        for name in problem.titles:
            if name not in begun:
                yield replace(base, id=name, media=entries[name].media), told


def _warn_problem(titles: tuple[str, ...], sentence: str) -> None:
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    console.warn(f"{', '.join(titles[:3])}{more}: {sentence}")
