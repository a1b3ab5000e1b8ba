"""`llm-config cache ...`: what containers remember of your configs."""

from llm_config_client import calls
from llm_config_client.cli import questions
from llm_config_client.cli.app import cache
from llm_config_client.cli.commands import Reason, Session, Yes, command
from llm_config_client.cli.screen import Printed


@command((cache, "purge"), examples=["llm-config cache purge --reason 'the table was put back to yesterday' --yes"])
def purge(session: Session, *, reason: Reason = None, yes: Yes = False) -> Printed:
    """Make every cache of your configs begin anew: for the day on which one of them is not believed."""
    from llm_config_client.cli import tables

    questions.sure("purge every cache of your configs? each is read from the store once more", yes=yes)
    return session.show(session.send(calls.purge_caches(reason=reason)), tables.purged)
