"""The site that `bench_pages` measures against, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.stock_settings")
application = get_wsgi_application()
