"""The files of containers, looked at without an engine: by their schemas, by hadolint, and against our own code."""

import re
import stat
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from app import settings
from app.modules.server import DRAIN_SECONDS
from dev import panel
from dev.left_overs import PROJECT
from dev.servers import Postgres
from tests.containers.reading import (
    COMPOSE,
    DOCKERFILES,
    compose,
    context,
    copied,
    filled_in,
    is_ignored,
    stages,
    variables,
)
from tests.dev.test_house import SECRETS, example, parts_of_settings

FIVE = {"gymbot_backend", "gymbot_redis", "gymbot_db", "admin_backend", "admin_frontend"}
OURS = {
    "gymbot_backend": ("app", settings.WebhookSettings),
    "admin_backend": ("admin_panel/backend", settings.ApiSettings),
    "admin_frontend": ("admin_panel/frontend", settings.PanelSettings),
    "migrate": ("app", settings.MigrationSettings),
    "backup": ("deploy/backup", settings.MigrationSettings),
}
OF_MAKE_RUN = {"SANDBOX_PORT"}
OF_A_POOL = {"db_pool", "db_prepare"}  # what a single connection has no use for
SERVICES = compose()["services"]


def checked(program: str, *arguments: str) -> str:
    ended = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments], cwd=PROJECT, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_compose_file_keeps_to_its_schema() -> None:
    checked("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))


def test_hadolint_finds_nothing() -> None:
    assert checked("hadolint", *(f"{folder}/Dockerfile" for folder in DOCKERFILES)) == ""


@pytest.mark.parametrize("folder", DOCKERFILES)
def test_what_is_copied_is_there_and_nobody_is_root(folder: str) -> None:
    found = stages(folder)
    names = {stage.name for stage in found}
    for stage in found:
        for sources, _, origin in stage.copies:
            if origin:
                assert origin in names
            else:
                for source in sources:
                    assert (PROJECT / source).exists(), source
                    assert context(source), f"{source} is ignored"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", found[-1].words["USER"])


def test_what_others_made_is_named_to_the_last_number_and_is_one_of_a_kind() -> None:
    bases = {stage.base for folder in DOCKERFILES for stage in stages(folder)}
    images = bases | {service["image"] for service in SERVICES.values() if "$" not in service["image"]}
    for image in images:
        assert re.fullmatch(r"(postgres:\d+\.\d+|(?!postgres)[a-z]+:\d+\.\d+\.\d+)-[a-z-]+", image), image
    assert {image.partition(":")[0] for image in images} == {"python", "node", "postgres", "redis", "caddy"}
    assert len(images) == 5


@pytest.mark.parametrize("folder", DOCKERFILES)
def test_a_clone_under_a_strict_umask_gives_an_image_that_can_be_read(folder: str, tmp_path: Path) -> None:
    last = stages(folder)[-1]
    workdir = copied(last, tmp_path)
    for path in (workdir, *workdir.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (opening,) = [command for command in last.words["RUN"].split("&&") if command.startswith("chmod ")]
    subprocess.run(["sh", "-c", opening], cwd=workdir, check=True)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (workdir, *workdir.rglob("*"))}
    assert modes == {0o755, 0o644}


def test_the_packages_are_built_once_for_all_images() -> None:
    texts = [(PROJECT / folder / "Dockerfile").read_text() for folder in DOCKERFILES[:3]]
    built = [re.findall(r"^FROM \S+ AS packages\n(?:.+\n)+", text, re.MULTILINE) for text in texts]
    assert built[0] == built[1] == built[2] != []


def test_each_image_is_built_by_one_service() -> None:
    """Two that build it side by side fail at the first build: its name is there already."""
    built = [service["image"] for service in SERVICES.values() if "build" in service]
    assert len(built) == len(set(built)) == len(DOCKERFILES)
    ours = {service["image"] for service in SERVICES.values() if "_IMAGE" in service["image"]}
    assert ours == set(built)


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        (".env", True),
        (".data/secrets.env", True),
        ("tests/conftest.py", True),
        ("app/sandbox/__main__.py", True),
        ("admin_panel/frontend/node_modules/vite/package.json", True),
        ("admin_panel/frontend/dist/index.html", True),
        ("app/__pycache__/manage.pyc", True),
        ("app/modules/__pycache__/texts.pyc", True),
        ("app/main.py", False),
        ("app/templates/texts/en/menu.ftl", False),
        ("app/migrations/0001_tables.sql", False),
        ("admin_panel/frontend/.npmrc", False),
    ],
)
def test_a_build_sees_no_secret_and_no_sandbox(name: str, *, ignored: bool) -> None:
    assert is_ignored(PROJECT / name) == ignored


def test_the_pages_are_built_of_all_their_sources() -> None:
    (stage,) = [stage for stage in stages("admin_panel/frontend") if stage.name == "pages"]
    taken = {Path(source).name for sources, _, _ in stage.copies for source in sources}
    assert taken == {*panel.SOURCES, *panel.FILES}


