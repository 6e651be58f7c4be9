"""Takes orders over HTTP and tells them to Kafka."""
