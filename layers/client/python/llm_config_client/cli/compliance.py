"""`llm-config compliance report`: what can be seen of a framework's controls, on the screen or as a page."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from llm_config_client import calls
from llm_config_client.cli.app import compliance
from llm_config_client.cli.commands import Glob, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed

Framework = Annotated[
    Literal["soc2", "gdpr", "hipaa", "pci-dss", "iso27001"],
    typer.Argument(metavar="FRAMEWORK", help="soc2, gdpr, hipaa, pci-dss or iso27001", show_default=False),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="2026-01-31T09:00:00Z; 90 days ago if left out")
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="before this time; now if left out")]
Html = Annotated[str | None, typer.Option("--html", metavar="F", help="write it as a page that stands alone")]


@command(
    (compliance, "report"),
    examples=["llm-config compliance report soc2 --html soc2.html", "llm-config compliance report gdpr -o json"],
)
def report(
    session: Session,
    *,
    framework: Framework,
    begin: From = None,
    end: To = None,
    namespace: Glob = None,
    html: Html = None,
) -> Printed:
    """Report what can be seen of a framework's controls. What software cannot see is told so."""
    from llm_config_client.cli import rows

    asked = calls.get_compliance_report(framework, begin=begin, end=end, namespace=namespace)
    answer = session.send(asked)
    if html is None:
        return session.show(answer, rows.compliance)
    from llm_config_client.compliance_page import page

    try:
        Path(html).write_text(page(answer.body), encoding="utf-8")
    except OSError as error:
        raise Usage(f"the file cannot be written: {error.strerror}") from None
    return Printed("")
