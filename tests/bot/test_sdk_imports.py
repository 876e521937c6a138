"""What the SDK's imports were put off for is there when it is used; each in a process that has imported nothing yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.sandbox.server import Sandbox

PUT_OFF = """
import sys
from bot.sdk_imports import put_off_imports
put_off_imports()
def loaded(name):
    return sorted(each for each in sys.modules if each.startswith(name))
"""


def said(program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PUT_OFF + program, *words], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_of_a_products_models_those_are_loaded_that_are_used() -> None:
    told = said("""
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
print(loaded("alibabacloud_ram20150501.models."))
models.GetUserRequest(user_name="carol").validate()
print(loaded("alibabacloud_ram20150501.models."))
""")
    assert told.splitlines() == ["[]", "['alibabacloud_ram20150501.models._get_user_request']"]


def test_every_model_of_every_product_is_there_by_its_name() -> None:
    told = said("""
from importlib import import_module
from bot.sandbox.products.members import playable
from alibabacloud_ram20150501 import models
sdks = {each.sdk for each in playable().values()} | {"alibabacloud_ims20190815", "alibabacloud_sts20150401"}
for sdk in sorted(sdks | {"alibabacloud_ram20150501", "alibabacloud_pairecservice20221213"}):
    models = import_module(f"{sdk}.models")
    assert len(models.__all__) > 10, sdk
    for name in models.__all__:
        model = getattr(models, name)
        assert model.__name__ == name and model.__module__.startswith(f"{sdk}.models."), name
    try:
        models.NoSuchModel
    except AttributeError as error:
        print(error)
""")
    assert "module 'alibabacloud_ram20150501.models' has no attribute 'NoSuchModel'" in told
    assert len(told.splitlines()) >= 9


def test_a_file_of_models_that_does_more_than_list_them_is_run_as_it_is(tmp_path: Path) -> None:
    models = tmp_path / "alibabacloud_other20300101" / "models"
    models.mkdir(parents=True)
    (models.parent / "__init__.py").touch()
    (models / "_one.py").write_text("class One: pass\n", "utf-8")
    (models / "__init__.py").write_text("from ._one import One\n\nTWICE = (One, One)\n", "utf-8")
    told = said(f"""
sys.path.append({str(tmp_path)!r})
from alibabacloud_other20300101 import models
print(models.TWICE == (models.One, models.One), loaded("alibabacloud_other20300101.models."))
""")
    assert told == "True ['alibabacloud_other20300101.models._one']"


def test_the_sdk_makes_calls_of_its_own_other_kind_as_before() -> None:
    """The program makes none of those that wait in an event loop, for which the SDK imports aiohttp."""
    with Sandbox() as sandbox:
        env = sandbox.env()
        told = said(
            """
import asyncio
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.utils_models import Config
key, secret, endpoint = sys.argv[1:]
client = Client(Config(access_key_id=key, access_key_secret=secret, endpoint=endpoint, protocol="http"))
print(client.get_user(models.GetUserRequest(user_name="carol")).body.user.user_name, loaded("aiohttp"))
answer = asyncio.run(client.get_user_async(models.GetUserRequest(user_name="carol")))
print(answer.body.user.user_name, "aiohttp" in sys.modules)
""",
            env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            env["PAIREC_RAM_ENDPOINT"].removeprefix("http://"),
        )
    assert told.splitlines() == ["carol []", "carol True"]


def test_the_sdk_signs_with_a_private_key_as_before() -> None:
    told = said("""
from base64 import b64encode
from alibabacloud_tea_openapi import utils
print(loaded("cryptography"))
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
made = rsa.generate_private_key(65537, 2048)
pem = made.private_bytes(
    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
print(len(utils.rsa_sign(b"text", b64encode(pem).decode())))
""")
    assert told.splitlines() == ["[]", "256"]


def test_whoever_else_imports_what_the_sdk_put_off_gets_it() -> None:
    told = said("""
import darabonba.core
print(loaded("aiohttp"))
import aiohttp
from aiohttp import web
print(aiohttp is sys.modules["aiohttp"], isinstance(web.Response(), web.Response))
""")
    assert told.splitlines() == ["[]", "True True"]
