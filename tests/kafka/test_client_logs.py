import logging

from accord.kafka.logs import CLIENT_LOGGER, REPEAT_AFTER_S, OnceInAWhile


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("accord.kafka.client", logging.ERROR, "", 0, text, None, None)


def test_the_same_line_is_news_only_once_in_a_while() -> None:
    now = 1000.0
    news = OnceInAWhile(clock=lambda: now)
    assert news.filter(record("127.0.0.1:9092/1: Connection refused (after 3ms)"))
    assert not news.filter(record("127.0.0.1:9092/1: Connection refused (after 4ms)"))
    assert news.filter(record("another line"))
    now += REPEAT_AFTER_S
    assert news.filter(record("127.0.0.1:9092/1: Connection refused (after 5ms)"))


def test_endless_different_lines_are_not_remembered_for_ever() -> None:
    news = OnceInAWhile(clock=lambda: 0.0)
    for number in range(3000):
        assert news.filter(record("x" * number))
    assert len(news._last) <= 1000


def test_the_clients_own_logger_is_filtered() -> None:
    assert any(isinstance(item, OnceInAWhile) for item in CLIENT_LOGGER.filters)
