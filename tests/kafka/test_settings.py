import logging
import time
from pathlib import Path
from typing import Any

import pytest

from accord.errors import ConfigurationError
from accord.kafka import KafkaProducer, KafkaSettings, read_properties


def test_an_address_alone_is_enough() -> None:
    assert KafkaSettings.of("broker:9092") == KafkaSettings("broker:9092")
    settings = KafkaSettings("broker:9092", client_id="me")
    assert KafkaSettings.of(settings) is settings


def test_each_source_of_properties_wins_over_the_one_before() -> None:
    settings = KafkaSettings("broker:9092", properties={"b": 2, "c": 2, "d": 2})
    config = settings.client_config({"a": 1, "b": 1, "c": 1}, own={"c": 3}, fixed={"d": 2})
    assert {name: config[name] for name in "abcd"} == {"a": 1, "b": 2, "c": 3, "d": 2}
    assert config["bootstrap.servers"] == "broker:9092"


@pytest.mark.parametrize("said", [{"enable.auto.commit": True}, {"enable.auto.commit": "True"}])
def test_a_property_that_is_fixed_anyway_may_be_repeated(said: dict[str, bool | str]) -> None:
    settings = KafkaSettings("broker:9092", properties=said)
    assert settings.client_config(fixed={"enable.auto.commit": True})["enable.auto.commit"] is True


def test_a_property_that_would_break_a_promise_is_refused() -> None:
    settings = KafkaSettings("broker:9092", properties={"enable.auto.offset.store": "true"})
    with pytest.raises(ConfigurationError, match=r"enable\.auto\.offset\.store=true") as caught:
        settings.client_config(fixed={"enable.auto.offset.store": False})
    assert "enable.auto.offset.store=false is set for you" in caught.value.hint


def test_passwords_are_not_shown() -> None:
    settings = KafkaSettings("broker:9092", properties={"sasl.password": "hunter2"})
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("address", ["", "  "])
def test_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="no Kafka address"):
        KafkaSettings(address).client_config()


def test_properties_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "client.properties"
    path.write_text("# ours\n\nsecurity.protocol = SASL_SSL\nsasl.password=a=b#c\n")
    assert read_properties(path) == {"security.protocol": "SASL_SSL", "sasl.password": "a=b#c"}


@pytest.mark.parametrize("content", [b"security.protocol=SSL\nsecret\n", b"\n=secret\n"])
def test_a_line_that_is_no_property_is_told_without_showing_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "client.properties"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="line 2 of") as caught:
        read_properties(path)
    assert "secret" not in caught.value.message


def test_a_file_of_properties_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_properties(tmp_path)


SECURITY = {
    "SASL with a password": {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": "me",
        "sasl.password": "hunter2",
    },
    "TLS without checks of names": {
        "security.protocol": "SSL",
        "ssl.endpoint.identification.algorithm": "none",
    },
    "OAUTHBEARER by the client itself": {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanisms": "OAUTHBEARER",
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.client.id": "me",
        "sasl.oauthbearer.client.secret": "hunter2",
        "sasl.oauthbearer.token.endpoint.url": "http://127.0.0.1:9/token",
    },
}


@pytest.mark.parametrize("properties", SECURITY.values(), ids=SECURITY)
def test_what_the_client_knows_of_security_reaches_it(properties: dict[str, Any]) -> None:
    settings = KafkaSettings("127.0.0.1:9", properties=properties)
    assert properties.items() <= settings.client_config().items()
    KafkaProducer(settings, delivery_timeout_s=1.0)


def test_a_token_brings_the_mechanism_that_takes_it_and_the_caller_may_say_the_rest() -> None:
    settings = KafkaSettings("broker:9092", token=lambda: ("secret", 4e9))
    config = settings.client_config()
    assert (config["security.protocol"], config["sasl.mechanisms"]) == ("SASL_SSL", "OAUTHBEARER")
    assert config["oauth_cb"]("") == ("secret", 4e9)
    plain = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "OAUTHBEARER"}
    config = KafkaSettings("broker:9092", properties=plain, token=settings.token).client_config()
    assert plain.items() <= config.items()
    assert "sasl.mechanisms" not in config


def test_a_token_beside_another_mechanism_is_refused() -> None:
    settings = KafkaSettings("b:1", properties={"sasl.mechanism": "PLAIN"}, token=lambda: ("secret", 4e9))
    with pytest.raises(ConfigurationError, match=r"sasl\.mechanism=PLAIN has no use for it"):
        settings.client_config()


def test_a_token_that_cannot_be_had_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> tuple[str, float]:
        raise PermissionError("the identity provider says no")

    ask = KafkaSettings("broker:9092", token=refuse).client_config()["oauth_cb"]
    with caplog.at_level(logging.ERROR), pytest.raises(PermissionError):
        ask(None)
    assert "the identity provider says no" in caplog.text


@pytest.mark.soak
def test_the_client_asks_for_a_token_when_it_is_made() -> None:
    asked: list[float] = []

    def token() -> tuple[str, float]:
        asked.append(time.time())
        return "secret", time.time() + 3600

    KafkaProducer(KafkaSettings("127.0.0.1:9", token=token), delivery_timeout_s=1.0)
    assert len(asked) == 1
