"""What libraries log stays out of the command's messages."""

import logging


def drop_library_logs() -> None:
    """Let what nobody handles go nowhere.

    Python would print warnings and errors on standard error: those of object stores come with
    tracebacks, for what is told in one line. Libraries that are asked to log, as by
    ``GCSFS_DEBUG`` or ``S3FS_LOGGING_LEVEL``, have handlers of their own, and go on.

    Only for processes that are all the command's: it changes the root logger.
    """
    logging.getLogger().addHandler(logging.NullHandler())
