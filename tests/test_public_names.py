"""The published door: exactly these names, and cheap to open."""

import subprocess
import sys

import pytest

import accord

NAMES = """
AccordError AnotherEventLoop App AsyncConsumer AsyncProducer AsyncRegistry AtomicBatch AvroType Backoff
Batch BatchTookTooLong Breaker BrokersUnavailable CompatibilityLevel ConfigurationError Consumer ConsumerStats
Context Contract ContractDisagrees DeadLetterFailed Dedupe Delivered Delivery DeliveryFailed Deserializer Dlq
Duration ExactlyOnce ExactlyOnceStats Fenced FileMarks GroupHealth HandlerStuck Health IncompatibleSchema
InvalidData InvalidEvent InvalidSchema KafkaRefused KafkaSettings MemoryMarks ModelDoesNotFit NotFound
OutcomeUnknown Permanent Producer ProducerClosed QueueFull Record RecordNotSettled RecordTooLarge
RegisteredSchema Registry RegistryError RegistrySettings RegistryUnavailable Retry Retryable Schema
SchemaNotRegistered SchemaType Serializer SubjectNaming TooManyDeadLetters TopicNotFound TopicPartition
Unauthorized UnavailableError contract
"""


def test_the_door_has_these_names_and_no_others() -> None:
    assert sorted(accord.__all__) == sorted(NAMES.split())


def test_every_name_leads_somewhere() -> None:
    for name in accord.__all__:
        assert getattr(accord, name).__name__ == name


def test_the_list_of_names_is_the_list_of_homes() -> None:
    assert sorted(accord._HOME_OF) == sorted(accord.__all__)
    assert set(accord.__all__) <= set(dir(accord))


def test_a_name_that_is_not_there_is_told_as_usual() -> None:
    with pytest.raises(AttributeError, match="module 'accord' has no attribute 'nope'"):
        accord.nope  # type: ignore[attr-defined]  # noqa: B018 -- the point of the test


def modules_after(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_opening_the_door_loads_nothing_behind_it() -> None:
    loaded = modules_after("import accord")
    assert {"confluent_kafka", "fastavro", "httpx2", "msgspec", "accord.streams"} & loaded == set()


def test_a_service_loads_no_server_and_no_command_line() -> None:
    loaded = modules_after("from accord import Consumer, Producer, Registry, contract")
    assert {
        "click",
        "rich",
        "starlette",
        "uvicorn",
        "accord.registry",
        "accord.cli",
    } & loaded == set()
    assert "confluent_kafka" in loaded
