"""Floating-point numbers written as the Java of the registry writes them.

Stored text is hashed, so a number must come out digit for digit. Until JDK 18 ``Double.toString`` and
``Float.toString`` did not always print the shortest digits (3.0E10f is 3.0000001E10); the cases where they differ
follow from the arithmetic below, which is exact on Python's integers.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

_MAX_SMALL_EXPONENT: Final = 62
_MIN_SMALL_EXPONENT: Final = -21
_TABLED_POWERS: Final = 28
_WORDS: Final = (32, 64)
_PLAIN: Final = range(-2, 8)


@dataclass(frozen=True, slots=True)
class _Format:
    """A binary floating-point format: bits of the fraction without the hidden one, and the exponent's bias."""

    fraction_bits: int
    bias: int


_DOUBLE: Final = _Format(fraction_bits=52, bias=1023)
_FLOAT: Final = _Format(fraction_bits=23, bias=127)


def double_text(number: float) -> str:
    """``number`` as ``Double.toString`` writes it."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", number))
    return _text(number, bits, _DOUBLE)


def float_text(number: float) -> str:
    """``number`` as ``Float.toString`` writes it, after rounding it to single precision."""
    single = as_single(number)
    (bits,) = struct.unpack(">I", struct.pack(">f", single))
    return _text(single, bits, _FLOAT)


def as_single(number: float) -> float:
    """``number`` rounded to single precision, infinite where it does not fit."""
    try:
        (single,) = struct.unpack(">f", struct.pack(">f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(single)


def _text(number: float, bits: int, form: _Format) -> str:
    if math.isnan(number):
        return "NaN"
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    if math.isinf(number):
        return f"{sign}Infinity"
    if number == 0:
        return f"{sign}0.0"
    exponent_bits = bits >> form.fraction_bits & (2 * form.bias + 1)
    fraction = bits & ((1 << form.fraction_bits) - 1)
    if exponent_bits:
        significand, exponent = fraction | 1 << form.fraction_bits, exponent_bits - form.bias
        precision = form.fraction_bits + 1
    else:
        precision = fraction.bit_length()
        significand, exponent = fraction, precision - form.fraction_bits - form.bias
    digits, point = _digits(significand, exponent, precision)
    return sign + _layout(digits, point)


def _digits(significand: int, exponent: int, precision: int) -> tuple[str, int]:
    """The digits of ``significand`` with its highest bit worth 2**exponent, and where the decimal point stands."""
    trailing = (significand & -significand).bit_length() - 1
    odd = significand >> trailing
    odd_bits = odd.bit_length()
    tiny = max(0, odd_bits - exponent - 1)
    small = _MIN_SMALL_EXPONENT <= exponent <= _MAX_SMALL_EXPONENT
    if small and tiny == 0:
        return _integer_digits(odd << (exponent + 1 - odd_bits), max(0, exponent - precision - 1))
    return _fraction_digits(odd, odd_bits, exponent, precision, tiny)


def _integer_digits(value: int, spare_bits: int) -> tuple[str, int]:
    """Drop the digits that ``spare_bits`` cannot tell apart, rounding half up."""
    dropped = int(math.log10(1 << spare_bits)) if spare_bits > 1 else 0
    power = 10**dropped
    value, rest = divmod(value, power)
    if dropped and rest >= power // 2:
        value += 1
    text = str(value)
    return text.rstrip("0") or "0", len(text) + dropped


def _fraction_digits(odd: int, odd_bits: int, exponent: int, precision: int, tiny: int) -> tuple[str, int]:
    """Long division of number by power of ten, until what is left is less than half a unit in the last place."""
    power = _estimate(odd, odd_bits, exponent)
    fives, tens = max(0, -power), max(0, power)
    twos = fives + tiny + exponent
    below = tens + tiny
    half = twos - precision
    twos -= odd_bits - 1
    common = min(twos, below)
    twos, below, half = twos - common, below - common, half - common
    if odd_bits == 1:
        half -= 1
    if half < 0:
        twos, below, half = twos - half, below - half, 0
    rest, unit, margin = odd * 5**fives << twos, 5**tens << below, 5**fives << half
    size = max(odd_bits + twos + _bits_of_five(fives), below + 1 + _bits_of_five(tens + 1))
    word = next((bits for bits in _WORDS if size < bits), None)
    return _divide(rest, unit, margin, power, word)


def _divide(rest: int, unit: int, margin: int, power: int, word: int | None) -> tuple[str, int]:
    """Digit by digit; ``word`` is the size of machine word that the original computes in, None for big integers."""
    ten = unit * 10

    def is_high() -> bool:
        if word is None:
            return rest + margin >= ten
        return margin >> (word - 1) > 0 or _wrapped(rest + margin, word) > ten

    digit, rest = divmod(rest, unit)
    rest, margin = rest * 10, margin * 10
    low, high = rest < margin, is_high()
    digits: list[int] = []
    if digit == 0 and not high:
        power -= 1
    else:
        digits.append(digit)
    # Text with an exponent has at least one digit after the point, needed or not.
    if power not in range(_PLAIN.start - 1, _PLAIN.stop):
        low = high = False
    while not low and not high:
        digit, rest = divmod(rest, unit)
        rest, margin = rest * 10, margin * 10
        low, high = rest < margin, is_high()
        digits.append(digit)
    beyond_half = _wrapped(_wrapped(rest * 2, word) - ten, word)
    last_up = high and (not low or beyond_half > 0 or (beyond_half == 0 and digits[-1] % 2 == 1))
    value = int("".join(map(str, digits))) + last_up
    text = str(value).rjust(len(digits), "0")
    return text, power + 1 + len(text) - len(digits)


def _wrapped(value: int, word: int | None) -> int:
    """``value`` as a signed machine word that overflows silently: the original decides by it."""
    if word is None:
        return value
    half = 1 << (word - 1)
    return (value + half) % (2 * half) - half


def _bits_of_five(power: int) -> int:
    if power >= _TABLED_POWERS:
        return power * 3
    return (5**power).bit_length() if power else 0


def _estimate(odd: int, odd_bits: int, exponent: int) -> int:
    """About floor(log10), at most one too high."""
    leading = odd / (1 << (odd_bits - 1))
    return math.floor((leading - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)


def _layout(digits: str, point: int) -> str:
    if point in _PLAIN and point > 0:
        whole = digits[:point].ljust(point, "0")
        return f"{whole}.{digits[point:] or '0'}"
    if point in _PLAIN:
        return f"0.{'0' * -point}{digits}"
    return f"{digits[0]}.{digits[1:] or '0'}E{point - 1}"
