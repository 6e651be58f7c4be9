"""The main job: event-driven services with governed contracts on a real Kafka, faults included.

``play.perform`` runs it; ``shop`` holds the services, which import nothing of the rest.
"""
