"""How gunicorn serves the site: `gunicorn localoffer.wsgi` in this folder reads it. See README's settings."""

import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from localoffer.environment import LEVELS, LOG_FORMATS, Environment
from localoffer.request_log import logging_settings

env = Environment()
try:
    _debug = env.bool("DEBUG", default=True)
    bind = env.str("BIND", default="127.0.0.1:8000")
    workers = env.int("WEB_CONCURRENCY", default=2)
    threads = env.int("WEB_THREADS", default=4)
    logconfig_dict: dict[str, Any] = logging_settings(
        env.one_of("LOG_FORMAT", LOG_FORMATS, default="plain" if _debug else "json"),
        env.one_of("LOG_LEVEL", LEVELS, default="WARNING" if _debug else "INFO"),
    )
except ImproperlyConfigured as error:
    sys.exit(f"The site was not started: {error}")

# Gunicorn's own lines go by the root logger, in the same format. Its access log would hold network
# addresses and what was searched for: the site logs its requests itself, without.
logconfig_dict["loggers"]["gunicorn.error"] = {"level": "INFO", "handlers": [], "propagate": True}
logconfig_dict["loggers"]["gunicorn.http.wsgi"] = {"level": "ERROR", "handlers": [], "propagate": True}
accesslog = None
control_socket_disable = True

# Who may say that a request came by HTTPS: nobody, or the proxy. Django trusts the same by BEHIND_PROXY.
_proxies = env.str("FORWARDED_ALLOW_IPS", default="127.0.0.1,::1")
forwarded_allow_ips = _proxies if env.bool("BEHIND_PROXY", default=False) else ""
# No header may name the path: one request with SCRIPT_NAME, let through by a proxy, gave every reader's
# pages links that lead nowhere.
forwarder_headers = ""

# A feed that staff fetch takes up to 45 seconds; an import by file longer, and a list of 300,000 as a file
# minutes: a worker of threads lives on in the meantime, with WEB_THREADS=1 too.
worker_class = "gthread"
timeout = 120
graceful_timeout = 30
keepalive = 5
# A worker starts anew after so many requests, each at another moment, so that nothing can pile up.
max_requests = 5000
max_requests_jitter = 500
# A request line holds an address, never a file: longer ones are no reader's.
limit_request_line = 8190


def on_starting(server: object) -> None:
    """An unsafe setting is one line, not a traceback of each worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    from django.conf import settings

    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(f"The site was not started: {error}")
