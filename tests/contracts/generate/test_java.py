"""Java classes of Avro schemas: made by Avro's own compiler, and compiled."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from tests.contracts.generate.making import project_of, schema_file

from accord.cli.settings import java_home, user_cache
from accord.cluster.avro_compiler import AvroCompiler, avro_compiler
from accord.cluster.errors import JarRefused, JavaRefused
from accord.cluster.jars import AVRO_COMPILER, KAFKA, locked
from accord.contracts.generate.java import java
from accord.contracts.model import Project


def record(name: str, *fields: dict[str, Any]) -> str:
    return json.dumps({"type": "record", "name": name, "namespace": "com.example", "fields": list(fields)})


ADDRESS: Final = schema_file("s/Address.avsc", record("Address", {"name": "city", "type": "string"}))
ORDER: Final = schema_file(
    "s/Order.avsc",
    record(
        "Order",
        {"name": "class", "type": "string"},
        {"name": "to", "type": "Address"},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW"]}},
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 4}},
        {"name": "next", "type": ["null", "Order"], "default": None},
    ),
    needs={"com.example.Address": ADDRESS},
)
PROJECT: Final = project_of(ORDER, ADDRESS)


def as_a_compiler_would(schemas: Sequence[Path], into: Path) -> None:
    """A class for each record; a type must be there before it is used."""
    known: set[str] = set()
    for path in schemas:
        root = json.loads(path.read_text())
        used = {field["type"] for field in root["fields"] if isinstance(field["type"], str)}
        assert used <= {"string", *known}
        known.add(root["name"])
        file = into / "com/example" / f"{root['name']}.java"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("package com.example;\n")


def test_each_file_says_what_it_was_made_of() -> None:
    made = java(PROJECT, as_a_compiler_would)

    assert [file.path for file in made.files] == ["com/example/Address.java", "com/example/Order.java"]
    first, second, rest = made.files[1].text.split("\n", 2)
    assert first == "// Made by `accord generate java` from s/Order.avsc: change that, and run it again."
    assert second.startswith("// Fingerprint: ")
    assert rest == "package com.example;\n"


def test_schemas_of_other_formats_are_left_out_which_is_said() -> None:
    other = schema_file("s/thing.json", '{"title": "Thing", "type": "object"}')

    made = java(project_of(other), as_a_compiler_would)

    assert made.files == ()
    assert [finding.rule for finding in made.findings] == ["GENERATE_NO_JAVA_CLASS"]


def test_the_compilers_jars_are_a_set_of_their_own() -> None:
    names = {jar.coordinate.rpartition(":")[0] for jar in locked(AVRO_COMPILER)}

    assert {"org.apache.avro:avro-compiler", "org.apache.avro:avro", "org.eclipse.jdt:ecj"} <= names
    assert not names & {"org.apache.kafka:kafka_2.13"}
    assert not {jar.coordinate for jar in locked(KAFKA)} & {"org.apache.avro:avro-compiler:1.12.1"}


@pytest.fixture(scope="module")
def compiler() -> AvroCompiler:
    return avro_compiler(cache=user_cache(), java_home=java_home())


def write(project: Project, compiler: AvroCompiler, folder: Path) -> Path:
    for file in java(project, compiler.generate).files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    return folder


@pytest.mark.clients
@pytest.mark.timeout(300)
def test_what_is_made_is_java(compiler: AvroCompiler, tmp_path: Path) -> None:
    sources = write(PROJECT, compiler, tmp_path / "java")

    compiler.compile([sources], tmp_path / "classes")

    assert {path.stem for path in (tmp_path / "classes").rglob("*.class") if "$" not in path.stem} == {
        "Address", "Hash", "Order", "Status",
    }  # fmt: skip
    order = (sources / "com/example/Order.java").read_text()
    assert "private java.math.BigDecimal total;" in order
    assert "private java.time.Instant at;" in order
    assert java(PROJECT, compiler.generate) == java(PROJECT, compiler.generate)


@pytest.mark.clients
@pytest.mark.timeout(300)
def test_what_is_made_is_java_to_a_jdk_too(compiler: AvroCompiler, tmp_path: Path) -> None:
    javac = shutil.which("javac")
    if javac is None:
        pytest.skip("there is no JDK on this machine")
    sources = sorted(write(PROJECT, compiler, tmp_path / "java").rglob("*.java"))
    classpath = ":".join(map(str, compiler.classpath))

    done = subprocess.run(
        [javac, "-d", str(tmp_path / "classes"), "-cp", classpath, *map(str, sources)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.clients
@pytest.mark.timeout(300)
def test_a_schema_that_java_does_not_take_is_named(compiler: AvroCompiler) -> None:
    one = schema_file("s/one.avsc", record("Same", {"name": "a", "type": "string"}))
    two = schema_file("s/two.avsc", record("Same", {"name": "a", "type": "int"}))

    with pytest.raises(JavaRefused, match=r"two-avsc\.avsc: "):
        java(project_of(one, two), compiler.generate)


def test_jars_that_somebody_brings_are_proven(tmp_path: Path) -> None:
    with pytest.raises(JarRefused, match=r"avro-compiler-.*missing"):
        avro_compiler(cache=tmp_path, brought=tmp_path, java_home=java_home())
