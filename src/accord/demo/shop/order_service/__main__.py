"""``python -m accord.demo.shop.order_service``."""

from accord.demo.shop import web
from accord.demo.shop.order_service.app import create_app

web.run(create_app)
