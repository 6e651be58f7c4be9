from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accord.demo.shop.billing_service.invoices import Invoice, Invoices, invoice_for


@pytest.fixture
def invoices(tmp_path: Path) -> Iterator[Invoices]:
    kept = Invoices(tmp_path / "billing.db")
    yield kept
    kept.close()


def invoice(order_id: str, amount: float = 10.0) -> Invoice:
    at = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    return invoice_for(order_id, customer_id="c", amount=amount, currency="EUR", ordered_at=at)


def test_an_invoice_follows_from_its_order_alone() -> None:
    assert invoice("a") == invoice("a")
    assert invoice("a").invoice_number != invoice("b").invoice_number
    assert invoice("a").ordered_at == "2026-01-02T03:04:05.678+00:00"


def test_the_second_invoice_of_an_order_changes_nothing(invoices: Invoices) -> None:
    assert invoices.add(invoice("a", 10.0))
    assert not invoices.add(invoice("a", 99.0))

    kept = invoices.of_order("a")

    assert kept is not None
    assert kept.amount == 10.0
    assert invoices.count() == 1


def test_an_order_without_an_invoice_has_none(invoices: Invoices) -> None:
    assert invoices.of_order("a") is None


def test_pages_follow_the_order_ids(invoices: Invoices) -> None:
    for order_id in ("c", "a", "b"):
        invoices.add(invoice(order_id))

    assert [found.order_id for found in invoices.after("", limit=2)] == ["a", "b"]
    assert [found.order_id for found in invoices.after("b", limit=2)] == ["c"]


def test_members_share_one_file(tmp_path: Path) -> None:
    one, other = Invoices(tmp_path / "billing.db"), Invoices(tmp_path / "billing.db")

    assert one.add(invoice("a"))
    assert not other.add(invoice("a"))

    one.close()
    other.close()
