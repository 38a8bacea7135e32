"""Every refusal in one shape: {"error": "code", "detail": "sentence", "request_id": "…"}; input is never echoed."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.modules.errors import GymError
from app.modules.texts import label

log = logging.getLogger(__name__)

# What the bot says otherwise, because there somebody waits for an answer to a message; by code.
SENTENCES = {
    "internal": "api-internal",
    "schema_missing": "api-unavailable",
    "stranger": "api-stranger",
    "unavailable": "api-unavailable",
}
# What frameworks refuse before a room is asked: a code, and the key of the sentence.
STATUSES = {
    400: ("bad_request", "api-bad-request"),
    404: ("not_found", "api-no-route"),
    405: ("method_not_allowed", "api-no-method"),
    408: ("too_slow", "api-too-slow"),
    413: ("too_large", "api-too-large"),
    415: ("unsupported_media_type", "api-media-type"),
    422: ("invalid", "api-no-json"),
}
# What pydantic calls a problem, and what a person reads of it.
PROBLEMS = {
    "missing": "api-missing",
    "int_parsing": "api-no-integer",
    "int_type": "api-no-integer",
    "int_parsing_size": "api-no-integer",
    "int_from_float": "api-no-integer",
    "float_type": "api-no-number",
    "finite_number": "api-no-number",
    "date_type": "api-no-day",
    "date_parsing": "api-no-day",
    "date_from_datetime_parsing": "api-no-day",
    "string_type": "api-no-text",
    "string_unicode": "api-no-text",
    "string_too_short": "api-too-short",
    "string_too_long": "api-too-long",
    "greater_than_equal": "api-too-small",
    "less_than_equal": "api-too-great",
    "extra_forbidden": "api-unknown-field",
    "json_invalid": "api-no-json",
}


class ErrorBody(BaseModel):
    """A refusal."""

    error: str = Field(description="What it is, for programs.", examples=["not_found"])
    detail: str = Field(description="What it is, for people.", examples=["There is no such thing here."])
    request_id: str = Field(description="Find the request in the log by it.", examples=["5f2b9c0e7d1a4c36"])


def answers(*refusals: int | GymError) -> dict[int | str, dict[str, Any]]:
    """Say in the schema which refusals a route has beside those of every route: a status alone is its usual one."""
    found: dict[int | str, dict[str, Any]] = {}
    for refusal in refusals:
        if isinstance(refusal, int):
            status, content = refusal, body(*USUAL[refusal], EXAMPLE_ID, field="name")
        else:
            status, content = refusal.status, body_of(refusal, EXAMPLE_ID)
        described = found.setdefault(
            status,
            {
                "model": ErrorBody,
                "description": DESCRIPTIONS[status],
                "headers": HEADERS.get(status, {}),
                "content": {"application/json": {"examples": {}}},
            },
        )
        described["content"]["application/json"]["examples"][content["error"]] = {"value": content}
    return found


DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "Not signed in, or no more.",
    404: "It is not there, or not for you.",
    409: "It cannot be done as things are.",
    412: "Somebody changed it since you looked: look again.",
    413: "The body is too large.",
    415: "The body is of another kind than JSON, or compressed.",
    422: "The request is not what this route takes.",
    428: "If-Match is missing: send the version you looked at.",
    429: "Too many tries: wait as many seconds as Retry-After says.",
    503: "The database cannot be reached; nothing was changed. Try again.",
}
USUAL = {
    **STATUSES,
    401: ("unauthorized", "api-unauthorized"),
    404: ("not_found", "api-not-found"),
    409: ("refused", "error-refused"),
    412: ("stale", "api-stale"),
    422: ("invalid", "api-missing"),
    428: ("version_missing", "api-version-missing"),
    429: ("too_many_tries", "api-too-many-tries"),
    503: ("unavailable", "api-unavailable"),
}
EXAMPLE_ID = "5f2b9c0e7d1a4c36"
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "examples": [2]}}}
HEADERS: dict[int, dict[str, Any]] = {429: RETRY_AFTER, 503: RETRY_AFTER}


def install(app: FastAPI) -> None:
    """Give every refusal its shape."""
    app.add_exception_handler(GymError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def body(code: str, key: str, request_id: str, **values: str | int) -> dict[str, str]:
    """Write a refusal."""
    return {"error": code, "detail": label(key, **values), "request_id": request_id}


def of_status(status: int, request_id: str) -> dict[str, str]:
    """Write the refusal that a bare HTTP status stands for."""
    code, key = STATUSES.get(status, ("refused", "api-bad-request"))
    return body(code, key, request_id)


def body_of(error: GymError, request_id: str) -> dict[str, str]:
    """Write the refusal that an error stands for."""
    return body(error.code, SENTENCES.get(error.code, error.text), request_id, **error.values)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GymError)  # noqa: S101 - registered for these
    if error.status >= 500:
        log.warning("request_refused", exc_info=error)
    content = body_of(error, request.state.request_id)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if (seconds := getattr(error, "retry_after", None)) is not None:
        headers["Retry-After"] = str(seconds)
    return JSONResponse(content, error.status, headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - likewise
    problem = error.errors()[0]
    kind = problem["type"]
    limits: Mapping[str, Any] = problem.get("ctx") or {}
    limit = next((limits[name] for name in ("ge", "le", "min_length", "max_length") if name in limits), 0)
    key = PROBLEMS.get(kind, "api-invalid")
    return JSONResponse(body("invalid", key, request.state.request_id, field=_field(problem), limit=str(limit)), 422)


def _field(problem: Mapping[str, Any]) -> str:
    """Name the field, by names that stand in our schema alone: an unknown one was typed by somebody."""
    place = [part for part in problem["loc"][1:] if isinstance(part, str)]
    if problem["type"] == "extra_forbidden":
        place = place[:-1]
    name = ".".join(place)
    return name if re.fullmatch(r"[A-Za-z_.-]{1,60}", name) else "body"


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - likewise
    headers = dict(error.headers or {})
    if error.status_code == 405 and (known := request.app.state.paths.find(request.url.path)):
        headers["Allow"] = ", ".join(known.methods)  # the framework names the methods of one route alone
    return JSONResponse(of_status(error.status_code, request.state.request_id), error.status_code, headers)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(body("internal", "api-internal", request.state.request_id), 500)
