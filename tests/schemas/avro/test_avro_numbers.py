import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.schemas.avro.numbers import as_single, double_text, float_text


# What JDK 17 prints.
@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (1234567.0, "1234567.0"),
        (10_000_000.0, "1.0E7"),
        (123456789.125, "1.23456789125E8"),
        (1e-9, "1.0E-9"),
        (1e23, "9.999999999999999E22"),
        (2.0**-44, "5.6843418860808015E-14"),
        (2e-3, "0.002"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (5e-324, "4.9E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_a_double_is_written_as_java_writes_it(number: float, text: str) -> None:
    assert double_text(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.1"),
        (1.5, "1.5"),
        (3e10, "3.0000001E10"),
        (1e10, "1.0E10"),
        (16777216.0, "1.6777216E7"),
        (4.93650228326909e25, "4.9365022E25"),
        (7.212429285281245e25, "7.2124292E25"),
        (1.17549435e-38, "1.17549435E-38"),
        (1.4e-45, "1.4E-45"),
        (1e39, "Infinity"),
    ],
)
def test_a_float_is_written_as_java_writes_it(number: float, text: str) -> None:
    assert float_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_double_is_lost(number: float) -> None:
    assert float(double_text(number)) == number


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_float_is_lost(number: float) -> None:
    assert as_single(float(float_text(number))) == number


@given(st.floats(allow_nan=False))
def test_single_precision_is_what_the_format_holds(number: float) -> None:
    single = as_single(number)
    assert math.isinf(single) or struct.unpack(">f", struct.pack(">f", single)) == (single,)
