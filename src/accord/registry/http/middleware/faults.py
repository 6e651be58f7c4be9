"""The border: here an error becomes an answer, and a fault of ours becomes a logged one."""

import logging

from accord.errors import AccordError
from accord.registry.http.errors import Codes, answer, answer_fault
from accord.registry.http.exchange import Request, Response

logger = logging.getLogger(__name__)


def refusal(error: Exception, request: Request, codes: Codes) -> Response:
    """The answer that tells ``error``."""
    if isinstance(error, AccordError):
        return answer(error, codes)
    logger.error(
        "a fault while answering %s %s",
        request.method,
        request.scope["raw_path"].decode("latin-1"),
        exc_info=error,
        extra={"request_id": request.id.decode("latin-1")},
    )
    return answer_fault()
