"""What the SDK of Alibaba Cloud imports is imported when it is first used, which most of it never is.

Each product's client imports every model of its API, hundreds of modules, of which this program uses a few; and the
core imports an HTTP client, a web socket, ciphers and a scheduler for kinds of calls and keys that are not used here.
That took half of the time of a start, and half of the memory. What is used after all is there as before.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

PRODUCT_MODELS = re.compile(r"alibabacloud_\w+\d{8}\.models")
ONE_MODEL = re.compile(r"^from (\._\w+) import (\w+)$", re.MULTILINE)
NOTHING_ELSE = re.compile(r"(?:\s|#.*$|^from __future__ import annotations$|^__all__ = \[[^\]]*\])*", re.MULTILINE)
"""What else is in the file that lists them."""
SELDOM_USED = {
    "Tea.core": ("aiohttp",),
    "darabonba.core": ("aiohttp",),
    "darabonba.response": ("aiohttp",),
    "darabonba.utils.stream": ("aiohttp",),
    "darabonba.utils.xml": ("xml",),
    "darabonba.websocket": ("websocket",),
    "alibabacloud_tea_openapi.utils": ("cryptography",),
    "alibabacloud_credentials.provider.cli_profile": ("aiofiles",),
    "alibabacloud_credentials.provider.ecs_ram_role": ("apscheduler",),
    "alibabacloud_credentials.provider.oidc": ("aiofiles",),
    "alibabacloud_credentials.provider.profile": ("aiofiles",),
}
"""By module of the core, the packages that its own imports put off."""


def put_off_imports() -> None:
    """From now on. What was imported before stays as it is."""
    if not any(isinstance(each, _Finder) for each in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        seldom = SELDOM_USED.get(fullname)
        if seldom is None and not PRODUCT_MODELS.fullmatch(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        spec.loader = _ModelsLoader(spec.loader) if seldom is None else _CoreLoader(spec.loader, seldom)
        return spec


class _ModelsLoader(Loader):
    """Of the module that lists a product's models."""

    def __init__(self, usual: SourceFileLoader) -> None:
        self._usual = usual

    def exec_module(self, module: ModuleType) -> None:
        source = self._usual.get_source(module.__name__) or ""
        if not NOTHING_ELSE.fullmatch(ONE_MODEL.sub("", source)):
            # A later SDK may have more in it.
            self._usual.exec_module(module)
            return
        homes = {name: home for home, name in ONE_MODEL.findall(source)}

        def find(name: str) -> Any:
            """What a module is asked for that it has not (PEP 562)."""
            if name not in homes:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            model = getattr(import_module(homes[name], module.__name__), name)
            setattr(module, name, model)
            return model

        vars(module).update(__all__=list(homes), __getattr__=find)


class _CoreLoader(Loader):
    """Of a module that imports what it seldom uses. An import statement calls the `__import__` of its module's own
    builtins, so that nobody else who imports the same gets anything but the package itself.
    """

    def __init__(self, usual: SourceFileLoader, seldom: Sequence[str]) -> None:
        self._usual, self._seldom = usual, seldom

    def exec_module(self, module: ModuleType) -> None:
        def importing(
            name: str,
            names: Mapping[str, object] | None = None,
            local: Mapping[str, object] | None = None,
            wanted: Sequence[str] | None = (),
            level: int = 0,
        ) -> Any:
            if level or name.partition(".")[0] not in self._seldom:
                return builtins.__import__(name, names, local, wanted or (), level)
            return _Later(name if wanted else name.partition(".")[0])

        vars(module)["__builtins__"] = {**vars(builtins), "__import__": importing}
        self._usual.exec_module(module)


class _Later:
    """A module, or something in one, that is imported when it is called, derived from, or asked for what is its own."""

    def __init__(self, module: str, name: str = "") -> None:
        self._module, self._name = module, name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._there(), name) if self._name else _Later(self._module, name)

    def __call__(self, *values: Any, **named: Any) -> Any:
        return self._there()(*values, **named)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._there(),)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._there())

    def _there(self) -> Any:
        module = import_module(self._module)
        try:
            return getattr(module, self._name)
        except AttributeError:
            return import_module(f"{self._module}.{self._name}")
