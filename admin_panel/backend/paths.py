"""Which address a path is, and which methods it takes: by its template, for a path may hold anybody's words."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from fastapi import FastAPI

BESIDE_THE_SCHEMA = ("/health", "/ready", "/metrics", "/docs", "/redoc", "/openapi.json")


class Address(NamedTuple):
    """One template, and its methods."""

    template: str
    methods: tuple[str, ...]
    pattern: re.Pattern[str]


class Paths:
    """All addresses of the API; those without parameters are looked at first, as the router does."""

    def __init__(self, app: FastAPI) -> None:
        known: dict[str, Iterable[str]] = dict.fromkeys(BESIDE_THE_SCHEMA, ("get",)) | app.openapi()["paths"]
        self._addresses = [
            Address(template, tuple(sorted(method.upper() for method in known[template])), _pattern(template))
            for template in sorted(known, key=lambda template: template.count("{"))
        ]

    def find(self, path: str) -> Address | None:
        """Find the address of a path."""
        return next((address for address in self._addresses if address.pattern.fullmatch(path)), None)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))
