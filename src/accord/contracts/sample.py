"""A small project that shows each kind of file: what `accord init` writes."""

from collections.abc import Mapping
from typing import Final

_CONTRACT: Final = """\
# What is on the topic orders.created: who owns it, how it is set up, who writes and who reads it.
# The schema file that it names is the truth about the events. docs/contracts.md tells about every key.
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
domain: orders
description:
  purpose: Every order that a customer has placed.
team:
  name: team-orders
support:
  - channel: "#team-orders"
    tool: slack
    url: https://chat.example.com/team-orders
schema:
  - name: OrderCreated
    physicalName: orders.created          # the topic
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: schemas/OrderCreated.avsc
servers:
  - server: local
    type: kafka
    environment: local
    host: 127.0.0.1:9092
    format: avro
roles:                                    # who may: User:order-service, User:billing
  - role: order-service
    access: write
  - role: billing
    access: read
slaProperties:
  - property: latency                     # readers may be at most this far behind
    value: 10
    unit: min
  - property: retention
    value: 7
    unit: d
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 3
      replicas: 3
      config:
        min.insync.replicas: 2
        cleanup.policy: delete
      key:
        type: string
        field: order_id
      compatibility: BACKWARD
      dlq:
        retention: 14d
      examples:
        OrderCreated:
          - order_id: o-1
            customer_id: c-7
            total_amount: "19.90"
            currency: EUR
            created_at: "2026-03-01T12:00:00Z"
"""

_SCHEMA: Final = """\
{
  "type": "record",
  "name": "OrderCreated",
  "namespace": "com.example.events",
  "doc": "A customer has placed an order.",
  "fields": [
    {"name": "order_id", "type": "string", "doc": "Names the order, everywhere and for good."},
    {"name": "customer_id", "type": "string", "doc": "Who has placed it."},
    {
      "name": "total_amount",
      "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
      "doc": "What is to be paid, in the currency."
    },
    {"name": "currency", "type": "string", "doc": "ISO 4217, such as EUR."},
    {
      "name": "created_at",
      "type": {"type": "long", "logicalType": "timestamp-millis"},
      "doc": "When it was placed."
    },
    {"name": "note", "type": ["null", "string"], "default": null, "doc": "What the customer adds."}
  ]
}
"""

_CLAIM: Final = """\
# What the billing service reads. It belongs into the repository of that service.
service: billing
reads:
  - contract: orders.created
    versions: ">=1.0 <2"
    groups: [billing-v1]
    fields: [order_id, total_amount, currency]
    examples:
      - order_id: o-1
        total_amount: "19.90"
        currency: EUR
"""

_SETTINGS: Final = """\
[project]
paths = ["contracts", "consumers"]

[environments.local]
registry = "http://127.0.0.1:8081"
kafka = "127.0.0.1:9092"
"""

_README: Final = """\
# Data contracts

- `contracts/`: a file for each topic, and the schemas of its events
- `consumers/`: what each service reads of them
- `accord.toml`: where registries and clusters are

The first three commands:

    accord lint                     # is everything well formed and named, and can it evolve?
    accord test                     # do consumers get what they need of what producers write?
    accord plan --env local         # what would change in the cluster and the registry?

The first two need nothing else. The third wants a cluster and a registry, which these start on this machine:

    accord cluster up
    accord serve
"""

FILES: Final[Mapping[str, str]] = {
    "contracts/orders.created.odcs.yaml": _CONTRACT,
    "contracts/schemas/OrderCreated.avsc": _SCHEMA,
    "consumers/billing.yaml": _CLAIM,
    "accord.toml": _SETTINGS,
    "README.md": _README,
}
"""The files of the sample: text by path."""
