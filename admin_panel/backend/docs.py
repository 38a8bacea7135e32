"""/docs and /redoc with every file from here: no CDN sees who reads them, and they work without the Internet."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = str(files("fastapi_offline") / "static")  # a package that carries the files of both; its code is not used

# Both pages style themselves as they go; Redoc's search is a worker made of text.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY}

SWAGGER = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gym bot: admin API</title>
<link rel="icon" href="docs/assets/favicon.png"><link rel="stylesheet" href="docs/assets/swagger-ui.css">
<style>body { margin: 0 } .response-col_links { display: none }</style>
</head>
<body><div id="docs"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script><script src="docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true, filter: true,
  displayRequestDuration: true, defaultModelsExpandDepth: 0, validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout",
});
"""
REDOC = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gym bot: admin API</title>
<link rel="icon" href="docs/assets/favicon.png"><style>body { margin: 0 }</style>
</head>
<body><redoc spec-url="openapi.json"></redoc>
<script src="docs/assets/redoc.standalone.js"></script>
</body>
</html>
"""


class Assets(StaticFiles):
    """Files that a browser may keep, when it asks whether they are still the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Find one file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI) -> None:
    """Add both pages."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """Show Swagger UI, which an admin can work with."""
        return HTMLResponse(SWAGGER, headers=HEADERS)

    @app.get("/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        """Start Swagger UI; in a file, so that no script in a page is allowed."""
        return Response(START, media_type="text/javascript")

    @app.get("/redoc", include_in_schema=False)
    async def redoc() -> HTMLResponse:
        """Show Redoc, which is nicer to read."""
        return HTMLResponse(REDOC, headers=HEADERS)

    app.mount("/docs/assets", Assets(directory=ASSETS))
