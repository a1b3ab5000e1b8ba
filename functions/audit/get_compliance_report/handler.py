"""GET /api/v1/compliance-reports: report what can be seen of a framework's controls."""

from llm_config.operations.audit.get_compliance_report import GET_COMPLIANCE_REPORT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_COMPLIANCE_REPORT)
