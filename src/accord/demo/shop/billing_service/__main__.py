"""``python -m accord.demo.shop.billing_service``."""

from accord.demo.shop import settings, web
from accord.demo.shop.billing_service.app import create_app

chosen = settings.from_environment()
web.run(create_app(chosen), port=chosen.http_port)
