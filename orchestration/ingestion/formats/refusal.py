"""What becomes of a file that can't be used: one kind of error, whatever the library that read it would have raised.

The sentence is for the person who has to mend the file or ask the site for another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

REASON = 200  # characters
SENTENCE = 500  # a file may call a column by pages of text


class FileRefusedError(Exception):
    """This file can't be used; `rule_id` says by which rule, the message why."""

    def __init__(self, rule_id: str, message: str) -> None:
        self.rule_id = rule_id
        if len(message) > SENTENCE:
            message = f"{message[: SENTENCE - REASON]} … {message[-REASON:]}"
        super().__init__(message)


def unreadable(message: str) -> FileRefusedError:
    """DEL01: the file is there, but it can't be read as what it should be."""
    return FileRefusedError("DEL01", message)


def empty(message: str) -> FileRefusedError:
    """DEL02: there is nothing in the file, not even a header."""
    return FileRefusedError("DEL02", message)


def reason_of(error: BaseException) -> str:
    """What a library says, at most a sentence of it: some quote pieces of the file at length."""
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= REASON else f"{reason[:REASON]}…"


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Whatever goes wrong inside is a refused file: "the file can't be read as WHAT: why".

    Libraries written in Rust panic with an error that is no Exception, so everything is caught but a request to stop.
    """
    try:
        yield
    except (FileRefusedError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, MemoryError):
            reason = "there is not enough memory for it"
        elif isinstance(error, OSError) and error.strerror:
            reason = error.strerror.lower()
        else:
            reason = reason_of(error)
        raise unreadable(f"the file can't be read as {what}: {reason}") from None
