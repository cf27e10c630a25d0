"""Signing keys: made once, kept from others, rolled over so that what the old one signed still holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dancu.lib import signing
from dancu.store import key_files, keyring
from dancu.store.errors import StoreError

T0 = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ONE = "import sys; from dancu.store import keyring; print(keyring.current('ledger').kid)"


def check(home: Path, kid: str, signature: bytes, data: bytes) -> bool:
    """As a partner does it: the key of that kid from the public record, nothing else."""
    (key,) = [key for key in keyring.public("ledger", home=home) if key.kid == kid]
    return signing.holds(key.jwk, signature, data)


def test_of_several_processes_that_start_at_once_one_makes_the_key(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", ONE], stdout=subprocess.PIPE, text=True,
            env={"DANCU_HOME": str(tmp_path), "PATH": ""},
        )
        for _ in range(4)
    ]  # fmt: skip
    kids = {process.communicate()[0].strip() for process in started}
    assert kids == {keyring.current("ledger", home=tmp_path).kid}
    assert len(keyring.public("ledger", home=tmp_path)) == 1


def test_only_its_owner_reads_a_key(tmp_path: Path) -> None:
    kid = keyring.current("answer", home=tmp_path).kid
    folder = tmp_path / "var/keys"
    modes = {
        path.relative_to(folder / "private").as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (folder / "private").rglob("*")
    }
    assert modes == {"answer": 0o700, "answer/.lock": 0o600, f"answer/{kid}.pem": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"PRIVATE" not in (folder / "public/answer.json").read_bytes()
    assert "private" not in repr(keyring.current("answer", home=tmp_path)).lower()


def test_what_an_old_key_signed_holds_after_two_rotations(tmp_path: Path) -> None:
    signed = []
    for number in range(3):
        key = keyring.current("ledger", home=tmp_path)
        signed.append((key.kid, key.sign(b"head %d" % number), b"head %d" % number))
        keyring.rotate("ledger", at=T0 + number * DAY, home=tmp_path)
    assert len({kid for kid, _, _ in signed}) == 3
    assert all(check(tmp_path, *proof) for proof in signed)
    assert not check(tmp_path, signed[0][0], signed[1][1], signed[1][2])
    assert keyring.unendorsed("ledger", home=tmp_path) == []


def test_only_the_key_in_force_can_still_sign(tmp_path: Path) -> None:
    keyring.current("ledger", home=tmp_path)
    kid = keyring.rotate("ledger", at=T0, home=tmp_path).kid
    assert [p.stem for p in (tmp_path / "var/keys/private/ledger").glob("*.pem")] == [kid]


def test_each_key_tells_when_it_was_in_force(tmp_path: Path) -> None:
    keyring.current("ledger", home=tmp_path)
    keyring.rotate("ledger", at=T0, home=tmp_path)
    old, new = keyring.public("ledger", home=tmp_path)
    assert old.was_in_force(T0 - DAY) and not old.was_in_force(T0 + DAY)
    assert new.was_in_force(T0 + DAY) and not new.was_in_force(T0 - DAY)


def test_a_key_slipped_into_the_public_record_is_named(tmp_path: Path) -> None:
    keyring.current("ledger", home=tmp_path)
    keyring.rotate("ledger", at=T0, home=tmp_path)
    path = tmp_path / "var/keys/public/ledger.json"
    record = json.loads(path.read_text())
    forged = signing.jwk(signing.new().public_key())
    record["keys"][1] |= {"jwk": forged, "kid": forged["kid"]}
    path.write_text(json.dumps(record))
    assert keyring.unendorsed("ledger", home=tmp_path) == [forged["kid"]]
    with pytest.raises(StoreError, match="private key for ledger is gone"):
        keyring.current("ledger", home=tmp_path)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_rotation_cut_short_leaves_a_key_that_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Steps: 1 the new private key, 2 the record, 3 the old private key goes."""
    before = keyring.current("ledger", home=tmp_path)
    done: list[str] = []

    def cut(path: Path, data: bytes, mode: int = 0o600) -> None:
        done.append(path.name)
        if len(done) == step:
            raise KeyboardInterrupt
        whole(path, data, mode)

    def no_unlink(path: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        whole = key_files.write
        patched.setattr(key_files, "write", cut)
        patched.setattr(Path, "unlink", no_unlink)
        with pytest.raises(KeyboardInterrupt):
            keyring.rotate("ledger", at=T0, home=tmp_path)
    now = keyring.current("ledger", home=tmp_path)
    assert (now.kid == before.kid) is (step < 3)
    assert check(tmp_path, now.kid, now.sign(b"x"), b"x")
    last = keyring.rotate("ledger", at=T0 + DAY, home=tmp_path)
    assert keyring.unendorsed("ledger", home=tmp_path) == []
    assert [p.stem for p in (tmp_path / "var/keys/private/ledger").glob("*.pem")] == [last.kid]


@pytest.mark.parametrize("why", [keyring.LOST, keyring.STOLEN])
def test_for_a_lost_or_stolen_key_nobody_speaks(tmp_path: Path, why: str) -> None:
    old = keyring.current("ledger", home=tmp_path)
    proof = (old.kid, old.sign(b"x"), b"x")
    for path in (tmp_path / "var/keys/private/ledger").glob("*.pem"):
        path.unlink()
    (
        tmp_path / "var/keys/public/ledger.json"
    ).touch()  # a process that starts anew has nothing in memory
    with pytest.raises(StoreError, match="--lost"):
        keyring.rotate("ledger", at=T0, home=tmp_path)
    new = keyring.rotate("ledger", at=T0, why=why, home=tmp_path)
    assert keyring.unendorsed("ledger", home=tmp_path) == [new.kid]
    assert keyring.public("ledger", home=tmp_path)[0].why == why
    assert check(tmp_path, *proof)


def test_under_a_passphrase_the_file_alone_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words"
    words.write_text("chín con trâu trên đồi\n")
    monkeypatch.setenv("DANCU_KEYS_PASSPHRASE_FILE", str(words))
    home = tmp_path / "home"
    kid = keyring.current("answer", home=home).kid
    assert b"ENCRYPTED" in (home / f"var/keys/private/answer/{kid}.pem").read_bytes()
    for wrong in ("con khác", ""):
        words.write_text(wrong)
        (home / "var/keys/public/answer.json").touch()
        with pytest.raises(StoreError, match="does not open") as told:
            keyring.current("answer", home=home)
        assert "trâu" not in str(told.value)
    monkeypatch.delenv("DANCU_KEYS_PASSPHRASE_FILE")
    (tmp_path / "dancu-keys").write_text("chín con trâu trên đồi")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert keyring.current("answer", home=home).kid == kid


def test_a_running_process_sees_the_rotation_of_another(tmp_path: Path) -> None:
    before = keyring.current("ledger", home=tmp_path)
    told = (
        "import datetime as dt, sys; from dancu.store import keyring;"
        "keyring.rotate('ledger', at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))"
    )
    subprocess.run(
        [sys.executable, "-c", told], check=True, env={"DANCU_HOME": str(tmp_path), "PATH": ""}
    )
    assert keyring.current("ledger", home=tmp_path).kid != before.kid


def test_keys_go_into_a_backup_and_come_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    key = keyring.current("ledger", home=old)
    keyring.unpack(keyring.pack(home=old), home=new)
    (new / "var/keys/public/ledger.json").write_bytes(
        (old / "var/keys/public/ledger.json").read_bytes()
    )
    assert keyring.current("ledger", home=new).sign(b"x") == key.sign(b"x")
    with pytest.raises(StoreError, match="odd key name"):
        keyring.unpack({"ledger/../../../x.pem": "x"}, home=new)


def test_a_thumbprint_that_is_not_the_keys_is_refused() -> None:
    shown = signing.jwk(signing.new().public_key())
    other = signing.jwk(signing.new().public_key())
    assert not signing.holds(shown | {"kid": other["kid"]}, b"", b"")
    with pytest.raises(ValueError, match="thumbprint"):
        signing.public_of(shown | {"kid": other["kid"]})
    with pytest.raises(dataclasses.FrozenInstanceError):
        keyring.PublicKey("k", shown, T0).kid = "other"  # type: ignore[misc]
