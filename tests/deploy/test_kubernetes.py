"""The kustomization: as kubectl renders it, by the schemas of Kubernetes, and its probes asked of a bot that runs."""

from __future__ import annotations

import base64
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.sandbox.bot_process import ALWAYS
from bot.sandbox.process import SandboxProcess
from bot.settings import Settings
from tests.harness.app import AppHarness
from tests.harness.deployed import PROGRAM, ROOT, deployed, free_port, serves_a_request
from tests.harness.dockerfile import stages

FOLDER = ROOT / "deploy" / "kubernetes"
OLDEST = "1.27"
"""The first version whose disruption budgets let go of pods that are not well."""
NOT_OURS = {"PGPASSWORD", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


RESOURCES = read(FOLDER / "kustomization.yaml")["resources"]


def of_kind(kind: str) -> dict[str, Any]:
    """The one resource of a kind, as it stands in its file."""
    (found,) = [each for each in (read(FOLDER / name) for name in RESOURCES) if each["kind"] == kind]
    return found


def pod() -> dict[str, Any]:
    found: dict[str, Any] = of_kind("Deployment")["spec"]["template"]["spec"]
    return found


def container() -> dict[str, Any]:
    (found,) = pod()["containers"]
    return dict(found)


def check(resource: dict[str, Any], version: str) -> None:
    """ValidationError where that version of Kubernetes does not know it."""
    kubernetes_validate.validate(resource, version, strict=True)


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
@pytest.mark.parametrize("name", RESOURCES)
def test_kubernetes_knows_all_that_a_resource_says(name: str, version: str) -> None:
    resource = read(FOLDER / name)
    check(resource, version)
    with pytest.raises(kubernetes_validate.ValidationError):
        check({**resource, "spek": {}}, version)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
def test_kubectl_renders_it_and_every_reference_leads_somewhere(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "kubernetes"))
    for name in ("secret.env", "watchdog.env"):
        shutil.copy(folder / f"{name}.example", folder / name)
    done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    rendered = list(yaml.safe_load_all(done.stdout))
    for each in rendered:
        check(each, OLDEST)
        assert each["metadata"]["namespace"] == "pairec-access"
    named = {each["kind"]: each["metadata"]["name"] for each in rendered if each["kind"] != "Secret"}
    watchdogs, secret = sorted(
        (each for each in rendered if each["kind"] == "Secret"),
        key=lambda each: "watchdog" not in each["metadata"]["name"],
    )
    assert base64.b64decode(secret["data"]["SLACK_BOT_TOKEN"]) == b"xoxb-"
    (deployment,) = [each for each in rendered if each["kind"] == "Deployment"]
    spec = deployment["spec"]["template"]["spec"]
    sources = spec["containers"][0]["envFrom"]
    assert sources == [
        {"configMapRef": {"name": named["ConfigMap"]}},
        {"secretRef": {"name": secret["metadata"]["name"]}},
    ]
    (watchdog,) = [each for each in rendered if each["kind"] == "CronJob"]
    (second,) = watchdog["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert second["envFrom"] == [sources[0], {"secretRef": {"name": watchdogs["metadata"]["name"]}}]
    assert second["image"] == spec["containers"][0]["image"]
    assert spec["serviceAccountName"] == named["ServiceAccount"]
    assert spec["containers"][0]["image"].startswith("registry.example.com/pairec-access:")


def test_what_is_said_of_pods_is_said_of_the_bots() -> None:
    """A budget that selects nothing keeps nothing, and a policy that does lets everybody in."""
    deployment = of_kind("Deployment")["spec"]
    labels = {"matchLabels": deployment["template"]["metadata"]["labels"]}
    assert deployment["selector"] == labels
    assert of_kind("PodDisruptionBudget")["spec"]["selector"] == labels
    (selected,) = of_kind("NetworkPolicy")["spec"]["podSelector"]["matchExpressions"]
    pods = [deployment["template"], of_kind("CronJob")["spec"]["jobTemplate"]["spec"]["template"]]
    names = [each["metadata"]["labels"][selected["key"]] for each in pods]
    assert (selected["operator"], selected["values"]) == ("In", names) and len(set(names)) == 2


def test_one_bot_stays_whatever_is_drained_and_nobody_but_prometheus_gets_to_any() -> None:
    deployment, policy = of_kind("Deployment")["spec"], of_kind("NetworkPolicy")["spec"]
    assert deployment["replicas"] - of_kind("PodDisruptionBudget")["spec"]["minAvailable"] == 1
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}
    assert sorted(policy["policyTypes"]) == ["Egress", "Ingress"]
    [(port, sources)] = [(each["ports"], each["from"]) for each in policy["ingress"]]
    assert port == [{"protocol": "TCP", "port": 9464}]
    assert sources == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]


def test_a_pod_has_no_rights_and_the_images_own_user() -> None:
    _, image = stages(ROOT / "deploy" / "Dockerfile")
    told, own = pod()["securityContext"], container()["securityContext"]
    second = of_kind("CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert second["securityContext"] == told and second["containers"][0]["securityContext"] == own
    assert second["automountServiceAccountToken"] is False
    assert image.of("USER") == [f"{told['runAsUser']}:{told['runAsGroup']}"] and told["runAsNonRoot"] is True
    assert own["readOnlyRootFilesystem"] is True and own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]} and told["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False


def test_what_the_files_set_are_settings() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()} | NOT_OURS
    names = {each["name"] for each in container()["env"]}
    for file in ("settings.env", "secret.env.example", "watchdog.env.example"):
        lines = (FOLDER / file).read_text("utf-8").splitlines()
        names |= {line.partition("=")[0] for line in lines if not line.startswith("#")}
    assert names <= known, names - known


@pytest.mark.slow
def test_a_bot_that_is_started_as_a_pod_answers_its_probes(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    port = free_port()
    (declared,) = container()["ports"]
    told = {
        each["name"]: each["value"].replace(f":{declared['containerPort']}", f":{port}") for each in container()["env"]
    }
    with SandboxProcess(with_bot=False) as workshop:
        shutil.copy(workshop.ledger_path, ledger := tmp_path / "state" / "ledger.db")
        settings = {**ALWAYS, **workshop.environment(), "PAIREC_DATABASE_URL": f"sqlite:///{ledger}", **told}
        with deployed(workshop, [str(PROGRAM), "run"], settings, tmp_path / "state"):
            serves_a_request(workshop)
            for name in ("startupProbe", "livenessProbe", "readinessProbe"):
                probe = container()[name]["httpGet"]
                assert probe["port"] == declared["name"]
                AppHarness.until(lambda path=probe["path"]: answers(port, path), f"{name} to be answered")


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