def test_the_five_containers_have_their_names() -> None:
    kept = {name for name, service in SERVICES.items() if service.get("restart") == "unless-stopped"}
    assert kept - {"proxy"} == FIVE
    assert all(SERVICES[name]["container_name"] == name for name in FIVE)


def test_every_container_is_confined_and_its_log_limited() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"]["max-size"] == "10m", name
        assert not service.get("privileged"), name


def test_only_the_proxy_is_reached_from_elsewhere() -> None:
    ports = {name: port for name, service in SERVICES.items() for port in service.get("ports", [])}
    assert ports.pop("proxy")
    assert set(ports) == FIVE - {"gymbot_redis"}
    for name, port in ports.items():
        assert re.match(r"(127\.0\.0\.1|\$\{[A-Z]+_HOST:-127\.0\.0\.1\}):", port), name
    assert ports["gymbot_db"] == "127.0.0.1:9981:5432"


def test_nobody_but_our_proxies_says_whose_request_it_is() -> None:
    """Not the gateway, as which the whole host asks; nor another container, which gets no address of theirs."""
    (network,) = filled_in(compose()["networks"]["default"]["ipam"]["config"], {})
    panel, proxy = (
        filled_in(SERVICES[name]["networks"]["default"]["ipv4_address"], {}) for name in ("admin_frontend", "proxy")
    )
    believed = {"admin_backend": {panel, proxy}, "admin_frontend": {proxy}}
    for name, addresses in believed.items():
        given = filled_in(SERVICES[name]["environment"]["TRUSTED_PROXIES"], {})
        part = settings.PanelSettings.model_validate({"trusted_proxies": given})
        assert set(part.trusted_proxies or ()) == {f"{address}/32" for address in addresses}, name
    whole, others = ip_network(network["subnet"]), ip_network(network["ip_range"])
    assert others.subnet_of(whole)
    fixed = {ip_address(address) for address in (panel, proxy, network["gateway"])}
    assert len(fixed) == 3
    assert all(address in whole and address not in others for address in fixed)


def test_what_is_mounted_from_the_clone_are_folders() -> None:
    """`git pull` puts another file in the place of one, and a container keeps the former."""
    volumes = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    mounted = [PROJECT / volume for volume in volumes if volume.startswith(".")]
    assert [path.is_dir() for path in mounted] == [True]


def test_containers_have_longer_than_their_servers_need_to_end() -> None:
    for name in FIVE - {"gymbot_redis"}:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) >= DRAIN_SECONDS + 8, name


def test_the_schema_is_there_before_what_needs_it() -> None:
    for name in ("gymbot_backend", "admin_backend"):
        needs = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert needs["migrate"] == "service_completed_successfully", name
        assert needs["gymbot_db"] == "service_healthy", name
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_given_what_its_process_reads_and_nothing_else(name: str) -> None:
    folder, part = OURS[name]
    reads = {
        field.upper() for field in part.model_fields if part is not settings.MigrationSettings or field not in OF_A_POOL
    }
    of_the_image = set(stages(folder)[-1].env) - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert set(SERVICES[name]["environment"]) | of_the_image & reads == reads
    assert of_the_image - reads <= {"BOT_HOST"}  # of the bot's image, in which `migrate` runs


def test_every_variable_is_explained_and_used() -> None:
    used = {field.upper() for part in parts_of_settings() for field in part.model_fields}
    assert set(variables()) - set(example()) == set()
    assert set(example()) - used - set(variables()) == OF_MAKE_RUN


def test_secrets_come_from_env_alone_and_are_demanded() -> None:
    text = COMPOSE.read_text()
    for name in SECRETS:
        assert set(re.findall(rf"\$\{{{name}\b([^}}]*)\}}", text)) == {":?is empty in .env"}, name


def test_defaults_are_those_of_the_example() -> None:
    for name, defaults in variables().items():
        if name not in ("BOT_IMAGE", "ADMIN_BACKEND_IMAGE", "ADMIN_FRONTEND_IMAGE"):
            assert defaults <= {"", example()[name]}, name


def test_the_database_keeps_its_word_and_logs_nobodys(postgres: Postgres) -> None:
    given = dict(word.split("=") for word in SERVICES["gymbot_db"]["command"].split() if "=" in word)
    ours = dict(word.split("=") for word in postgres._command() if word.startswith(("log_min_error", "log_error")))
    assert given == ours | dict.fromkeys(("synchronous_commit", "fsync", "full_page_writes"), "on")


def test_the_proxy_is_given_what_its_file_asks_for() -> None:
    asked = re.findall(r"^[^#\n]*\{\$([A-Z_]+)", (PROJECT / "deploy" / "proxy" / "Caddyfile").read_text(), re.MULTILINE)
    assert set(asked) == set(SERVICES["proxy"]["environment"])
    assert SERVICES["proxy"]["environment"]["BOT_AT"] == f"gymbot_backend:{stages('app')[-1].words['EXPOSE']}"
