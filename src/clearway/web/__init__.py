"""The local web app: a page on 127.0.0.1 and the JSON API that it uses. Nothing is stored, nothing is fetched from elsewhere."""

from clearway.web.app import create_app
from clearway.web.serving import serve

__all__ = ["create_app", "serve"]
