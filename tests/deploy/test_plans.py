"""What the demo and the real product are told: keys, environment, parts, and what they refuse."""

import base64
import os
import stat
from pathlib import Path

import pytest

from deploy.launcher.demo import demo_environment, demo_plan
from deploy.launcher.keys import demo_keys
from deploy.launcher.part import LauncherError
from deploy.launcher.place import kept_port, only_one
from deploy.launcher.plan import knowledge
from deploy.launcher.real import real_environment, real_plan
from deploy.servers.process import free_port


@pytest.fixture
def ports() -> dict[str, str]:
    return {name: str(free_port()) for name in ("SANDBOX_PORT", "HTTP_PORT", "METRICS_PORT")}


@pytest.fixture
def real(ports: dict[str, str]) -> dict[str, str]:
    return ports | {"BOT_TOKEN": "1:real", "ENCRYPTION_KEY": "real-key", "BLIND_INDEX_KEY": "real-index"}


def test_the_demo_makes_keys_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "demo.env"
    keys = demo_keys(file)
    assert demo_keys(file) == keys
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {len(base64.urlsafe_b64decode(keys[name])) for name in ("ENCRYPTION_KEY", "BLIND_INDEX_KEY")} == {32}
    number, _, secret = keys["BOT_TOKEN"].partition(":")
    assert number.isdecimal()
    assert len(secret) == 35
    assert len(keys["WEBHOOK_SECRET"]) >= 32


def test_the_demo_takes_up_nothing_real(tmp_path: Path, ports: dict[str, str]) -> None:
    shell = ports | {
        "OPENAI_API_KEY": "real",
        "DATABASE_URL": "postgresql://real",
        "BOT_TOKEN": "1:real",
        "MIGRATION_DATABASE_URL": "postgresql://owner@real",
        "ANTHROPIC_API_KEY_FILE": "/real",
        "ARCHIVE_S3_BUCKET": "real",
        "STORAGE_DIR": "/real",
        "PATH": "/bin",
    }
    (tmp_path / ".env").write_text("RETENTION_NOTICES_DAYS=1\nOTEL_TRACES_EXPORTER=otlp\nAUDIT_KEY=real\n")
    own = demo_environment(tmp_path, tmp_path / "data", shell)
    assert "real" not in "".join(own.values())
    assert (own["RETENTION_NOTICES_DAYS"], own["OTEL_TRACES_EXPORTER"]) == ("", "")
    assert own["DATABASE_URL"] == f"sqlite:///{tmp_path}/data/demo.db"
    assert own["PATH"] == "/bin"


def test_the_demo_answers_from_its_model_when_asked(tmp_path: Path, ports: dict[str, str]) -> None:
    plain = demo_plan(tmp_path, tmp_path / "data", ports).parts[-1].environment
    assert plain["OPENAI_API_KEY"] == ""
    modelled = demo_plan(tmp_path, tmp_path / "data", ports | {"DEMO_MODEL": "1"}).parts[-1].environment
    assert modelled["OPENAI_API_KEY"] == "demo"
    assert modelled["OPENAI_BASE_URL"].startswith("http://127.0.0.1:")


def test_the_demo_keeps_secrets_off_command_lines(tmp_path: Path, ports: dict[str, str]) -> None:
    plan = demo_plan(tmp_path, tmp_path / "data", ports)
    secrets = set(demo_keys(tmp_path / "data" / "demo.env").values())
    words = {word for part in plan.parts for word in part.command}
    assert not secrets & words


def test_each_need_of_a_plan_is_a_part_of_it(tmp_path: Path, real: dict[str, str]) -> None:
    for plan in (demo_plan(tmp_path, tmp_path / "data", real), real_plan(tmp_path, tmp_path / "data", real)):
        names = [part.name for part in plan.parts]
        assert len(names) == len(set(names))
        assert {need for part in plan.parts for need in part.needs} <= set(names)
        assert names[-4:] == ["worker", "scheduler", "http", "bot"]


def test_run_starts_a_redis_only_where_none_is_named(tmp_path: Path, real: dict[str, str]) -> None:
    names = [part.name for part in real_plan(tmp_path, tmp_path / "data", real).parts]
    assert names == ["redis", "check", "prepare", "worker", "scheduler", "http", "bot"]
    named = real_plan(tmp_path, tmp_path / "data", real | {"REDIS_URL": "redis://elsewhere"})
    assert "redis" not in [part.name for part in named.parts]
    assert named.parts[-1].environment["REDIS_URL"] == "redis://elsewhere"


def test_run_reads_its_settings_from_a_file_under_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TOKEN=1:file\nENCRYPTION_KEY=one\nBLIND_INDEX_KEY=two\nHTTP_PORT=1\n")
    own = real_environment(tmp_path, {"HTTP_PORT": "2"})
    assert (own["BOT_TOKEN"], own["HTTP_PORT"]) == ("1:file", "2")


@pytest.mark.parametrize("name", ["BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY"])
def test_run_refuses_the_demos_keys(tmp_path: Path, real: dict[str, str], name: str) -> None:
    keys = demo_keys(tmp_path / "data" / "demo.env")
    with pytest.raises(LauncherError, match=f"^{name}: made for the demo"):
        real_environment(tmp_path, real | {name: f"another, {keys[name]}"})


def test_run_refuses_the_demos_licence(tmp_path: Path, real: dict[str, str]) -> None:
    with pytest.raises(LauncherError, match="DEMO is set"):
        real_environment(tmp_path, real | {"DEMO": "1"})


def test_knowledge_comes_with_its_twins(tmp_path: Path) -> None:
    for name in ("context.txt", "context.en.txt", "context.notes.txt", "other.en.txt"):
        (tmp_path / name).touch()
    assert knowledge(tmp_path, {}) == [
        *("--knowledge", f"ru={tmp_path}/context.txt"),
        *("--knowledge", f"en={tmp_path}/context.en.txt"),
    ]
    assert knowledge(tmp_path, {"DEFAULT_LANGUAGE": ""})[1] == f"ru={tmp_path}/context.txt"
    assert knowledge(tmp_path, {"CONTEXT_FILE": "nowhere.txt"}) == []


def test_redis_keeps_its_port_while_it_is_free(tmp_path: Path) -> None:
    note = tmp_path / "redis" / "port"
    assert kept_port(note) == kept_port(note)
    note.write_text("nonsense")
    assert kept_port(note) == int(note.read_text())


def test_two_launchers_do_not_share_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(LauncherError, match=f"process {os.getpid()}"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "launcher.lock").read_text() == str(os.getpid())
