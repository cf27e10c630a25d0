"""What an office is given to run: units, compose file, proxy, and an installation without a network."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("dancu-*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
HARD = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "UMask": "0077", "User": "dancu",
}  # fmt: skip


def unit(path: Path) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(path, encoding="utf-8")
    return parsed


def words(line: str) -> list[str]:
    """The verb and options of a command of ours."""
    return line.split("/bin/dancu ", 1)[1].split()


def known(command: list[str]) -> None:
    """The verb is there and takes the options."""
    from dancu.cli import main

    verb: Any = main.commands[command[0]]
    options = {name for parameter in verb.params for name in parameter.opts}
    assert {word for word in command[1:] if word.startswith("--")} <= options


def test_the_units_of_web_worker_and_nightly_backup_are_there() -> None:
    assert [path.name for path in UNITS] == [
        "dancu-backup.service", "dancu-backup.timer", "dancu-web.service", "dancu-worker.service",
    ]  # fmt: skip


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_can_write_and_become_nothing_else(path: Path) -> None:
    service = dict(unit(path)["Service"])
    assert HARD.items() <= service.items()
    assert re.fullmatch(r"\d+G", service["MemoryMax"])
    known(words(service["ExecStart"]))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/dancu/venv/bin/dancu", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stderr == ""


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(
        (ROOT / "deploy/compose/compose.yml").read_text(encoding="utf-8")
    )
    return read


def test_only_the_proxy_is_reached_from_outside_and_nobody_has_power() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "web", "worker", "tls"}
    assert [name for name, it in services.items() if it.get("ports")] == ["tls"]
    assert compose()["networks"]["inside"] == {"internal": True}
    for name, it in services.items():
        assert it["security_opt"] == ["no-new-privileges:true"] and it["mem_limit"], name
        assert not it.get("privileged")
    for name in ("web", "worker"):
        it = services[name]
        assert it["read_only"] and it["cap_drop"] == ["ALL"] and it["networks"] == ["inside"]
        known([str(word) for word in it["command"]])


def test_every_secret_and_volume_that_is_used_is_declared() -> None:
    whole = compose()
    for name, it in whole["services"].items():
        assert set(it.get("secrets", ())) <= set(whole["secrets"]), name
        for volume in it.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and not source.startswith("./secrets/"):
                assert (ROOT / "deploy/compose" / source).is_file()
            else:
                assert source in whole["volumes"]
        assert set(it.get("depends_on", ())) <= set(whole["services"])


@pytest.mark.skipif(
    subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0
    if shutil.which("docker") else True,
    reason="docker compose is not here",
)  # fmt: skip
def test_docker_reads_the_compose_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy/compose", tmp_path / "compose")
    done = subprocess.run(
        ["docker", "compose", "config", "-q"], cwd=tmp_path / "compose", capture_output=True
    )
    assert done.returncode == 0, done.stderr


def proxy() -> str:
    return (ROOT / "deploy/compose/nginx.conf").read_text(encoding="utf-8")


def test_the_proxy_hides_figures_logs_no_address_and_limits_what_is_sent() -> None:
    text = proxy()
    assert "location = /metrics { return 404; }" in text and "access_log off;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text, (
        "what a client claims is not passed on"
    )
    from django.conf import settings

    size = re.search(r"client_max_body_size (\d+)m;", text)
    assert size and int(size[1]) * 1_000_000 == settings.UPLOAD_MOST


@pytest.mark.skipif(
    not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), reason="nginx is not here"
)
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=dancu.example", "-days", "2",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    text = (
        proxy()
        .replace("/run/secrets/certificate-key", str(key))
        .replace("/run/secrets/certificate", str(certificate))
    )
    text = text.replace("web:8000", "127.0.0.1:8000").replace(
        "/var/run/nginx.pid", str(tmp_path / "pid")
    )
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [str(nginx), "-t", "-q", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


VARIABLE = re.compile(r"\b(?:DANCU_[A-Z_]+|DATABASE_(?:[A-Z]+_)?URL)\b")
FOR_TESTS = {"DANCU_DATABASE"}
FROM_FILES = {"DANCU_CITIZEN_OIDC_CLIENT_SECRET_FILE"}
"""Names that are put together where a secret may stand in a file."""


def _used() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "src/dancu").rglob("*.py"))
    found = {name for text in texts for name in VARIABLE.findall(text) if not name.endswith("_")}
    return (found | FROM_FILES) - FOR_TESTS


def test_every_setting_is_on_the_page_of_settings_and_nothing_else_is() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([A-Z_]+)`", page, re.M))
    assert named == _used()


def test_what_the_files_set_is_a_setting() -> None:
    for name in ("deploy/systemd/dancu.env", "deploy/compose/dancu.env"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        given = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
        assert given and given <= _used(), name


@pytest.mark.parametrize("page", ["docs/how-to/run.md", "docs/how-to/install-air-gapped.md"])
def test_every_command_of_the_manual_is_one(page: str) -> None:
    from dancu.cli import main

    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"(?:^|`|/bin/)dancu ([a-z]+)((?: +[^\s`|&;]+)*)", text, re.M)
    assert len(found) >= 3
    for verb, rest in found:
        command: Any = main.commands.get(verb)
        assert command is not None, verb
        inner = getattr(command, "commands", {}).get(
            rest.split()[0] if rest.split() else "", command
        )
        options = {name for parameter in inner.params for name in parameter.opts}
        used = {word.split("=")[0] for word in rest.split() if word.startswith("--")}
        assert used <= options, (verb, used - options)
    for make in re.findall(r"\bmake ([a-z-]+)", text):
        assert re.search(rf"^{make}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M), make


@pytest.mark.slow
def test_it_is_installed_without_a_network(tmp_path: Path) -> None:
    """As the how-to says: the wheelhouse moved, its sums read, installed with hashes from nothing but it."""
    subprocess.run([sys.executable, str(ROOT / "tools/wheelhouse.py")], check=True)
    house = shutil.copytree(ROOT / "dist/wheelhouse", tmp_path / "usb")
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=house, check=True)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    install = [
        str(tmp_path / "venv/bin/pip"), "install", "-q", "--no-index", "--find-links", str(house),
        "--require-hashes", "-r", str(house / "requirements.txt"),
    ]  # fmt: skip
    nowhere = {
        **os.environ,
        "PIP_CONFIG_FILE": os.devnull,
        "https_proxy": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
    }
    subprocess.run(install, check=True, env=nowhere)
    said = subprocess.run(
        [str(tmp_path / "venv/bin/dancu"), "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("dancu")
    wheel = next(house.glob("click-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    shutil.rmtree(tmp_path / "venv")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    changed = subprocess.run(install, env=nowhere, capture_output=True, text=True)
    assert changed.returncode and "HASHES" in changed.stderr
