"""The OpenAPI document of the server: made of the same tables that requests are read by."""

from __future__ import annotations

from typing import Any

from subkit.serve.renderings import MACHINE_HEADER, NOTICE
from subkit.serve.speech_requests import (
    BAZARR_FORMATS,
    BAZARR_OPTIONS,
    OPENAI_FORMATS,
    OPENAI_OPTIONS,
)

__all__ = ["openapi_document"]

_CHOICES = {
    "response_format": list(OPENAI_FORMATS),
    "output": list(BAZARR_FORMATS),
    "task": ["transcribe", "translate"],
    "chunking_strategy": ["auto"],
    "timestamp_granularities[]": ["word", "segment"],
}
_FLAGS = frozenset({"stream", "encode", "word_timestamps", "vad_filter"})
_REFUSALS = {
    "400": "The request or the file is not right.",
    "401": "There is no token, or not this one.",
    "403": "A page of another site, or another address.",
    "408": "The body came too slowly.",
    "413": "The body or the media is too long.",
    "415": "The body is no form.",
    "503": "The queue or scratch is full; Retry-After says when to come back.",
}


def openapi_document(version: str) -> dict[str, Any]:
    """Return the document, for OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "subkit serve", "version": version or "0", "description": NOTICE},
        "security": [{"token": []}, {"password": []}],
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
            "schemas": {"Error": _ERROR},
        },
        "paths": {
            "/v1/audio/transcriptions": {"post": _openai("Transcribe", OPENAI_OPTIONS)},
            "/v1/audio/translations": {
                "post": _openai("Translate into English", OPENAI_OPTIONS - {"language"})
            },
            "/v1/models": {"get": _reading("List the model that is served")},
            "/v1/models/{name}": {
                "get": {
                    **_reading("Describe a model"),
                    "parameters": [
                        {"name": "name", "in": "path", "required": True, "schema": _schema("name")}
                    ],
                }
            },
            "/asr": {"post": _bazarr("Transcribe, for Bazarr", BAZARR_OPTIONS)},
            "/detect-language": {
                "post": _bazarr("Tell the language", frozenset({"encode", "video_file"}))
            },
            "/status": {"get": _reading("Version, model and queue")},
            "/openapi.json": {"get": _reading("This document")},
        },
    }


_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code", "remedy"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string"},
                "remedy": {"type": "string"},
            },
        }
    },
}


def _schema(name: str) -> dict[str, Any]:
    if name in _FLAGS:
        return {"type": "boolean"}
    if name == "temperature":
        return {"type": "number", "minimum": 0, "maximum": 1}
    one: dict[str, Any] = {"type": "string"}
    if name in _CHOICES:
        one["enum"] = _CHOICES[name]
    return {"type": "array", "items": one} if name.endswith("[]") else one


def _openai(summary: str, options: frozenset[str]) -> dict[str, Any]:
    return _posting(summary, "file", {name: _schema(name) for name in sorted(options)})


def _bazarr(summary: str, options: frozenset[str]) -> dict[str, Any]:
    query = [{"name": name, "in": "query", "schema": _schema(name)} for name in sorted(options)]
    return {**_posting(summary, "audio_file", {}), "parameters": query}


def _posting(summary: str, file: str, fields: dict[str, Any]) -> dict[str, Any]:
    form = {
        "type": "object",
        "required": [file],
        "properties": {file: {"type": "string", "format": "binary"}, **fields},
        "additionalProperties": False,
    }
    done = {
        "description": f"What was heard. {NOTICE}",
        "headers": {MACHINE_HEADER: {"schema": {"type": "string", "const": "unreviewed"}}},
    }
    return {
        "summary": summary,
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {"200": done, **_refusals(_REFUSALS)},
    }


def _reading(summary: str) -> dict[str, Any]:
    refusals = {code: told for code, told in _REFUSALS.items() if code in {"401", "403"}}
    done = {"description": "JSON.", "content": {"application/json": {}}}
    return {"summary": summary, "responses": {"200": done, **_refusals(refusals)}}


def _refusals(refusals: dict[str, str]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {code: {"description": told, "content": content} for code, told in refusals.items()}
