"""A compliance report as a page that stands alone: no script, no picture, nothing fetched. What came is text, never markup."""

from collections.abc import Iterable
from html import escape

from llm_config_contract.compliance import ComplianceReport, EvidenceView, FindingView

WORDS = {"pass": "pass", "fail": "fail", "not_assessed": "not assessed by software"}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #ccc; padding: .5rem }
th, td { text-align: left; vertical-align: top }
.pass { color: #14632b } .fail { color: #a11212; font-weight: bold } .not_assessed { color: #5c5c5c }
code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap } details { margin: .25rem 0 }
@media print { details { display: none } }
""".strip()


def page(report: ComplianceReport) -> str:
    """The whole document, for a browser or for paper."""
    title = escape(f"{report.title}: {report.tenant}")
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{STYLE}</style></head><body>",
            f"<h1>{title}</h1>",
            *_head(report),
            "<table><thead><tr><th>Control</th><th>Status</th><th>What was seen, and what to do</th></tr></thead><tbody>",
            *map(_row, report.findings),
            "</tbody></table>",
            "<h2>Signed checkpoint</h2>",
            "<p>Every entry of the findings is proved in this tree; compare the key with the one that you know.</p>",
            f"<pre>{escape(report.checkpoint.note)}</pre>",
            "</body></html>",
            "",
        ]
    )


def _head(report: ComplianceReport) -> Iterable[str]:
    told = report.summary
    yield f"<p>After {escape(report.source)}. Made {escape(report.generated_at)}, about what was recorded from"
    yield f"{escape(report.begin)} to {escape(report.end)} in {escape(report.namespace)}.</p>"
    yield f'<p><strong class="{report.status}">{escape(WORDS[report.status])}</strong>: {told.passed} pass, {told.fail} fail,'
    yield f"{told.not_assessed} not assessed by software. A control that software cannot see is never called fulfilled.</p>"


def _row(found: FindingView) -> str:
    told = f"<p>{escape(found.reason)}</p>" + (f"<p>To do: {escape(found.action)}</p>" if found.action else "")
    seen = "".join(map(_evidence, found.evidence))
    control = f"<strong>{escape(found.control)}</strong><br>{escape(found.title)}"
    return (
        f'<tr><td>{control}</td><td class="{found.status}">{escape(WORDS[found.status])}</td><td>{told}{seen}</td></tr>'
    )


def _evidence(one: EvidenceView) -> str:
    told = f"{escape(one.kind)} <code>{escape(one.reference)}</code>: {escape(one.summary)}"
    if one.proof is None:
        return f"<div>{told}</div>"
    proof = escape(one.proof.model_dump_json(indent=1))
    return f"<details><summary>{told}</summary><pre>{proof}</pre></details>"
