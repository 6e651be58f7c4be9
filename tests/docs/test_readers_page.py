"""What docs/readers.md says about claims and applications is so."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.client import ReaderReport
from accord.contracts.claims import outdated, publish
from accord.contracts.loading import load
from accord.contracts.tree import Folder
from accord.schemas import Schema
from accord.testing.clock import VirtualClock
from accord.testing.memory_registry import MemoryRegistry

PAGE = Path(__file__).parents[2] / "docs" / "readers.md"


@dataclass
class Customer:
    city: str


@dataclass
class Order:
    order_id: str
    customer: Customer


ORDERS = accord.contract("orders.created", Order)


def examples(language: str) -> list[str]:
    page = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_claim_of_the_page_is_one_and_holds(tmp_path: Path) -> None:
    [claim] = examples("yaml")
    (tmp_path / "consumers").mkdir()
    (tmp_path / "consumers/billing.yaml").write_text(claim)
    project = load(Folder(tmp_path))
    memory = MemoryRegistry(VirtualClock())
    memory.add("orders.created-value", ORDERS.schema)
    memory.add("payments-value", Schema('"string"'))
    assert not project.findings
    assert not outdated(project.claims, memory.client)
    orders, payments = publish(project.claims, memory.client)
    assert (orders.fields, orders.versions) == (("order_id", "customer.city"), ">=1.0 <2")
    assert (payments.subject, payments.fields) == ("payments-value", None)


def test_the_applications_of_the_page_tell_what_they_read(capsys: pytest.CaptureFixture[str]) -> None:
    memory = MemoryRegistry(VirtualClock())
    memory.client.report_reader(
        ReaderReport(service="billing", subject="orders.created-value", origin="claim")
    )
    names: dict[str, Any] = {"__name__": "page", "MEMORY": memory.client}
    page = "\n".join(examples("python")).replace('accord.Registry("http://127.0.0.1:8081")', "MEMORY")
    exec(compile(page, str(PAGE), "exec"), names)  # noqa: S102 -- the page is ours
    assert capsys.readouterr().out == "billing None claim\n"
    names["app"].on(ORDERS, group="billing-v1")(lambda _: None)
    names["quiet"].on(ORDERS, group="billing-v1")(lambda _: None)
    names["test_billing_reads_what_it_needs"]()
    assert [one.service for one in names["app"].readers()] == ["billing"]
    assert not names["quiet"].readers()
