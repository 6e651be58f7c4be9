"""The REST API of the registry, as Confluent's clients know it. ``app.create_app`` puts it together."""
