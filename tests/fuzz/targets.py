"""What the fuzzer throws bytes at: each reader of what strangers send. Only the errors it may raise are let through.

    python tests/fuzz/targets.py card_qr=200000

The corpus in `tests/fuzz/corpus/<target>` is where each run begins; what is found is kept by adding its input there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 1500


def card_qr(data: bytes) -> None:
    """The QR text of a card: refused with a reason, or a standard form that reads as itself."""
    from dancu.formats import card_qr as form

    _form(form, data.decode("utf-8", "replace"))


def card_mrz(data: bytes) -> None:
    """The machine-readable lines of a card."""
    from dancu.formats import card_mrz as form

    _form(form, data.decode("utf-8", "replace"))


def _form(form: object, text: str) -> None:
    from dancu.formats.errors import FormatError

    try:
        standard = form.validate(text)  # type: ignore[attr-defined]
    except FormatError:
        form.is_valid(text)  # type: ignore[attr-defined]
        return
    if form.validate(standard) != standard:  # type: ignore[attr-defined]
        raise AssertionError("the standard form is not its own standard form")
    form.parse(standard)  # type: ignore[attr-defined]


def jws(data: bytes) -> None:
    """A partner's assertion: nobody signs one by chance, and nothing but `Rejected` comes out."""
    from dancu.lib import signing
    from dancu.platform.partners import tokens
    from dancu.platform.partners.models import Partner

    if not _PARTNER:
        keys = {"keys": [signing.jwk(signing.new().public_key())]}
        _PARTNER.append(Partner(client_id="x", jwks=keys))
    text = data.decode("utf-8", "replace")
    for read in (tokens._claimed_issuer, lambda t: tokens._verified(t, _PARTNER[0])):
        try:
            told = read(text)
        except tokens.Rejected:
            continue
        if not isinstance(told, str):
            raise AssertionError("an assertion that nobody signed was taken")


_PARTNER: list[object] = []


def cloudevent(data: bytes) -> None:
    """A body of the events API in each media type: events and problems, or `Unreadable`."""
    from dancu.platform.events import cloudevents

    head, _, body = data.partition(b"\n")
    headers = {
        "ce-type": head.decode("latin-1"),
        "ce-id": "1",
        "ce-source": "/x",
        "ce-time": head.decode("latin-1"),
    }
    for media in (cloudevents.STRUCTURED, cloudevents.BATCH, cloudevents.PLAIN):
        try:
            events = cloudevents.parse(body, media, headers)
        except cloudevents.Unreadable:
            continue
        for event in events or []:
            sent, wrong = cloudevents.read(event)
            if sent is None and not wrong:
                raise AssertionError("refused without saying why")


def question(data: bytes) -> None:
    """A question of the verification API."""
    from dancu.platform.lookup import reading
    from dancu.platform.lookup.problems import Refusal

    try:
        reading.question(
            data, fields={"x": frozenset({"full_name", "birth_date"})}, test_people=True
        )
    except Refusal:
        return


def signs(data: bytes) -> None:
    """Any body that goes out passes the counter at the edge; cut anywhere, it sees the same."""
    from dancu.platform.completeness.signs import Seen

    whole, cut = Seen(), Seen()
    whole.look(data)
    for at in range(0, len(data), 37):
        cut.look(data[at : at + 37])
    if whole.persons - cut.persons or whole.receipts - cut.receipts:
        raise AssertionError("a sign was cut in two and lost")


TARGETS: dict[str, Callable[[bytes], None]] = {
    f.__name__: f for f in (card_qr, card_mrz, jws, cloudevent, question, signs)
}


_READERS = ["dancu.formats", "dancu.lib", "dancu.platform.events", "dancu.platform.lookup", "dancu.platform.partners",
            "dancu.platform.completeness", "joserfc"]  # fmt: skip
"""Watched for new ways through them."""


def main() -> None:
    """Throw; prints a line of figures a target; leaves with what libFuzzer leaves with when something is found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("given", nargs="+", metavar="TARGET=RUNS", help=f"of {', '.join(TARGETS)}")
    parts = [one.partition("=") for one in asked.parse_args().given]
    if wrong := [
        target for target, _, runs in parts if target not in TARGETS or not runs.isdecimal()
    ]:
        asked.error(f"not TARGET=RUNS: {', '.join(wrong)}")
    given = [(target, int(runs)) for target, _, runs in parts]
    import atheris
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.site.settings")
    os.environ["DANCU_DATABASE"] = "none"
    with atheris.instrument_imports(include=_READERS):
        if not all(target.startswith("card_") for target, _ in given):
            django.setup()
        for target, _ in given:
            TARGETS[target](b"")
    # libFuzzer ends its process: each target in one of its own, and what takes long, the imports, once.
    for target, runs in given:
        if not (child := os.fork()):
            _throw(target, runs)
        if left := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            sys.exit(abs(left))


def _throw(target: str, runs: int) -> NoReturn:
    import atheris

    began, done = time.monotonic(), 0

    def one(data: bytes) -> None:
        nonlocal done
        TARGETS[target](data)
        done += 1
        if done == runs:
            seconds = time.monotonic() - began
            told = {"target": target, "runs": done, "seconds": round(seconds, 1)}
            print(json.dumps(told | {"a_second": round(done / seconds)}), flush=True)

    # The first folder takes what is new: the kept corpus stays as it is in the repository.
    new = tempfile.mkdtemp(prefix="new-", dir=os.environ.get("DANCU_FUZZ_FOUND"))
    atheris.Setup(
        [sys.argv[0], f"-runs={runs}", "-seed=7", f"-max_len={LONGEST}", "-timeout=5", "-verbosity=0",
         f"-artifact_prefix={os.environ.get('DANCU_FUZZ_FOUND', '/tmp')}/fuzz-", new, str(CORPUS / target)],
        one,
    )  # fmt: skip
    atheris.Fuzz()
    raise AssertionError("libFuzzer ends its process")


if __name__ == "__main__":
    main()
