"""Two services as a team would write them with Accord, and nothing but its published surface.

``order_service`` takes orders over HTTP and tells them to Kafka; ``billing_service`` turns them into invoices.
They share the events and no code of each other. Run one with ``python -m accord.demo.shop.order_service``; every
setting comes from the environment (see ``settings``).
"""
