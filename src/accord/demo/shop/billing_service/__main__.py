"""``python -m accord.demo.shop.billing_service``."""

from accord.demo.shop import web
from accord.demo.shop.billing_service.app import create_app

web.run(create_app)
